package main

import (
	"errors"
	"io"
	"sync"
	"syscall"
)

// results is stdout, and remembers that it took no more: results that are lost are
// not to pass for none.
type results struct {
	to   io.Writer
	mu   sync.Mutex
	lost error // the first
}

func (r *results) Write(b []byte) (int, error) {
	n, err := r.to.Write(b)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lost == nil {
		r.lost = err
	}
	return n, err
}

// err is why results are lost; nil if none are, or who reads them has left, as
// head does.
func (r *results) err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if errors.Is(r.lost, syscall.EPIPE) {
		return nil
	}
	return r.lost
}
