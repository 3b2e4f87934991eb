package browser_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var pictures = flag.String("pictures", "", "folder to write pictures of the page to")

// hostile is what a device may call itself.
const hostile = "</bdi></a><script>alert(1)</script><img src=x onerror=alert(2)>\x9b31m\u202eevil\u2066"

// TestPictures looks at the page. What it sees is for people to judge, but a
// page that is wider than the window is wrong.
func TestPictures(t *testing.T) {
	server, page := serve(t)
	browser := browse(t)
	shoot(t, browser, page, "none")
	board := connect(t, server, 5, "/", "arduino-WebSocket-Client", "Sec-WebSocket-Protocol: arduino\r\n")
	for _, message := range []string{"Connected", "LEDon", `{"temperature":21.5}`} {
		board.say(text, message)
	}
	shoot(t, browser, page, "one")
	several(t, server)
	scene(t, browser, page)
	connect(t, server, 9, "/"+strings.Repeat("long", 3000), hostile+strings.Repeat("M", 3000), "Origin: x\r\n").say(text, "<b>bold</b>\x1b[2J\u202e")
	shoot(t, browser, page, "many")
	shoot(t, browser, eval[string](visit(t, browser, page), `document.querySelector("tr:has(.bad) a").href`), "device")
}

func several(t *testing.T, server string) {
	lazy := connect(t, server, 6, "/reply?format=Reply%20for%20%25s", "TinyWebsockets Client", "")
	for range 3 {
		lazy.sayMasked(text, "Hello Server", make([]byte, 4))
	}
	lazy.sayMasked(binary, string(random(100)), make([]byte, 4))
	connect(t, server, 7, "/push?every=200ms", "ESP32 Websocket Client", "").say(text, "hi")
	connect(t, server, 8, "/chat/rooms/kitchen", "", "").say(text, "esp8266 1.5.4(baaeaebb) ESP module with ESP8266")
	connect(t, server, 10, "/", "board that lies", "").lie()
}

// scene is the picture of the docs.
func scene(t *testing.T, browser context.Context, url string) {
	t.Run("scene", func(t *testing.T) {
		tab := visit(t, browser, url, chromedp.EmulateViewport(1200, 1000), colours("light"))
		for _, button := range []string{"HELLO", "LEDon", "LEDoff"} {
			tab.do(press(`[data-text="` + button + `"]`))
			tab.awaits(`[...document.querySelectorAll("#log .in .said")].at(-1)?.textContent === "` + button + `"`)
		}
		tab.awaits(live + ` && document.querySelector("#rows tr").innerText.includes("Mozilla") && document.querySelector("#rows .way").textContent.includes("3")`)
		tab.do(chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`))
		tab.keep("page", chromedp.CaptureScreenshot())
	})
}

// keep writes a picture, if pictures are asked for.
func (t tab) keep(name string, picture chromedp.Action[[]byte]) {
	if *pictures == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*pictures, name+".png"), get(t, picture), 0o644); err != nil {
		t.Fatal(err)
	}
}

func shoot(t *testing.T, browser context.Context, url, name string) {
	for _, look := range []struct {
		name    string
		width   int64
		colours string
	}{{"wide", 1400, "light"}, {"narrow", 360, "light"}, {"dark", 1400, "dark"}} {
		t.Run(name+" "+look.name, func(t *testing.T) { // its tab ends with it: a browser has six streams at most
			tab := visit(t, browser, url, chromedp.EmulateViewport(look.width, 900), colours(look.colours))
			tab.awaits(`document.getElementById("live")?.textContent === "live"`)
			if width := eval[int64](tab, `document.documentElement.scrollWidth`); width > look.width {
				t.Errorf("%v pixels wide", width)
			}
			tab.keep(name+"-"+look.name, chromedp.FullScreenshot(100))
		})
	}
}

// colours is what the visitor prefers: light or dark.
func colours(scheme string) action {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		preferred := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: preferred})
		return chromedp.Void{}, err
	}
}
