package echo

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// What differs in the opening handshake. Where it succeeds, an echo follows.

// readSubprotocol selects a subprotocol only if the peer offered it: RFC 6455
// §4.2.2.
func readSubprotocol(q *parameters) action {
	name := q.text("name", "")
	return action{play: echo, choose: func(offered []string) string {
		switch {
		case name == "" && len(offered) > 0:
			return offered[0]
		case slices.Contains(offered, name):
			return name
		}
		return ""
	}}
}

// subprotocols is the subprotocol to select, if any. What is no token is passed over:
// "the elements that comprise this value MUST be non-empty strings with characters in
// the range U+0021 to U+007E not including separator characters" (RFC 6455 §4.1), and
// one of them is what a server answers (§11.3.4).
func (a action) subprotocols(r *http.Request) []string {
	if a.choose == nil {
		return nil
	}
	tokens := slices.DeleteFunc(offered(r), func(name string) bool { return !isToken(name) })
	if name := a.choose(tokens); name != "" {
		return []string{name}
	}
	return nil
}

// offered are the subprotocols that a request names.
func offered(r *http.Request) (names []string) {
	for name := range strings.SplitSeq(strings.Join(r.Header.Values("Sec-WebSocket-Protocol"), ","), ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// readAuth: what it wants if the URL does not say is what the clients' examples
// send.
func readAuth(q *parameters) action {
	user, password := q.text("user", "user"), q.text("password", "Password")
	token := q.text("token", "token")
	return action{play: echo, refuse: func(header http.Header, r *http.Request) (int, error) {
		u, p, basic := r.BasicAuth()
		scheme, bearer, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if basic && u == user && p == password || strings.EqualFold(scheme, "Bearer") && bearer == token {
			return 0, nil
		}
		why := errors.New("401, the credentials are wrong")
		if scheme == "" {
			why = errors.New("401, no credentials")
		}
		header.Add("WWW-Authenticate", `Basic realm="wsecho"`)
		header.Add("WWW-Authenticate", `Bearer realm="wsecho"`)
		return http.StatusUnauthorized, why
	}}
}

func readRefuse(q *parameters) action {
	status := q.number("status", http.StatusForbidden, 200, 599)
	return action{refuse: func(http.Header, *http.Request) (int, error) {
		return status, fmt.Errorf("%d, as the path demands", status)
	}}
}

// readRedirect redirects within this server alone, for it is no one's to lend
// its address to others. What is no ASCII that prints has no place in a Location.
func readRedirect(q *parameters) action {
	to := q.text("to", "/echo")
	odd := func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsFunc(to, odd) {
		q.reject("to", to, "not a path, such as /echo")
	}
	status := q.number("status", http.StatusFound, 301, 308)
	if !slices.Contains([]int{301, 302, 303, 307, 308}, status) {
		q.reject("status", fmt.Sprint(status), "not one of 301, 302, 303, 307, 308")
	}
	return action{refuse: func(header http.Header, _ *http.Request) (int, error) {
		header.Set("Location", to)
		return status, fmt.Errorf("%d to %s", status, to)
	}}
}
