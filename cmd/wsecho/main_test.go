package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/rogpeppe/go-internal/testscript"

	"wsprobe/internal/echo"
)

// hang is when a script gives up waiting for what must come.
const hang = 10 * time.Second

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"wsecho":   main,
		"serve":    serve,
		"wsclient": client,
		"status":   status,
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"listening": listening},
	})
}

// serve FILE ARGS… is wsecho ARGS…, which writes what it says on stderr to FILE,
// too, and its process id to FILE.pid: a script can read the stderr of what runs
// behind it only at its end.
func serve() {
	file, err := os.Create(os.Args[1])
	if err != nil {
		fatal(err)
	}
	pid := strconv.Itoa(os.Getpid())
	if err := os.WriteFile(os.Args[1]+".pid", []byte(pid), 0o600); err != nil {
		fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[2:], env{os.Stdin, os.Stdout, io.MultiWriter(os.Stderr, file)}))
}

// listening FILE waits for the URL that serve writes to FILE, and sets $URL and
// $ADDRESS.
func listening(ts *testscript.TestScript, _ bool, args []string) {
	urls := regexp.MustCompile(`(?m)^  (wss?)://(.*)/\n`)
	for end := time.Now().Add(hang); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if said, err := os.ReadFile(ts.MkAbs(args[0])); err == nil {
			if found := urls.FindStringSubmatch(string(said)); found != nil {
				ts.Setenv("ADDRESS", found[2])
				ts.Setenv("URL", found[1]+"://"+found[2])
				return
			}
		}
	}
	ts.Fatalf("%s: no URL", args[0])
}

// wsclient URL MESSAGE… sends each message, shows each answer, and closes. A
// message "0x…" is binary. With -hold it waits for the server to close, with
// -terminate FILE it waits after it has sent SIGTERM to the process in FILE.
func client() {
	hold := flag.Bool("hold", false, "")
	terminate := flag.String("terminate", "", "")
	ca, cert, key := flag.String("ca", "", ""), flag.String("cert", "", ""), flag.String("key", "", "")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), hang)
	defer cancel()
	config, err := clientTLS(*ca, *cert, *key)
	if err != nil {
		fatal(err)
	}
	ws, _, err := websocket.Dial(ctx, flag.Arg(0), &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: &http.Transport{TLSClientConfig: config}},
	})
	if err != nil {
		fatal(err)
	}
	defer ws.CloseNow()
	for _, message := range flag.Args()[1:] {
		if err := exchange(ctx, ws, message); err != nil {
			fatal(err)
		}
	}
	if *terminate != "" {
		if err := sendSIGTERM(*terminate); err != nil {
			fatal(err)
		}
	}
	if *hold || *terminate != "" {
		_, _, err = ws.Read(ctx)
		fmt.Println("closed", int(websocket.CloseStatus(err)))
		return
	}
	_ = ws.Close(websocket.StatusNormalClosure, "")
}

// clientTLS trusts the CA in a file, and shows a certificate, if any.
func clientTLS(ca, cert, key string) (*tls.Config, error) {
	config := &tls.Config{}
	if ca != "" {
		text, err := os.ReadFile(ca)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		config.RootCAs.AppendCertsFromPEM(text)
	}
	if cert != "" {
		own, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{own}
	}
	return config, nil
}

func exchange(ctx context.Context, ws *websocket.Conn, message string) error {
	typ := websocket.MessageText
	if octets, ok := strings.CutPrefix(message, "0x"); ok {
		b, err := hex.DecodeString(octets)
		if err != nil {
			return err
		}
		typ, message = websocket.MessageBinary, string(b)
	}
	if err := ws.Write(ctx, typ, []byte(message)); err != nil {
		return err
	}
	typ, answer, err := ws.Read(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%v %q\n", typ, answer)
	return nil
}

func sendSIGTERM(file string) error {
	said, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(string(said))
	if err != nil {
		return err
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	return process.Signal(syscall.SIGTERM)
}

// status COMMAND ARGS… shows the command's exit code.
func status() {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		fatal(err)
	}
	fmt.Println("exit", cmd.ProcessState.ExitCode())
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// The page of the docs names every behaviour, and no other.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile("../../docs/wsecho.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| `(/[^`]*)` ").FindAllStringSubmatch(string(text), -1)
	var named, have []string
	for _, row := range rows {
		named = append(named, row[1])
	}
	for _, b := range echo.Behaviours() {
		have = append(have, strings.TrimSuffix(b.URL(), "?keep"))
	}
	if !slices.Equal(named, have) {
		t.Errorf("named %q, have %q", named, have)
	}
}
