package echo

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain sees that no goroutine outlives the tests: each connection's must
// end with its connection.
func TestMain(m *testing.M) {
	code := m.Run()
	if left := leaks(); code == 0 && left != "" {
		fmt.Fprintf(os.Stderr, "goroutines left:\n%s\n", left)
		code = 1
	}
	os.Exit(code)
}

// leaks is the stacks of servers and connections that do not end.
func leaks() string {
	var left []string
	for end := time.Now().Add(hang); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		left = nil
		for _, stack := range strings.Split(string(stacks), "\n\n")[1:] { // the first is this one
			if strings.Contains(stack, "net/http.") || strings.Contains(stack, "/internal/echo.") {
				left = append(left, stack)
			}
		}
		if left == nil {
			break
		}
	}
	return strings.Join(left, "\n\n")
}
