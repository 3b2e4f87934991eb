// Package page is the bench's page in a browser: which devices are connected
// and what they do wrong, live; the last frames of each; a console to try the
// server from; and what the server does by path.
//
//	page.New(w, page.Options{Scheme: "ws"}).Register(mux)
//
// The HTML is made here and holds all there is to know: without script it is a
// page of the moment. The script follows two streams of server-sent events,
// which bring pieces of the same HTML, and plays the console.
//
// Everything a device said is hostile, and so are visitors. What does not print
// is spelled out, what prints is escaped, and the policy of the page lets
// nothing run or load that is not ours. However fast a device talks, a visitor
// gets two updates a second at most; visitors are bounded, and who does not read
// is dropped.
package page
