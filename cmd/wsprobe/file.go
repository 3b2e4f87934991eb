package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// openFile opens a file that the user named, to read it. A pipe will do, if
// somebody writes to it: nothing waits for a writer, who may never come.
func openFile(path string) (io.ReadCloser, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	is, err := file.Stat()
	if err != nil || is.Mode()&fs.ModeNamedPipe == 0 {
		return file, err
	}
	text := bufio.NewReader(file)
	if _, err := text.Peek(1); err != nil {
		file.Close()
		return nil, &fs.PathError{Op: "read", Path: path, Err: errors.New("a pipe that nobody writes to")}
	}
	return struct {
		io.Reader
		io.Closer
	}{text, file}, nil
}

// fileError says what is wrong with a file in the words of the system.
func fileError(err error) error {
	var e *fs.PathError
	if errors.As(err, &e) {
		return fmt.Errorf("%s: %w", e.Path, e.Err)
	}
	return err
}
