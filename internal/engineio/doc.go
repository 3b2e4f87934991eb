// Package engineio is the Socket.IO side of the echo server: Engine.IO
// revisions 3 and 4 over polling and WebSocket, Socket.IO packets on top, and an
// endpoint that sends events back.
//
// It stands beside the WebSocket library and does not know it: whoever serves a
// [Server] brings the WebSocket as a [Conn].
//
// What it answers:
//
//   - an event comes back as the same event with the same data; if it asks for
//     an acknowledgement, that follows, with the data;
//   - at the greeting paths, and in the namespace /greet, the event "message"
//     with "name" is answered with "message" and "Hello name!", and who joins
//     gets an event "alert" with "hello from host", for devices that only listen;
//   - namespaces but / and /greet, events with binary attachments and what is no
//     Socket.IO at all are refused with an error packet; attachments are dropped;
//   - at /engine.io/, without Socket.IO, each message comes back.
//
// The two revisions differ in who pings (3: the client, 4: the server), in how
// packets share a body, and in whether the client must ask to be connected.
// Devices differ more: usocketio asks without naming a transport, reads only the
// binary framing of revision 3, and waits for a packet "6" after its "5";
// SocketIOclient asks twice on one TCP connection and sends "2probe" and "5"
// without waiting. Both come back with a sid of long ago.
package engineio
