package fuzzing_test

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/deflate"
	"wsprobe/internal/fuzzing"
	"wsprobe/internal/handshake"
	"wsprobe/internal/report"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// Whatever is in a finding's file, it reads or one line says why not; what reads
// is written so that it reads the same.
func FuzzParseCaseFile(f *testing.F) {
	f.Add("# why\n\n1.1  A title  any\nsend text \"a\"\nclose 1000\n")
	f.Add("1.1  A  any\nclose 1000\n---\n1.1  A  any\nrequest -Host\ndrop")
	f.Add("1.1  A  any\r\nbeside 2 {\r\ndrop\r\n}\r\nclose 1000\r\n --- \r\n")
	f.Add("---\n---")
	f.Fuzz(func(t *testing.T, text string) {
		cases, err := report.ParseCaseFile(text)
		if err != nil {
			if line := err.Error(); line == "" || strings.ContainsAny(line, "\r\n\x1b\x00") || len(line) > 1000 {
				t.Errorf("not one line: %q", line)
			}
			return
		}
		finding := conformance.Finding{Kind: conformance.KindDown, Device: wire.Server, Family: conformance.FamilyLength}
		for _, c := range cases[:len(cases)-1] {
			finding.Before = append(finding.Before, c.Script)
		}
		finding.Script = cases[len(cases)-1].Script
		var b bytes.Buffer
		if err := report.CaseFile(&b, finding); err != nil {
			t.Fatal(err)
		}
		if b.Len() > report.MaxCaseFile {
			return // it is written at more length than it was read
		}
		again, err := report.ParseCaseFile(b.String())
		if err != nil || len(again) != len(cases) {
			t.Fatalf("%s\n%d cases, %v", b.String(), len(again), err)
		}
		for i := range cases {
			if !reflect.DeepEqual(again[i].Script, cases[i].Script) {
				t.Errorf("script\n%v reads again as\n%v", cases[i].Script, again[i].Script)
			}
		}
		finding.Pattern()
	})
}

// Whatever goes out and comes back, and however it ends, is judged in bounds.
func FuzzJudge(f *testing.F) {
	request := "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
	response := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
	f.Add([]byte(request+"\x81\x81\x00\x00\x00\x00a\x88\x80\x00\x00\x00\x00"), []byte("\x81\x01a\x88\x00"), uint16(0))
	f.Add([]byte(request+"\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff"), []byte("\x88\x02\x03\xea"), uint16(0x1ff))
	f.Add([]byte(response+"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"), []byte("\x81\x85\x00\x00\x00\x00Hello"), uint16(0x203))
	f.Add([]byte("GET"), []byte(nil), uint16(0x30))
	f.Fuzz(func(t *testing.T, sent, came []byte, how uint16) {
		bit := func(n int) bool { return how>>n&1 == 1 }
		role := wire.Server
		if bit(0) {
			role = wire.Client
		}
		half := len(sent) / 2
		e := runner.Encounter{
			Writes: [][]byte{sent[:half], sent[half:]}, Deflated: bit(1), Ours: bit(2), Left: bit(3), Reset: bit(4), First: bit(5),
			Client: deflate.Params{Window: deflate.MaxWindow}, Server: deflate.Params{Window: deflate.MaxWindow},
			More: int(how >> 6 & 3), Took: time.Second,
		}
		if bit(8) {
			e.Refusal = &runner.OpenError{Reason: "why", Unreached: bit(9), Refused: bit(10), Silent: bit(11)}
		}
		if head, _, ok := bytes.Cut(sent, []byte("\r\n\r\n")); ok {
			e.Request, _ = handshake.ReadRequest(bufio.NewReader(strings.NewReader(string(head)+"\r\n\r\n")), 1<<16)
		}
		for in := bytes.NewReader(came); ; {
			h, err := wire.ReadHeader(in)
			if err != nil {
				break
			}
			payload := make([]byte, min(h.Length, uint64(in.Len())))
			in.Read(payload)
			e.Heard = append(e.Heard, runner.Heard{Header: h, Payload: payload, Cut: uint64(len(payload)) < h.Length})
		}
		began := time.Now()
		breaches := fuzzing.Judge(e, role, conformance.Profile{})
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("judging took %v", took)
		}
		for _, b := range breaches {
			if b.Kind < conformance.KindLenient || b.Kind > conformance.KindDown || b.Rule == "" || len(b.Rule) > 1000 || len(b.Detail) > 10000 {
				t.Errorf("breach %v of %d and %d octets", b.Kind, len(b.Rule), len(b.Detail))
			}
		}
	})
}

// A journal that was written to by others, or cut off anywhere, opens or says why
// not, and then keeps what it is given.
func FuzzJournal(f *testing.F) {
	f.Add([]byte("a\n"))
	f.Add([]byte("a\n\x00\x00\x00\x00\x00\x00\x00\x01\xff\xff\xff\xff\xff\xff\xff\x02\x00"))
	f.Add([]byte("b\n\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "journal")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := fuzzing.OpenJournal(path, "a")
		if err != nil {
			return
		}
		count, done := j.Count(), j.Done(5)
		if err := j.Add(5, conformance.FamilyText); err != nil {
			t.Fatal(err)
		}
		j.Close()
		if !done {
			count++
		}
		again, err := fuzzing.OpenJournal(path, "a")
		if err != nil || again.Count() != count || !again.Done(5) {
			t.Fatalf("%v; %d inputs, want %d", err, again.Count(), count)
		}
		again.Close()
	})
}
