package browser_test

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

const live = `document.getElementById("live")?.textContent === "live"`

func TestPage(t *testing.T) {
	browser := browse(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, context.Context)
	}{
		{"console", console},
		{"server closes", serverCloses},
		{"flood", flood},
		{"liar appears", liarAppears},
		{"hostile device", hostileDevice},
		{"comes back", comesBack},
		{"one device", oneDevice},
		{"focus stays", focusStays},
		{"other address", otherAddress},
		{"without script", withoutScript},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, browser) })
	}
}

// says checks what the console has noted.
func (t tab) notes(line string) {
	t.Helper()
	t.awaits(`[...document.querySelectorAll("#log li")].some((l) => [...l.children].slice(1, 4).map((c) => c.textContent).join(" ").trim() === ` + quote(line) + `)`)
}

func quote(s string) string { return "`" + strings.ReplaceAll(s, `\`, `\\`) + "`" }

// What the console sends comes back, and the browser that sends it is a device
// that breaks no rule.
func console(t *testing.T, browser context.Context) {
	server, site := serve(t)
	tab := visit(t, browser, site)
	tab.awaits(live)
	tab.do(chromedp.SetValue("#path", "/echo?x=1"), press("#open"))
	tab.notes("connected /echo?x=1")
	tab.do(chromedp.SendKeys("#message", "hi\r")) // the line end is the Enter key
	tab.notes("← text 2 hi")
	tab.do(chromedp.SetValue("#message", "größe \u202e<b>"), press("#say button"))
	tab.notes("→ text 14 größe \\u{202e}<b>")
	tab.notes("← text 14 größe \\u{202e}<b>")
	for _, button := range []string{"LEDon", "LEDoff", "HELLO", "ping"} {
		tab.do(press(`[data-text="` + button + `"]`))
		tab.notes("← text " + map[int]string{4: "4", 5: "5", 6: "6"}[len(button)] + " " + button)
	}
	tab.do(press(`[data-hex]`))
	tab.notes("← binary 4 00 01 fe ff")
	tab.do(chromedp.SetValue("#kind", "binary"), chromedp.SetValue("#message", "DEAD beef"), press("#say button"))
	tab.notes("← binary 4 de ad be ef")
	tab.do(chromedp.SetValue("#message", "xyz"), press("#say button"))
	tab.awaits(`document.getElementById("state").textContent.startsWith("not hexadecimal")`)
	tab.awaits(`document.querySelector("#rows tr td:nth-child(5)").innerText.includes("8")`)
	tab.do(press("#close"))
	tab.notes("closed closed with 1000")
	tab.awaits(`document.querySelector("#rows tr.gone")`)
	row := tab.text("#rows tr")
	if !strings.Contains(row, "Mozilla") || !strings.Contains(row, "/echo?x=1") || !strings.HasSuffix(row, "none") {
		t.Errorf("the browser is listed as %q", row)
	}
	if broken := regexp.MustCompile(`(?m)^wsecho_violations_total.* [1-9].*$`).FindAllString(fetch(t, "http://"+server+"/metrics"), -1); broken != nil {
		t.Errorf("the browser breaks %q", broken)
	}
	if got := tab.complaints(); len(got) > 0 {
		t.Errorf("%q", got)
	}
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// A behaviour is tried at a click, and a button connects where nothing is.
func serverCloses(t *testing.T, browser context.Context) {
	_, site := serve(t)
	tab := visit(t, browser, site)
	tab.do(chromedp.SetValue("#path", "/greet"), press(`[data-text="HELLO"]`))
	tab.notes("← text 12 Hello HELLO!")
	tab.notes("closed closed with 1000")
	tab.do(press(`[data-path^="/refuse"]`))
	tab.notes("closed not connected: the server did not open a WebSocket")
	tab.do(press(`[data-path^="/drop"]`))
	tab.notes("closed ended without a closing handshake")
	tab.do(chromedp.SetValue("#subprotocols", "led, arduino"), press(`[data-path^="/subprotocol"]`))
	tab.notes("connected /subprotocol?name=arduino, subprotocol arduino")
	tab.do(press(`[data-path="/echo"]`))
	tab.notes("closed not connected: the server did not open a WebSocket, or selected none of the subprotocols")
	tab.do(chromedp.SetValue("#subprotocols", "no good"), press("#open"))
	tab.awaits(`document.getElementById("state").textContent.includes("subprotocol")`)
}

// A flood neither stops the browser nor fills it.
func flood(t *testing.T, browser context.Context) {
	_, site := serve(t)
	tab := visit(t, browser, site)
	tab.do(chromedp.SetValue("#path", "/flood?count=5000"), press("#open"))
	tab.awaits(`document.getElementById("log").innerText.includes("4999*")`)
	if n := eval[int](tab, `document.querySelectorAll("#log li").length`); n > 200 {
		t.Errorf("%d lines", n)
	}
	tab.do(chromedp.SetValue("#path", "/big?size=67108864"), press("#open"))
	tab.awaits(`[...document.querySelectorAll("#log small")].some((s) => s.textContent === "text 67108864")`)
}

// refusedOnce is a script with which the first stream is refused, after which a
// browser does not try again of itself.
const refusedOnce = `const streams = EventSource;
let refused = false;
EventSource = function(url) {
	if (refused) return new streams(url);
	refused = true;
	const stream = {readyState: streams.CLOSED, addEventListener() {}, close() {}};
	setTimeout(() => stream.onerror());
	return stream;
};
EventSource.CLOSED = streams.CLOSED;`

// A page whose stream was refused, as with 503, says so and tries again.
func comesBack(t *testing.T, browser context.Context) {
	_, site := serve(t)
	tab := visit(t, browser, site, first(refusedOnce))
	tab.awaits(`document.getElementById("live").textContent === "not live, trying again"`)
	tab.awaits(live)
}

// A device that breaks rules is there without a reload, and so is what it broke.
func liarAppears(t *testing.T, browser context.Context) {
	server, site := serve(t)
	tab := visit(t, browser, site)
	tab.awaits(live)
	tab.awaits(`document.getElementById("summary").innerText.includes("No device connected") && !document.getElementById("empty").hidden`)
	tab.do(chromedp.Evaluate[chromedp.Void](`self.same = true`))
	liar := connect(t, server, 7, "/chat", "liar", "")
	liar.lie()
	tab.awaits(`self.same && document.querySelector("#rows .name")?.textContent === "liar" && document.querySelector("#rows .rules")`)
	row := tab.text("#rows tr")
	for _, want := range []string{"left", liar.socket.LocalAddr().String(), "/chat", "MSK-04", "1×", "RFC 6455 §5.1", "a text frame from a client without a mask"} {
		if !strings.Contains(row, want) {
			t.Errorf("no %q in %q", want, row)
		}
	}
	if link := eval[string](tab, `document.querySelector("#rows .rules a").href`); link != "https://www.rfc-editor.org/rfc/rfc6455#section-5.1" {
		t.Errorf("the clause is at %s", link)
	}
	right := connect(t, server, 8, "/", "right", "")
	tab.awaits(`document.querySelectorAll("#rows tr").length === 2 && document.querySelector("#rows tr .name").textContent === "right"`)
	tab.awaits(`document.getElementById("summary").innerText.includes("1 device connected") && document.getElementById("empty").hidden`)
	_ = right.socket.Close()
	tab.awaits(`document.getElementById("summary").innerText.includes("2 left within the hour")`)
}

// Nothing that a device says runs, loads, or adds an element.
func hostileDevice(t *testing.T, browser context.Context) {
	server, site := serve(t)
	tab := visit(t, browser, site)
	tab.awaits(live)
	d := connect(t, server, 9, "/"+strings.ReplaceAll(hostile, " ", "+")+"?"+strings.Repeat("x", 8000), hostile, "Sec-WebSocket-Protocol: "+hostile+"\r\n")
	d.say(text, "<script>alert(3)</script><img src=x onerror=alert(4)>\x1b[2J\u202e")
	const named = `document.querySelector(".name, h1 bdi")?.textContent.includes("<script>alert(1)</script><img src=x onerror=alert(2)>\\x9b31m\\u202eevil")`
	check := func() {
		t.Helper()
		tab.awaits(named)
		if n := eval[int](tab, `document.querySelectorAll("main script, img, iframe, main style, [onerror], [onload]").length`); n > 0 {
			t.Errorf("%d elements that are not the page's", n)
		}
		if got := tab.complaints(); len(got) > 0 {
			t.Errorf("%q", got)
		}
	}
	check() // of events
	tab.do(chromedp.Reload())
	check() // of the page
	tab.do(press(".name"))
	tab.awaits(`document.querySelector(".frames")?.innerText.includes("alert(4)>\\x1b[2J\\u202e")`)
	check()
}

// The page of a device shows its frames as they come.
func oneDevice(t *testing.T, browser context.Context) {
	server, site := serve(t)
	d := connect(t, server, 7, "/chat", "board", "")
	tab := visit(t, browser, site)
	tab.do(press(".name"))
	tab.awaits(live + ` && document.querySelector("h1")?.innerText === "board"`)
	d.say(text, "LEDon")
	tab.awaits(`document.querySelectorAll(".frames li").length === 2`)
	from := tab.text(".frames .from")
	for _, want := range []string{"text of 5 octets", `"LEDon"`, "81 85", "4c 45 44 6f 6e", "LEDon"} {
		if !strings.Contains(from, want) {
			t.Errorf("no %q in %q", want, from)
		}
	}
	tab.do(press("#pause"))
	tab.awaits(`document.getElementById("live").textContent === "paused"`)
	d.say(text, "LEDoff")
	tab.do(press("#pause"))
	tab.awaits(`document.querySelectorAll(".frames li").length === 4`)
}

// What changes leaves alone where one is.
func focusStays(t *testing.T, browser context.Context) {
	server, site := serve(t)
	d := connect(t, server, 7, "/chat", "board", "")
	tab := visit(t, browser, site)
	tab.awaits(live)
	tab.do(chromedp.Focus(".name"))
	connect(t, server, 8, "/chat", "other", "")
	d.say(text, "hi")
	tab.awaits(`document.querySelectorAll("#rows tr").length === 2 && document.querySelector("#rows tr:last-child").querySelector(".way").textContent.endsWith(" 1")`)
	tab.awaits(`document.activeElement?.textContent === "board"`)
}

// The console reaches the server from a page that is elsewhere.
func otherAddress(t *testing.T, browser context.Context) {
	server, site := serve(t, "--admin", "127.0.0.1:0")
	tab := visit(t, browser, site)
	tab.awaits(live)
	tab.do(press(`[data-text="HELLO"]`))
	tab.notes("← text 5 HELLO")
	tab.awaits(`document.getElementById("state").textContent === "connected to ws://` + server + `/"`)
	tab.awaits(`document.querySelector("#rows .name")`)
	if got := tab.complaints(); len(got) > 0 {
		t.Errorf("%q", got)
	}
}

// Who does not run scripts sees the devices of the moment, and nothing that
// cannot work.
func withoutScript(t *testing.T, browser context.Context) {
	server, site := serve(t)
	connect(t, server, 7, "/chat", "board", "").say(text, "hi")
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	tab := tab{t, ctx}
	tab.do(func(ctx context.Context, target *chromedp.Target) (none chromedp.Void, err error) {
		_, err = cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return none, err
	}, chromedp.Navigate(site))
	all := tab.text("body")
	for _, want := range []string{"1 device connected", "board", "/chat", "as of", "reload", "/slow?delay=2s", "/socket.io/"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in %q", want, all)
		}
	}
	if strings.Contains(all, "Console") || strings.Contains(all, "Try") || strings.Contains(all, "Pause") {
		t.Errorf("things that cannot work in %q", all)
	}
}
