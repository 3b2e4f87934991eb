package runner

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Target is where a device serves.
type Target struct {
	TLS  bool
	Host string // name or address, without brackets
	Port string
	Path string // with the query; "" if the target names none
	Auth string // value of the Authorization field, from user:password@; "" without
}

// ParseTarget reads a ws:// or wss:// URL, or just HOST[:PORT][/PATH], which is
// ws (RFC 6455 §3). The error says what to write instead.
func ParseTarget(s string) (Target, error) {
	full := s
	if !strings.Contains(s, "://") {
		full = "ws://" + s
	}
	u, err := url.Parse(full)
	if err != nil {
		return Target{}, fmt.Errorf("target %q: %w", s, errorText(err))
	}
	t := Target{TLS: u.Scheme == "wss", Host: u.Hostname(), Port: u.Port()}
	switch {
	case u.Scheme != "ws" && u.Scheme != "wss":
		return Target{}, fmt.Errorf("target %q: want a ws:// or wss:// URL, or HOST[:PORT][/PATH]", s)
	case t.Host == "":
		return Target{}, fmt.Errorf("target %q: no host", s)
	case u.Fragment != "":
		return Target{}, fmt.Errorf("target %q: a WebSocket URL has no #fragment (RFC 6455 §3)", s)
	}
	if t.Port == "" {
		t.Port = map[bool]string{false: "80", true: "443"}[t.TLS]
	}
	if n, err := strconv.ParseUint(t.Port, 10, 16); err != nil || n == 0 {
		return Target{}, fmt.Errorf("target %q: port %s is not within 1 to 65535", s, t.Port)
	}
	if u.Path != "" || u.RawQuery != "" {
		t.Path = u.RequestURI()
	}
	if u.User != nil {
		password, _ := u.User.Password()
		t.Auth = "Basic " + base64.StdEncoding.EncodeToString([]byte(u.User.Username()+":"+password))
	}
	return t, nil
}

// errorText returns what a url.Error is about, without the URL again.
func errorText(err error) error {
	if e, ok := err.(*url.Error); ok {
		return e.Err
	}
	return err
}

// Address returns host and port, as net.Dial wants them.
func (t Target) Address() string { return net.JoinHostPort(t.Host, t.Port) }

// HostField returns the value of the Host field: the port is left out where it
// is the default (RFC 6455 §4.1).
func (t Target) HostField() string {
	if t.Port == "80" && !t.TLS || t.Port == "443" && t.TLS {
		if strings.Contains(t.Host, ":") {
			return "[" + t.Host + "]"
		}
		return t.Host
	}
	return t.Address()
}

// String returns the URL, without a password.
func (t Target) String() string {
	scheme := "ws"
	if t.TLS {
		scheme = "wss"
	}
	return fmt.Sprintf("%s://%s%s", scheme, t.HostField(), t.Path)
}
