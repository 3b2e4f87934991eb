package simulated

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// pollUsocketio is a request on a connection of its own.
func pollUsocketio(ctx context.Context, address, path string) (packets []string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c, err := dialServer(ctx, address)
	if err != nil {
		return nil, err
	}
	if err := c.write("GET "+path+" HTTP/1.1\r\n", "Host: "+address+"\r\n", "\r\n"); err != nil {
		return nil, err
	}
	head, err := c.head("HTTP/1.1 200 OK\r\n")
	if err != nil {
		return nil, err
	}
	length, err := usocketioLength(head.Raw)
	if err != nil {
		return nil, err
	}
	if length < 1 || length > maxAnswer {
		return nil, fmt.Errorf("body of %d octets", length)
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(c.in, body); err != nil {
		return nil, err
	}
	return usocketioPackets(body)
}

// usocketioLength finds the length of the body. Each line has to hold ": " once,
// and Content-Type is octets or absent.
func usocketioLength(head string) (length int, err error) {
	for _, line := range strings.Split(strings.TrimSpace(head), "\r\n")[1:] {
		parts := strings.Split(line, ": ")
		switch {
		case len(parts) != 2:
			return 0, fmt.Errorf("header %q", line)
		case strings.EqualFold(parts[0], "Content-Type") && parts[1] != "application/octet-stream":
			return 0, fmt.Errorf("content type %q", parts[1])
		case strings.EqualFold(parts[0], "Content-Length"):
			length, err = strconv.Atoi(parts[1])
		}
	}
	return length, err
}

// usocketioPackets reads the binary framing: 00, the length with a digit an
// octet, ff, the packet.
func usocketioPackets(body []byte) (packets []string, err error) {
	for len(body) > 0 {
		end := slices.Index(body, 0xff)
		if body[0] != 0 || end < 0 {
			return nil, errors.New("body is not in the binary framing")
		}
		length := 0
		for _, digit := range body[1:end] {
			length = min(10*length+int(digit), maxAnswer)
		}
		body = body[end+1:]
		if length < 1 || length > len(body) {
			return nil, errors.New("body ends within a packet")
		}
		packets = append(packets, string(body[:length]))
		body = body[length:]
	}
	return packets, nil
}
