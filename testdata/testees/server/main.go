// Command server is an echo server on one of several WebSocket libraries: the
// servers whose Autobahn verdicts lie in testdata/autobahn.
//
//	go run ./server -lib coder -addr 127.0.0.1:9001
//
// It prints its URL when it accepts connections, so that -addr 127.0.0.1:0
// will do.
package main

import (
	"flag"
	"fmt"
	"log"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"

	coder "github.com/coder/websocket"
)

const readLimit = 64 << 20 // octets a message

// echoes has a handler for each server-*.json there, and others.
var echoes = map[string]http.Handler{
	"coder":       coderEcho(coder.CompressionDisabled), // server-coder-nocomp.json
	"coder-ctx":   coderEcho(coder.CompressionContextTakeover),
	"gorilla":     gorillaEcho(false),
	"gorilla-pmd": gorillaEcho(true),
	"gws":         gwsEcho(), // no recorded verdicts
	"gobwas-raw":  http.HandlerFunc(gobwasReflect),
	"xnet-codec":  xnetServer(xnetMessages),
	"xnet-copy":   xnetServer(xnetCopy),
}

func main() {
	names := strings.Join(slices.Sorted(maps.Keys(echoes)), ", ")
	lib := flag.String("lib", "coder", "which echo: "+names)
	addr := flag.String("addr", "127.0.0.1:9001", "where to listen")
	flag.Parse()
	echo, ok := echoes[*lib]
	if !ok {
		log.Fatalf("-lib %q is none of %s", *lib, names)
	}
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("ws://%s\n", l.Addr())
	log.Fatal(http.Serve(l, echo))
}
