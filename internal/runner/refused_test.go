package runner

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"wsprobe/internal/conformance"
)

const (
	noKey   = "GET %s HTTP/1.1\r\nHost: wsprobe:9001\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n"
	aPage   = "GET %s HTTP/1.1\r\nHost: wsprobe:9001\r\nUpgrade-Insecure-Requests: 1\r\n\r\n"
	version = "GET %s HTTP/1.1\r\nHost: wsprobe:9001\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n"
	post    = "POST %s HTTP/1.1\r\nHost: wsprobe:9001\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n"
)

// refusedResults returns the results of rows, by device, when a listener has
// refused requests.
func refusedResults(t *testing.T, l *Listener, requests ...string) map[string]map[conformance.ID]conformance.Result {
	all := map[string]map[conformance.ID]conformance.Result{}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		on := listenInMemory(ctx)
		go func() {
			defer cancel()
			for _, request := range requests {
				conn, err := on.dial(ctx)
				if err != nil {
					return
				}
				go io.WriteString(conn, request)
				answer, _ := io.ReadAll(conn)
				if !strings.HasPrefix(string(answer), "HTTP/1.1 400 ") {
					t.Errorf("%.40q is answered %q", request, answer)
				}
				conn.Close()
			}
		}()
		l.Cases, l.Log = conformance.Catalogue()[:1], func(string, ...any) {}
		for h, err := range l.Serve(ctx, on) {
			if err != nil {
				continue
			}
			if all[h.Agent] == nil {
				all[h.Agent] = map[conformance.ID]conformance.Result{}
			}
			all[h.Agent][h.Result.Case.ID] = h.Result
		}
	})
	return all
}

// Who never gets to play for its requests is told why, in the results of rows.
func TestRefusedRequests(t *testing.T) {
	key := "AQIDBAUGBwgJCgsMDQ4PEA=="
	got := refusedResults(t, &Listener{},
		fmt.Sprintf(noKey, "/"), fmt.Sprintf(noKey, "/"), fmt.Sprintf(version, "/chat?agent=board"),
		fmt.Sprintf(post, "/?agent=board", key), fmt.Sprintf(version, "/100%?agent=board"), fmt.Sprintf(aPage, "/?agent=browser"),
		strings.TrimSuffix(fmt.Sprintf(post, "/?agent=half", "EBAPDgwLCgkIBwYFBAMCAQ=="), "\r\n"))
	for agent, rows := range map[string]map[conformance.ID]string{
		"127.0.0.1": {"CRQ.7": "no Sec-WebSocket-Key field (RFC 6455 §4.1), in a request that was refused; and 1 times more; 3 opening handshakes were judged",
			"CRQ.3": `target "/100%?agent=board" has a % that escapes nothing (RFC 3986 §2.1), in a request that was refused; 3 opening`,
			"CRQ.9": `Sec-WebSocket-Version is "8", wanted 13`},
		"board": {"CRQ.2": `method is "POST", wanted GET (RFC 6455 §4.1)`, "CRQ.8": `the key "AQIDBAUGBwgJCgsMDQ4PEA==" has been used before`,
			"CRQ.9": `Sec-WebSocket-Version is "8", wanted 13 (RFC 6455 §4.1), in a request that was refused; 2 opening handshakes`},
		"half": {"CRQ.1": "the request is not valid HTTP: line 7, octet 161: no blank line (RFC 6455 §4.1), in a request that was refused", "CRQ.2": ""},
	} {
		for id, r := range got[agent] {
			want, broken := rows[id]
			if failed := r.Behavior == conformance.Failed; failed != broken || !strings.HasPrefix(r.Reason, want) {
				t.Errorf("%s: %s: %v: %s", agent, id, r.Behavior, r.Reason)
			}
		}
		if len(got[agent]) < len(rows) {
			t.Errorf("%s: %d results", agent, len(got[agent]))
		}
	}
	if len(got) != 3 {
		t.Errorf("results of %d devices", len(got))
	}
}

// Where a name is expected no other is told of; and the names that a visitor
// makes up are few, however many it sends.
func TestRefusedStrangers(t *testing.T) {
	var requests []string
	for i := range 2000 {
		requests = append(requests, fmt.Sprintf(noKey, fmt.Sprintf("/?agent=%d", i)))
	}
	if got := refusedResults(t, &Listener{}, requests...); len(got) != maxStrangersOfHost {
		t.Errorf("results of %d devices", len(got))
	}
	got := refusedResults(t, &Listener{Agents: []string{"1999"}}, requests...)
	if r := got["1999"]["CRQ.7"]; len(got) != 1 || r.Behavior != conformance.Failed {
		t.Errorf("results of %d devices; %s", len(got), r.Reason)
	}
}

func TestStrangersOfManyHosts(t *testing.T) {
	var d observedDevices
	kept := 0
	for i := range 1000 {
		if d.refused(fmt.Sprint(i), fmt.Sprint("host", i), nil) != nil {
			kept++
		}
	}
	if kept != maxStrangers {
		t.Errorf("%d are kept", kept)
	}
	if d.refused("0", "host0", nil) == nil {
		t.Error("one that is known is not")
	}
}
