package echo

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A Behaviour is what a server does on a path.
type Behaviour struct {
	Path  string // such as "/slow"
	Takes string // an example of its parameters, as in a URL behind the "?"; "" is for none
	Does  string // in a few words

	read func(*parameters) action
}

// An action is a behaviour with its parameters. Its connections share it.
type action struct {
	// refuse may have the request answered with a status other than 101, for which
	// it sets the header, and says why then. Nil is for never.
	refuse func(http.Header, *http.Request) (status int, why error)
	// choose is the subprotocol of those that were offered, "" for none. Nil is
	// for always none.
	choose func(offered []string) string
	// play talks to the peer until the connection is to end. Its error fails the
	// connection.
	play func(*peer) error
}

// always is a behaviour without parameters. Whatever a URL has, as a token, is
// for the device to know.
func always(play func(*peer) error) func(*parameters) action {
	return func(*parameters) action { return action{play: play} }
}

// behaviours by path, in the order in which they are listed.
var behaviours = []Behaviour{
	{"/echo", "", "answers each message with the same message", always(echo)},
	{"/greet", "keep", `answers a message with "Hello <message>!" and closes with 1000; keep does not close`, readGreet},
	{"/reply", "format=Reply%20for%20%25s", "answers text by a format, echoes binary", readReply},
	{"/silent", "", "never answers a message", always(silent)},
	{"/slow", "delay=2s", "echoes after a delay", readSlow},
	{"/drip", "octets=1&every=100ms", "echoes a few octets at a time", readDrip},
	{"/fragment", "size=10", "echoes in fragments of a size", readFragment},
	{"/push", "every=1s&size=16&count=0", "sends messages unasked; a count of 0 is without end", readPush},
	{"/ping", "every=1s", "sends pings, and echoes", readPing},
	{"/close", "code=1000&reason=bye&after=0s", "echoes, and closes after a time", readClose},
	{"/drop", "after=0s", "echoes, and ends TCP (FIN) after a time, without a Close frame", readDrop},
	{"/reset", "after=0s", "echoes, and resets TCP (RST) after a time", readReset},
	{"/flood", "count=1000", "sends many messages as fast as they are taken", readFlood},
	{"/big", "size=65536", "sends one long text, and echoes", readBig},
	{"/broadcast", "", "sends each message to all who are here, its sender too", always(broadcast)},
	{"/subprotocol", "name=arduino", "selects that subprotocol if it was offered, without a name the first offered; echoes", readSubprotocol},
	{"/auth", "user=user&password=Password&token=token", "echoes to who has the Basic or Bearer credentials, else 401", readAuth},
	{"/refuse", "status=403", "answers the opening handshake with a status", readRefuse},
	{"/redirect", "to=/echo&status=302", "redirects the opening handshake to a path", readRedirect},
	{"/getCaseCount", "agent=board", "sends how many cases there are, as the Autobahn testsuite does", readCaseCount},
	{"/runCase", "case=1&agent=board", "sends a message that is to come back, and closes with 1000", readCase},
	{"/updateReports", "agent=board", "closes with 1000", readUpdateReports},
}

// Behaviours are all that a server has, in an order to show them in.
func Behaviours() []Behaviour { return slices.Clone(behaviours) }

// URL is the path with the example of its parameters.
func (b Behaviour) URL() string {
	if b.Takes == "" {
		return b.Path
	}
	return b.Path + "?" + b.Takes
}

// find returns the behaviour of a path.
func find(path string) (Behaviour, bool) {
	i := slices.IndexFunc(behaviours, func(b Behaviour) bool { return b.Path == path })
	if i < 0 {
		return Behaviour{}, false
	}
	return behaviours[i], true
}

// with is the behaviour with the parameters of a query. The error says what is
// wanted.
func (b Behaviour) with(query string) (action, error) {
	p := &parameters{}
	if b.Takes != "" {
		var err error
		if p.values, err = url.ParseQuery(query); err != nil {
			return action{}, fmt.Errorf("%s: %w; a %% is written as %%25, a ; as %%3B", b.Path, err)
		}
	}
	a := b.read(p)
	if err := p.check(); err != nil {
		return action{}, fmt.Errorf("%s: %w", b.Path, err)
	}
	return a, nil
}

// parseAction reads a behaviour as users write it: "slow?delay=2s".
func parseAction(text string) (action, error) {
	path, query, _ := strings.Cut("/"+strings.TrimPrefix(text, "/"), "?")
	b, ok := find(path)
	switch {
	case path == "/":
		return action{}, errors.New("the name of a behaviour is missing; wsecho behaviours lists them")
	case !ok:
		return action{}, fmt.Errorf("no behaviour is called %q; wsecho behaviours lists them", path[1:])
	}
	return b.with(query)
}
