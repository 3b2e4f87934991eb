package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A server is what is measured: a process of its own.
type server struct {
	name    string
	command []string // the program and its arguments
}

// address, as an argument of a server, stands for where it is to listen.
const address = "ADDRESS"

// A process is a server that runs.
type process struct {
	name    string
	address string
	cmd     *exec.Cmd
}

// start starts a server and waits until it takes connections.
func (s server) start(ctx context.Context) (*process, error) {
	free, err := freeAddress()
	if err != nil {
		return nil, err
	}
	command := slices.Clone(s.command)
	command[slices.Index(command, address)] = free
	var said bytes.Buffer
	p := &process{name: s.name, address: free, cmd: exec.CommandContext(ctx, command[0], command[1:]...)}
	p.cmd.Stderr = &said
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for range 500 {
		if c, err := net.Dial("tcp", p.address); err == nil {
			return p, c.Close()
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.stop()
	return nil, fmt.Errorf("%s: takes no connections: %s", s.name, &said)
}

// stop ends the process, in whatever it does.
func (p *process) stop() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// freeAddress is an address on the loopback where nobody listens.
func freeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}

// cpu is the time for which the process has been on a processor, in all its
// threads. Only Linux tells.
func (p *process) cpu() (total time.Duration) {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", p.cmd.Process.Pid))
	for _, thread := range threads {
		text, _ := os.ReadFile(thread)
		on, _, _ := strings.Cut(string(text), " ")
		n, _ := strconv.ParseInt(on, 10, 64)
		total += time.Duration(n)
	}
	return total
}

// memory is what the process holds of the machine's memory, in octets.
func (p *process) memory() (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if of, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.Fields(of)[0])
			return n << 10, err
		}
	}
	return 0, errors.New("no VmRSS in " + string(status))
}
