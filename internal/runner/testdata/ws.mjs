// An echo on the ws library, which compresses by zlib: "server" prints its port,
// "client URL" connects until nobody is there.
import { createRequire } from 'node:module'

const { WebSocket, WebSocketServer } = createRequire(process.cwd() + '/')('ws')
const [role, url, offer] = process.argv.slice(2)

function echo(socket) {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  socket.on('error', () => {})
}

if (role === 'server') {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 64 << 20, perMessageDeflate: { threshold: 0 } })
  server.on('connection', echo)
  server.on('listening', () => console.log('127.0.0.1:' + server.address().port))
} else {
  const next = () => {
    const socket = new WebSocket(url, { maxPayload: 64 << 20, perMessageDeflate: { threshold: 0, ...JSON.parse(offer) } })
    echo(socket)
    let refused = false
    socket.on('error', (e) => (refused ||= e.code === 'ECONNREFUSED'))
    socket.on('close', () => refused || setImmediate(next))
  }
  next()
}
