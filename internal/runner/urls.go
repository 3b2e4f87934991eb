package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"strconv"

	"wsprobe/internal/conformance"
)

// route does what a URL asks for. The paths are those of Autobahn's fuzzing
// server; replies are texts, then a Close frame without status.
func (s *service) route(ctx context.Context, peer *accepted, target *url.URL) {
	query := target.Query()
	agent := query.Get("agent")
	if len(agent) > maxAgent {
		s.refuse(peer.conn, 400, "%s: an agent's name of %d octets; at most %d are taken", peer.conn.RemoteAddr(), len(agent), maxAgent)
		return
	}
	switch target.Path {
	case "/getCaseCount", "/getCaseInfo", "/runCase", "/getCaseStatus", "/updateReports", "/stopServer":
		s.autobahn.Store(true)
	}
	switch target.Path {
	case "/getCaseCount":
		s.tell(ctx, peer, strconv.Itoa(len(s.Cases)))
	case "/getCaseInfo":
		if c, ok := s.asked(peer, query); ok {
			s.tell(ctx, peer, object("id", string(c.ID), "description", c.Title))
		}
	case "/getCaseStatus":
		if c, ok := s.asked(peer, query); ok && s.names(peer, agent) {
			s.tell(ctx, peer, object("behavior", status(s.roster.verdict(agent, c.ID))))
		}
	case "/runCase":
		if c, ok := s.asked(peer, query); ok && s.names(peer, agent) {
			s.runCase(ctx, peer, agent, c)
		}
	case "/updateReports":
		if s.names(peer, agent) {
			s.announce(ctx, Happening{Agent: agent})
			s.tell(ctx, peer, "")
			s.roster.asked(agent)
			signal(s.updated)
		}
	case "/stopServer":
		s.tell(ctx, peer, "")
		signal(s.stop)
	default:
		s.nextCase(ctx, peer, named(peer.conn, target))
	}
}

// named tells devices apart: by ?agent=, or by address.
func named(conn net.Conn, target *url.URL) string {
	if agent := target.Query().Get("agent"); agent != "" && len(agent) <= maxAgent {
		return agent
	}
	return host(conn)
}

// host returns the address of a device, without the port.
func host(conn net.Conn) string {
	host, _, err := net.SplitHostPort(conn.RemoteAddr().String())
	if err != nil {
		return conn.RemoteAddr().String()
	}
	return host
}

// runCase plays the case that a device asks for.
func (s *service) runCase(ctx context.Context, peer *accepted, agent string, c conformance.Case) {
	switch s.roster.begin(agent, host(peer.conn), c) {
	case turnPlay:
		s.play(ctx, peer, agent, c)
	case turnBusy:
		s.refuse(peer.conn, 503, "%s plays case %s on another connection", quoted(agent), c.ID)
	case turnAgain:
		s.refuse(peer.conn, 503, "%s has played case %s %d times", quoted(agent), c.ID, maxAgain+1)
	default:
		s.refuse(peer.conn, 503, "%s: too many devices are here already", quoted(agent))
	}
}

// asked returns the case that a query names: case=N, from 1, in the list of
// the cases to play, or casetuple=ID.
func (s *service) asked(peer *accepted, query url.Values) (conformance.Case, bool) {
	if len(query["case"]) > 1 || len(query["casetuple"]) > 1 || len(query["agent"]) > 1 {
		s.refuse(peer.conn, 400, "%s: a parameter twice", peer.conn.RemoteAddr())
		return conformance.Case{}, false
	}
	if id := query.Get("casetuple"); id != "" {
		if c, ok := s.playable(conformance.ID(id)); ok {
			return c, true
		}
		s.refuse(peer.conn, 404, "%s: no case %.40q is to be played", peer.conn.RemoteAddr(), id)
		return conformance.Case{}, false
	}
	n, err := strconv.Atoi(query.Get("case"))
	if err != nil || n < 1 || n > len(s.Cases) {
		s.refuse(peer.conn, 404, "%s: case=%.40s: there are cases 1 to %d", peer.conn.RemoteAddr(), query.Get("case"), len(s.Cases))
		return conformance.Case{}, false
	}
	return s.Cases[n-1], true
}

// names refuses a device that does not say who it is.
func (s *service) names(peer *accepted, agent string) bool {
	if agent == "" {
		s.refuse(peer.conn, 400, "%s: agent=NAME is missing", peer.conn.RemoteAddr())
	}
	return agent != ""
}

// tell sends a text, unless it is empty, and closes without a status.
func (s *service) tell(ctx context.Context, peer *accepted, text string) {
	script := conformance.Script{}
	if text != "" {
		script = append(script, conformance.Send(conformance.Text(text)))
	}
	script = append(script, conformance.Send(conformance.RawClose("")), conformance.MustAnswer())
	play(ctx, peer, conformance.Case{ID: "tell", Script: script}, s.Options)
}

// status is what /getCaseStatus says of a verdict: Autobahn waits for ever for
// a case that is never run, and its reports call it missing.
func status(v conformance.Verdict) string {
	if v == 0 {
		return "MISSING"
	}
	return v.String()
}

// object writes a JSON object of strings.
func object(pairs ...string) string {
	fields := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		fields[pairs[i]] = pairs[i+1]
	}
	b, err := json.Marshal(fields)
	if err != nil {
		return "{}" // cannot be: strings only
	}
	return string(b)
}

// quoted writes a device's name so that it can do no harm to a terminal.
func quoted(agent string) string { return fmt.Sprintf("%+q", agent) }
