package report

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// sampleFinding is of a device with this role: a board that falls over a length,
// behind another connection.
func sampleFinding(device wire.Role) conformance.Finding {
	us := device.Peer()
	frame := func(role wire.Role, f conformance.Frame) []byte { return entry(0, conformance.Sent, role, f).Octets }
	sent := func(octets []byte) conformance.Segment { return conformance.Segment{Sent: true, Octets: octets} }
	came := func(octets []byte) conformance.Segment { return conformance.Segment{Octets: octets} }
	request := []byte("GET / HTTP/1.1\r\nHost: board\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
	response := []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
	opening := conformance.Connection{sent(request), came(response)}
	if device == wire.Client {
		opening = conformance.Connection{came(request), sent(response)}
	}
	hello, long := conformance.Text("Hello \"\\"), conformance.Text(conformance.Repeated("<k.0>abc", 3000))
	first := append(opening[:2:2], sent(frame(us, hello)), came(frame(device, hello)))
	last := append(opening[:2:2], sent(frame(us, long)[:100]), sent(frame(us, long)[100:]), sent([]byte("\x80")))
	return conformance.Finding{
		Kind: conformance.KindDown, Rule: "the device  goes away", Detail: "connection refused " + hostile,
		Device: device, Family: conformance.FamilyLength, Seed: 1<<63 + 7, N: 1234, Times: 3, Tries: 3, Inputs: 17, Found: start,
		Input:       conformance.Script{conformance.Send(hello, long, hello), conformance.CloseNormally()},
		Script:      conformance.Script{conformance.Send(long), conformance.CloseNormally()},
		Before:      []conformance.Script{{conformance.Send(hello), conformance.CloseNormally()}},
		Connections: []conformance.Connection{first, last},
		Transcript:  conformance.Transcript{received(time.Millisecond, hello)},
	}
}

// sampleCampaign is a run of a fuzzer: a finding of each kind, and a family that
// found nothing.
func sampleCampaign() Run {
	run := Run{Agent: "192.168.4.1", Tool: "wsprobe 0.1", DeviceRole: wire.Server, Profile: "arduino-esp8266", Seed: 1<<63 + 7, Started: start, TimeScale: 1}
	for k := conformance.KindDown; k >= conformance.KindLenient; k-- {
		f := sampleFinding(wire.Server)
		f.Kind, f.N = k, 1000+int(k)
		run.Results = append(run.Results, f.Result(conformance.KindIllegal))
	}
	second := sampleFinding(wire.Server)
	second.Kind, second.N, second.Nth, second.Before = conformance.KindHang, 1008, 1, nil
	run.Results = append(run.Results, second.Result(conformance.KindIllegal))
	run.Results = append(run.Results, conformance.FamilyResult(conformance.FamilyText, 612))
	return run
}

func TestFindingFiles(t *testing.T) {
	for _, device := range []wire.Role{wire.Server, wire.Client} {
		f := sampleFinding(device)
		for _, format := range FindingFormats() {
			text := render(t, func(w *bytes.Buffer) error { return format.Render(w, f) })
			golden(t, filepath.Join("finding", device.String()+format.Suffix), text)
		}
	}
}

// A campaign is told in each format.
func TestFormatsOfCampaigns(t *testing.T) {
	for _, format := range Formats() {
		golden(t, "campaign/"+format.File, render(t, func(w *bytes.Buffer) error { return format.Render(w, sampleCampaign()) }))
	}
	golden(t, "campaign/summary.txt", render(t, func(w *bytes.Buffer) error { return Summary(w, sampleCampaign(), TextOptions{}) }))
}

func TestCaseFileReadsAsItIsWritten(t *testing.T) {
	f := sampleFinding(wire.Server)
	text := string(render(t, func(w *bytes.Buffer) error { return CaseFile(w, f) }))
	for _, text := range []string{text, strings.ReplaceAll(text, "\n", "\r\n"), strings.TrimSuffix(text, "\n")} {
		cases, err := ParseCaseFile(text)
		if err != nil {
			t.Fatal(err)
		}
		if len(cases) != 2 || !reflect.DeepEqual(cases[0].Script, f.Before[0]) || !reflect.DeepEqual(cases[1].Script, f.Script) {
			t.Errorf("it reads as %v", cases)
		}
		if c := cases[len(cases)-1]; c.ID != f.ID() || c.Title != "DOWN: the device goes away" || c.Spec != f.Case().Spec {
			t.Errorf("the case is %q, %q, %q", c.ID, c.Title, c.Spec)
		}
	}
}

func TestCaseFileThatDoesNotRead(t *testing.T) {
	const good = "1.1  A  any\nclose 1000\n"
	for text, want := range map[string]string{
		"":                                   "line 1: no case in the text",
		"---\n":                              "line 1: no case in the text",
		good + "---\n":                       "line 3: no case in the text",
		good + "# x\n---\n\n1.2  A":          "line 6: want ID, title and clause",
		good + " --- \r\n" + good + "sing":   "line 6: nothing comes after the ending",
		good + "---\n1.1  A  any\nsend \xff": "line 5: not UTF-8",
		strings.Repeat(good+"---\n", 101):    "line 303: more than 100 connections",
		strings.Repeat("#", MaxCaseFile+1):   "more than 4194304 octets",
	} {
		if _, err := ParseCaseFile(text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.40q: error %v, want %q", text, err, want)
		}
	}
}

// What we sent is in the file of octets, in hexadecimal and in the program, and
// nothing else.
func TestOctetsAreWhatWeSent(t *testing.T) {
	f := sampleFinding(wire.Client)
	var want []byte
	for _, c := range f.Connections {
		for _, s := range c {
			if s.Sent {
				want = append(want, s.Octets...)
			}
		}
	}
	if got := render(t, func(w *bytes.Buffer) error { return Octets(w, f) }); !bytes.Equal(got, want) {
		t.Error("the octets are others")
	}
	text := render(t, func(w *bytes.Buffer) error { return Hex(w, f) })
	if got, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), "")); err != nil || !bytes.Equal(got, want) {
		t.Errorf("in hexadecimal the octets are others: %v", err)
	}
	if err := Octets(&writes{most: 1}, f); !errors.Is(err, errDisk) {
		t.Errorf("a full disk is %v", err)
	}
}

func TestPythonCompiles(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 here")
	}
	for _, device := range []wire.Role{wire.Server, wire.Client} {
		f := sampleFinding(device)
		f.Detail += "\n\"\"\"\nimport os"
		file := filepath.Join(t.TempDir(), "finding.py")
		if err := os.WriteFile(file, render(t, func(w *bytes.Buffer) error { return Python(w, f) }), 0o644); err != nil {
			t.Fatal(err)
		}
		check := fmt.Sprintf("import sys; sys.argv = ['x']\ntry: exec(compile(open(%q).read(), 'f', 'exec'))\nexcept SystemExit as e: print(e)\n"+
			"sys.stdout.buffer.write(b''.join(w for c in CONNECTIONS for w in c if w))", file)
		out, err := exec.Command(python, "-c", check).Output()
		if err != nil {
			t.Fatal(err)
		}
		usage, octets, _ := bytes.Cut(out, []byte("\n"))
		if !bytes.HasPrefix(usage, []byte("usage: x ")) {
			t.Errorf("%q", usage)
		}
		if want := render(t, func(w *bytes.Buffer) error { return Octets(w, f) }); !bytes.Equal(octets, want) {
			t.Error("the program sends something else")
		}
	}
}

// A capture reads as TCP connections that are whole: checksums, sequence numbers,
// and the octets of either end.
func TestCapture(t *testing.T) {
	for _, device := range []wire.Role{wire.Server, wire.Client} {
		f := sampleFinding(device)
		file := render(t, func(w *bytes.Buffer) error { return Capture(w, f) })
		in, err := pcapgo.NewNgReader(bytes.NewReader(file), pcapgo.DefaultNgReaderOptions)
		if err != nil {
			t.Fatal(err)
		}
		streams := map[layers.TCPPort]*[2][]byte{}
		next, ended := map[string]uint32{}, 0
		for {
			data, info, err := in.ReadPacketData()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || info.Length != len(data) {
				t.Fatal(err, info)
			}
			packet := gopacket.NewPacket(data, layers.LayerTypeIPv4, gopacket.Default)
			if e := packet.ErrorLayer(); e != nil {
				t.Fatal(e.Error())
			}
			tcp := packet.TransportLayer().(*layers.TCP)
			tcp.SetNetworkLayerForChecksum(packet.NetworkLayer())
			if err, bad := packet.VerifyChecksums(); err != nil || len(bad) > 0 {
				t.Fatalf("checksums: %v, %v", err, bad)
			}
			client, from := tcp.SrcPort, 0
			if tcp.SrcPort == webSocketPort {
				client, from = tcp.DstPort, 1
			}
			flow, back := fmt.Sprint(client, from), fmt.Sprint(client, 1-from)
			if want, begun := next[flow]; begun && tcp.Seq != want || tcp.ACK && tcp.Ack != next[back] {
				t.Fatalf("seq %d, ack %d; want %d, %d", tcp.Seq, tcp.Ack, want, next[back])
			}
			next[flow] = tcp.Seq + uint32(len(tcp.Payload))
			if tcp.SYN || tcp.FIN {
				next[flow]++
			}
			if tcp.FIN {
				ended++
			}
			if streams[client] == nil {
				streams[client] = new([2][]byte)
			}
			streams[client][from] = append(streams[client][from], tcp.Payload...)
		}
		if len(streams) != len(f.Connections) || ended != 2*len(f.Connections) {
			t.Errorf("%d connections, %d ends", len(streams), ended)
		}
		for i, c := range f.Connections {
			var want [2][]byte
			for _, s := range c {
				from := 0
				if s.Sent != (device == wire.Server) {
					from = 1
				}
				want[from] = append(want[from], s.Octets...)
			}
			if got := streams[layers.TCPPort(50000+i)]; !reflect.DeepEqual(*got, want) {
				t.Errorf("device a %v, connection %d has other octets", device, i)
			}
		}
	}
}

// Wireshark takes a capture for WebSocket, and finds nothing odd in TCP.
func TestWiresharkReadsTheCapture(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("no tshark here")
	}
	file := filepath.Join(t.TempDir(), "finding.pcapng")
	if err := os.WriteFile(file, render(t, func(w *bytes.Buffer) error { return Capture(w, sampleFinding(wire.Server)) }), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tshark, "-r", file, "-Y", "websocket").CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("WebSocket")) {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := exec.Command(tshark, "-r", file, "-Y", "tcp.analysis.flags").CombinedOutput(); err != nil || bytes.Contains(out, []byte("TCP")) {
		t.Errorf("%v\n%s", err, out)
	}
}

// A campaign is read as it was written, but for the octets that are in files.
func TestCampaignIsReadAsItWasWritten(t *testing.T) {
	run := sampleCampaign()
	text := jsonl(t, run)
	golden(t, "campaign/run.jsonl", text)
	got, err := ReadRun(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Results) != len(run.Results) {
		t.Fatalf("%d results, want %d: two findings of one input are two", len(got.Results), len(run.Results))
	}
	for i, r := range run.Results {
		if r.Finding != nil {
			f := *r.Finding
			f.Connections, f.Detail = nil, got.Results[i].Reason // in which what is no UTF-8 is U+FFFD
			r.Finding = &f
			r.Reason = f.Detail
		}
		if !reflect.DeepEqual(got.Results[i], r) {
			t.Errorf("result %d:\n got %+v %+v\nwant %+v %+v", i, got.Results[i], got.Results[i].Finding, r, r.Finding)
		}
	}
}

func TestBadFindings(t *testing.T) {
	const head = `{"agent":"a","tool":"t","profile":"","seed":1,"started":"2026-11-20T12:52:03Z"}` + "\n"
	const good = `{"id":"FUZZ.LEN.1","behavior":"FAILED","behaviorClose":"OK","tookMs":1,"script":"close 1000","transcript":[],"finding":`
	for finding, want := range map[string]string{
		`{"kind":"WORSE"}`:                 `no kind of finding "WORSE"`,
		`{}`:                               `no kind of finding ""`,
		`{"kind":"DOWN","device":"both"}`:  "line 2: result FUZZ.LEN.1",
		`{"kind":"DOWN","input":-1.5}`:     "line 2: result FUZZ.LEN.1",
		`[]`:                               "line 2: result FUZZ.LEN.1",
		`{"kind":"DOWN","before":["x",7]}`: "line 2: result FUZZ.LEN.1",
	} {
		if _, err := ReadRun(strings.NewReader(head + good + finding + "}\n")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", finding, err, want)
		}
	}
	hurt := `{"kind":"DOWN","rule":"<script>","family":"<b>` + `","before":["explode","close 1000"],"times":-1,"tries":-2,"inputs":-3,"input":-7,"nth":-1,"inputScript":"\u0000"}`
	run, err := ReadRun(strings.NewReader(head + good + hurt + "}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range Formats() {
		if text := render(t, func(w *bytes.Buffer) error { return format.Render(w, run) }); bytes.Contains(text, []byte("<b>")) && format.Name == "html" && bytes.Contains(text, []byte("-<b>-")) {
			t.Errorf("%s has markup of a finding", format.Name)
		}
	}
}
