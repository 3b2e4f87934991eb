package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"wsprobe/internal/echo"
	"wsprobe/internal/engineio"
	"wsprobe/internal/page"
	"wsprobe/internal/witness"
)

// pages are what is answered to plain HTTP besides the echo server's own page.
func pages(w *witness.Witness, o page.Options) *http.ServeMux {
	mux := http.NewServeMux()
	page.New(w, o).Register(mux)
	mux.Handle("GET /metrics", w.Metrics())
	mux.HandleFunc("GET /healthz", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(rw, "ok\n")
	})
	return mux
}

// shown is what the page tells of a server, at the server's own address.
func shown(scheme string, serving echo.Options) page.Options {
	o := page.Options{Scheme: scheme, Standard: serving.Standard()}
	for _, b := range echo.Behaviours() {
		o.Behaviours = append(o.Behaviours, page.Path{URL: b.URL(), Does: b.Does})
	}
	for _, e := range engineio.Endpoints() {
		o.Endpoints = append(o.Endpoints, page.Path{URL: e.Path, Does: e.Does})
	}
	return o
}

// elsewhere is o for a page that is not at the server's address, which is this.
func elsewhere(o page.Options, server net.Addr) page.Options {
	tcp := server.(*net.TCPAddr)
	o.Address = tcp.String()
	if tcp.IP.IsUnspecified() {
		o.Address = fmt.Sprintf(":%d", tcp.Port)
	}
	return o
}

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
