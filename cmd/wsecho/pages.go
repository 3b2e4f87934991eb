package main

import (
	"fmt"
	"io"
	"net"
	"net/http"

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
