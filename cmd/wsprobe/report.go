package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"wsprobe/internal/report"
)

type reportOptions struct {
	output outputFlags
	files  []string
}

func newReportCmd(env env) *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:   "report RUN.jsonl…",
		Short: "Render runs again, several side by side",
		Example: `  wsprobe report report/run.jsonl --format junit,prometheus
  wsprobe report old/run.jsonl new/run.jsonl --out matrix/`,
		Args: wants("RUN.jsonl…", "report/run.jsonl"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.files = args
			return o.run(env)
		},
	}
	o.output.bind(cmd.Flags())
	return cmd
}

func (o reportOptions) run(env env) error {
	formats, err := o.output.selected()
	if err != nil {
		return err
	}
	var runs []report.Run
	for _, path := range o.files {
		run, err := readRun(path)
		var missing *fs.PathError
		switch {
		case errors.As(err, &missing):
			return usagef("%v", fileError(err))
		case err != nil:
			return usagef("%s: %v", path, err)
		}
		runs = append(runs, run)
	}
	if err := os.MkdirAll(o.output.dir, 0o755); err != nil {
		return usagef("--out: %v", fileError(err))
	}
	if err := writeReports(o.output.dir, formats, runs...); err != nil {
		return err
	}
	for _, f := range formats {
		fmt.Fprintln(env.Stdout, filepath.Join(o.output.dir, f.File))
	}
	return nil
}
