package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// An admin serves pages at another address than the server's, if it is on.
type admin struct{ ln net.Listener } // nil for off

func (o options) listenAdmin(ctx context.Context) (admin, error) {
	if o.admin == "" {
		return admin{}, nil
	}
	ln, err := listen(ctx, "--admin", o.admin)
	return admin{ln}, err
}

func (a admin) on() bool { return a.ln != nil }

func (a admin) urls() []string {
	if !a.on() {
		return nil
	}
	return urls("http", a.ln.Addr())
}

// serve serves until ctx ends. What goes wrong with requests is told on said.
func (a admin) serve(ctx context.Context, mux *http.ServeMux, said io.Writer) error {
	const patience = 10 * time.Second
	server := &http.Server{Handler: mux, ReadHeaderTimeout: patience, WriteTimeout: patience, IdleTimeout: time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: log.New(said, "wsecho: --admin: ", 0)}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(a.ln); ctx.Err() == nil {
		return fmt.Errorf("--admin: %w", err)
	}
	return nil
}

func (a admin) close() {
	if a.on() {
		_ = a.ln.Close()
	}
}
