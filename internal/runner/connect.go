package runner

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"
)

func (d *Dialer) connect(ctx context.Context) (net.Conn, error) {
	dial := d.Dial
	if dial == nil {
		dial = d.dialTCP
	}
	conn, err := dial(ctx)
	if err != nil || !d.Target.TLS {
		return conn, err
	}
	config := d.Config.Clone()
	if config == nil {
		config = &tls.Config{}
	}
	if config.ServerName == "" {
		config.ServerName = d.Target.Host
	}
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("TLS: %w", err)
	}
	return secure, nil
}

func (d *Dialer) dialTCP(ctx context.Context) (net.Conn, error) {
	dialer := net.Dialer{KeepAlive: -1} // patience finds out sooner, and each of its options is a system call
	return dialer.DialContext(ctx, "tcp", d.Target.Address())
}

// connectError puts into words why there is no connection.
func (d *Dialer) connectError(err error, within time.Duration) *OpenError {
	var dns *net.DNSError
	var unknown *tls.CertificateVerificationError
	var op *net.OpError
	errors.As(err, &op)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return &OpenError{Unreached: true, Refused: true, Reason: "connection refused by " + d.Target.Address()}
	case errors.Is(err, syscall.ECONNRESET) && op != nil && op.Op == "dial": // who listened has just ended
		return &OpenError{Unreached: true, Refused: true, Reason: "connection reset by " + d.Target.Address()}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return &OpenError{Unreached: true, Reason: fmt.Sprintf("no connection to %s within %v", d.Target.Address(), within)}
	case errors.As(err, &dns):
		return &OpenError{Unreached: true, Reason: fmt.Sprintf("no address for %q: %s", dns.Name, dns.Err)}
	case errors.As(err, &unknown):
		return &OpenError{Unreached: true, Reason: fmt.Sprintf("TLS: %v; trust its CA with --ca FILE, or do without trust with --insecure", unknown.Err)}
	}
	reason := err.Error()
	if op != nil {
		reason = fmt.Sprintf("%s: %v", d.Target.Address(), op.Err)
	}
	return &OpenError{Unreached: true, Reason: reason}
}
