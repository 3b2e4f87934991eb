package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"wsprobe/internal/certificate"
	"wsprobe/internal/witness"
)

// pages are what is answered to plain HTTP besides the echo server's own page.
func pages(w *witness.Witness) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", w.Metrics())
	mux.HandleFunc("GET /healthz", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(rw, "ok\n")
	})
	return mux
}

// serveAdmin serves pages at another address, until ctx ends.
func serveAdmin(ctx context.Context, address string, mux *http.ServeMux, env env) error {
	ln, err := listen(ctx, "--admin", address)
	if err != nil {
		return err
	}
	for _, reached := range certificate.ThisHost().HostPorts(ln.Addr()) {
		fmt.Fprintf(env.Stderr, "  http://%s/metrics\n", reached)
	}
	const patience = 10 * time.Second
	server := &http.Server{Handler: mux, ReadHeaderTimeout: patience, WriteTimeout: patience, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() { _ = server.Serve(ln) }() // ends with ctx
	return nil
}
