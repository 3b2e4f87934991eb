package main

import (
	"net/http"

	"github.com/lxzan/gws"
)

// gwsHandler echoes.
type gwsHandler struct{ gws.BuiltinEventHandler }

func (gwsHandler) OnMessage(c *gws.Conn, m *gws.Message) { c.WriteMessage(m.Opcode, m.Bytes()) }
func (gwsHandler) OnPing(c *gws.Conn, payload []byte)    { c.WritePong(payload) }

func gwsEcho() http.Handler {
	up := gws.NewUpgrader(gwsHandler{}, &gws.ServerOption{
		ReadMaxPayloadSize: readLimit, CheckUtf8Enabled: true,
		PermessageDeflate: gws.PermessageDeflate{
			Enabled: true, ServerContextTakeover: true, ClientContextTakeover: true, ServerMaxWindowBits: 15, ClientMaxWindowBits: 15,
		},
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := up.Upgrade(w, r); err == nil {
			c.ReadLoop()
		}
	})
}
