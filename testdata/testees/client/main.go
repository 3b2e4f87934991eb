// Command client is an echo client on one of several WebSocket libraries: the
// clients whose Autobahn verdicts lie in testdata/autobahn. It speaks to
// anything with the URLs of Autobahn's fuzzing server.
//
//	go run ./client -lib coder -url ws://127.0.0.1:9001
//
// It asks /getCaseCount for the number of cases n, echoes on
// /runCase?case=k&agent=NAME for each k from 1 to n, and ends with
// /updateReports?agent=NAME.
package main

import (
	"flag"
	"fmt"
	"log"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	coder "github.com/coder/websocket"
)

const readLimit = 64 << 20 // octets a message

// A library opens connections.
type library func(url string) (conn, error)

// A conn reads one message and, if asked to, sends it back.
type conn interface {
	read() (any, []byte, error)
	write(typ any, msg []byte) error
	close()
}

// libraries has an entry for each client-*.json there, and others.
var libraries = map[string]library{
	"coder":       dialCoder(coder.CompressionDisabled), // client-coder-nocomp.json
	"coder-ctx":   dialCoder(coder.CompressionContextTakeover),
	"gorilla":     dialGorilla(false),
	"gorilla-pmd": dialGorilla(true),
	"gws":         dialGws, // no recorded verdicts
	"xnet":        dialXnet,
}

func main() {
	names := strings.Join(slices.Sorted(maps.Keys(libraries)), ", ")
	lib := flag.String("lib", "coder", "which client: "+names)
	base := flag.String("url", "ws://127.0.0.1:9001", "the fuzzing server")
	agent := flag.String("agent", "", "our name in the report (default: that of the library)")
	flag.Parse()
	dial, ok := libraries[*lib]
	if !ok {
		log.Fatalf("-lib %q is none of %s", *lib, names)
	}
	if *agent == "" {
		*agent = *lib
	}
	name := url.QueryEscape(*agent)
	b, err := first(dial, *base+"/getCaseCount")
	if err != nil {
		log.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		log.Fatalf("/getCaseCount: %v", err)
	}
	for k := 1; k <= n; k++ {
		echo(dial, fmt.Sprintf("%s/runCase?case=%d&agent=%s", *base, k, name))
	}
	first(dial, *base+"/updateReports?agent="+name) // closes without a message
	fmt.Printf("%d cases\n", n)
}

// first returns the first message that comes from url.
func first(dial library, url string) ([]byte, error) {
	c, err := dial(url)
	if err != nil {
		return nil, err
	}
	defer c.close()
	_, msg, err := c.read()
	return msg, err
}

// echo sends back what comes from url until the connection ends.
func echo(dial library, url string) {
	c, err := dial(url)
	if err != nil {
		return // a case may refuse us on purpose
	}
	defer c.close()
	for {
		typ, msg, err := c.read()
		if err != nil || c.write(typ, msg) != nil {
			return
		}
	}
}
