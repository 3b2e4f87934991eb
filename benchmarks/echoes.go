package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"

	coder "github.com/coder/websocket"
	"github.com/gobwas/ws"
	"github.com/gorilla/websocket"
	"github.com/lxzan/gws"
)

// longest message taken, in octets. Each server has a limit, as wsecho has one.
const longest = 1 << 20

// echoes are the servers that wsecho is compared with, each written as its
// library's own documentation has it, without compression. None of them looks at
// what text is made of, but for that on gws.
var echoes = map[string]http.HandlerFunc{
	"coder":   coderEcho,
	"gorilla": gorillaEcho,
	"gws":     gwsEcho(),
	"gobwas":  gobwasEcho,
}

func coderEcho(w http.ResponseWriter, r *http.Request) {
	c, err := coder.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer c.CloseNow()
	c.SetReadLimit(longest)
	for {
		typ, message, err := c.Read(context.Background())
		if err != nil || c.Write(context.Background(), typ, message) != nil {
			return
		}
	}
}

func gorillaEcho(w http.ResponseWriter, r *http.Request) {
	var upgrader websocket.Upgrader
	c, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer c.Close()
	c.SetReadLimit(longest)
	for {
		typ, message, err := c.ReadMessage()
		if err != nil || c.WriteMessage(typ, message) != nil {
			return
		}
	}
}

type gwsHandler struct{ gws.BuiltinEventHandler }

// OnMessage echoes.
func (gwsHandler) OnMessage(c *gws.Conn, message *gws.Message) {
	defer message.Close()
	_ = c.WriteMessage(message.Opcode, message.Bytes())
}

func gwsEcho() http.HandlerFunc {
	upgrader := gws.NewUpgrader(gwsHandler{}, &gws.ServerOption{CheckUtf8Enabled: true, ReadMaxPayloadSize: longest})
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := upgrader.Upgrade(w, r)
		if err != nil {
			return
		}
		go c.ReadLoop() // so that what net/http holds for the request is let go
	}
}

// gobwasEcho is the loop over frames of the library's README, which knows
// nothing of messages, made quick: it reads through net/http's buffer and answers
// with one write from a buffer that is used again.
func gobwasEcho(w http.ResponseWriter, r *http.Request) {
	c, buffered, _, err := ws.UpgradeHTTP(r, w)
	if err != nil {
		return
	}
	go gobwasFrames(c, buffered.Reader)
}

func gobwasFrames(c net.Conn, in *bufio.Reader) {
	defer c.Close()
	var answer bytes.Buffer
	for {
		h, err := ws.ReadHeader(in)
		if err != nil || h.Length > longest {
			return
		}
		answer.Reset()
		_ = ws.WriteHeader(&answer, ws.Header{Fin: h.Fin, OpCode: h.OpCode, Length: h.Length})
		answer.Grow(int(h.Length))
		payload := answer.AvailableBuffer()[:h.Length]
		if _, err := io.ReadFull(in, payload); err != nil {
			return
		}
		ws.Cipher(payload, h.Mask, 0)
		answer.Write(payload)
		if _, err := c.Write(answer.Bytes()); err != nil || h.OpCode == ws.OpClose {
			return
		}
	}
}
