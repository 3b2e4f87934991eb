package echo

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wsprobe/internal/testee"
)

// nodeTime is how long a run of node may take.
const nodeTime = time.Minute

// What testdata/socketio.mjs hears, whichever client and transport.
const heard = `"connect" []
"transport" "TRANSPORT"
"x" 0
"x" true 1
"x" true 1
"x" true true true 3
"asks" [1,"two"] "ack" [1,"two"]
"in order" true
"long" true
"/admin" ["Invalid namespace"]
"alert" ["hello from host"]
"/greet" ["Hello ESP!"]
"alert" ["hello from host"]
"greet path" ["Hello ESP!"]
"binary" ["binary attachments are not echoed"]
`

// The clients that the world has, revisions 3 and 4.
func TestSocketIOFromNPM(t *testing.T) {
	modules := testee.NPM(t, "socket.io-client-2@npm:socket.io-client@2", "socket.io-client-4@npm:socket.io-client@4")
	script, err := filepath.Abs("testdata/socketio.mjs")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + serve(t, Options{})
	for _, module := range []string{"socket.io-client-2", "socket.io-client-4"} {
		for transports, ends := range map[string]string{"polling,websocket": "websocket", "polling": "polling", "websocket": "websocket"} {
			t.Run(module+" "+transports, func(t *testing.T) {
				got := run(t, modules, "node", script, module, url, transports)
				if want := strings.Replace(heard, "TRANSPORT", ends, 1); got != want {
					t.Errorf("got\n%swant\n%s", got, want)
				}
			})
		}
	}
}

// run runs a command in a folder and returns what it prints.
func run(t *testing.T, folder string, command ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), nodeTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = folder
	cmd.Stderr = os.Stderr
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%v: %v", command, err)
	}
	return string(out)
}
