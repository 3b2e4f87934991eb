// An echo on a library from npm that compresses by zlib: "ws" or "faye", as a
// "server", which prints its port, or a "client" that connects to a URL again and
// again while somebody is there. Options are the library's for compression.
const { createRequire } = require('node:module')
const http = require('node:http')

const load = createRequire(process.cwd() + '/')
const [library, role, url, options] = process.argv.slice(2)
const most = 64 << 20 // octets of a message

// Each answers upgrades of a server, and opens a connection that echoes.
const libraries = {
  ws() {
    const { WebSocket, WebSocketServer } = load('ws')
    const perMessageDeflate = { threshold: 0, ...JSON.parse(options) }
    const echo = (socket) => {
      socket.on('message', (data, binary) => socket.send(data, { binary }))
      socket.on('error', () => {})
    }
    return {
      serve(server) {
        new WebSocketServer({ server, maxPayload: most, perMessageDeflate }).on('connection', echo)
      },
      dial() {
        const socket = new WebSocket(url, { maxPayload: most, perMessageDeflate })
        echo(socket)
        return socket
      },
    }
  },
  faye() {
    const WebSocket = load('faye-websocket')
    const extensions = [load('permessage-deflate').configure(JSON.parse(options))]
    const echo = (socket) => {
      socket.on('message', (event) => socket.send(event.data))
      socket.on('error', () => {})
    }
    return {
      serve(server) {
        server.on('upgrade', (request, conn, head) =>
          echo(new WebSocket(request, conn, head, [], { extensions, maxLength: most })))
      },
      dial() {
        const socket = new WebSocket.Client(url, [], { extensions, maxLength: most })
        echo(socket)
        return socket
      },
    }
  },
}

const { serve, dial } = libraries[library]()

if (role === 'server') {
  const server = http.createServer()
  serve(server)
  server.listen(0, '127.0.0.1', () => console.log('127.0.0.1:' + server.address().port))
} else {
  const again = () => {
    const socket = dial()
    let nobody = false
    socket.on('error', (error) => (nobody ||= /ECONNREFUSED/.test(error.code + error.message)))
    socket.on('close', () => nobody || setImmediate(again))
  }
  again()
}
