package engineio

import "strings"

// An endpoint is a path and how it answers.
type endpoint struct {
	Endpoint
	greets bool // "message" with "Hello %s!"
	plain  bool // Engine.IO without Socket.IO
}

// greetNamespace is the one namespace but "/": what socket.io-client makes of
// http://bench/greet.
const greetNamespace = "/greet"

// An Endpoint is a path that is served, for whoever lists them.
type Endpoint struct{ Path, Does string }

var endpoints = []endpoint{
	{Endpoint: Endpoint{"/socket.io/", "Socket.IO: an event comes back as the same event"}},
	{Endpoint: Endpoint{"/greet/socket.io/", `Socket.IO: the event "message" is answered with "Hello <message>!"`}, greets: true},
	{Endpoint: Endpoint{"/engine.io/", "Engine.IO without Socket.IO: a message comes back"}, plain: true},
}

// Endpoints are the paths that a Server serves.
func Endpoints() (paths []Endpoint) {
	for _, e := range endpoints {
		paths = append(paths, e.Endpoint)
	}
	return paths
}

// Serves tells whether a path is one of a Server's, with or without its last
// slash.
func Serves(path string) bool {
	_, ok := endpointAt(path)
	return ok
}

func endpointAt(path string) (endpoint, bool) {
	for _, e := range endpoints {
		if strings.TrimSuffix(path, "/") == strings.TrimSuffix(e.Path, "/") {
			return e, true
		}
	}
	return endpoint{}, false
}
