package main

import (
	"io"

	"github.com/lxzan/gws"
)

// gwsConn is a connection of gws, which calls us, as one that is read from.
type gwsConn struct {
	gws.BuiltinEventHandler
	*gws.Conn
	messages chan *gws.Message
}

// dialGws offers what libraries seldom do: a limit on the server's window, and one
// on its own if the server likes.
func dialGws(url string) (conn, error) {
	c := &gwsConn{messages: make(chan *gws.Message)}
	socket, _, err := gws.NewClient(c, &gws.ClientOption{
		Addr: url, ReadMaxPayloadSize: readLimit, CheckUtf8Enabled: true,
		PermessageDeflate: gws.PermessageDeflate{
			Enabled: true, ServerContextTakeover: true, ClientContextTakeover: true, ServerMaxWindowBits: 10, ClientMaxWindowBits: 15,
		},
	})
	if err != nil {
		return nil, err
	}
	c.Conn = socket
	go socket.ReadLoop()
	return c, nil
}

func (c *gwsConn) OnMessage(_ *gws.Conn, m *gws.Message) { c.messages <- m }
func (c *gwsConn) OnPing(_ *gws.Conn, payload []byte)    { c.WritePong(payload) }
func (c *gwsConn) OnClose(*gws.Conn, error)              { close(c.messages) }

func (c *gwsConn) read() (any, []byte, error) {
	m, open := <-c.messages
	if !open {
		return nil, nil, io.EOF
	}
	return m.Opcode, m.Bytes(), nil
}

func (c *gwsConn) write(typ any, msg []byte) error { return c.WriteMessage(typ.(gws.Opcode), msg) }
func (c *gwsConn) close()                          { c.NetConn().Close() }
