// Package browser_test drives the page of wsecho with a real browser, from
// without: against the program itself, with devices that speak TCP.
//
//	WSECHO=bin/wsecho go test -C testdata/browser .
package browser_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// hang is when a test gives up waiting for what must come.
const hang = 30 * time.Second

// serve runs wsecho and returns where it is: the server, and the page, which is
// at the same address unless it was given --admin.
func serve(t *testing.T, args ...string) (server, site string) {
	t.Helper()
	program := os.Getenv("WSECHO")
	if program == "" {
		t.Skip("WSECHO does not name the program")
	}
	cmd := exec.Command(program, append([]string{"--listen", "127.0.0.1:0", "--quiet", "--show", "none"}, args...)...)
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // not every system can interrupt
		_ = cmd.Wait()
	})
	url := regexp.MustCompile(`^  (\w+)://(.*)/$`)
	lines := bufio.NewScanner(said)
	for (server == "" || slices.Contains(args, "--admin") && site == "") && lines.Scan() {
		if found := url.FindStringSubmatch(lines.Text()); found == nil {
			continue
		} else if found[1] == "ws" {
			server = found[2]
		} else {
			site = found[2]
		}
	}
	if server == "" {
		t.Fatal("wsecho says no URL")
	}
	go func() { // what it says further would fill the pipe
		for lines.Scan() {
		}
	}()
	if site == "" {
		site = server
	}
	return server, "http://" + site
}

// A tab is one of a browser.
type tab struct {
	*testing.T
	ctx context.Context
}

type action = chromedp.Action[chromedp.Void]

// browse starts a browser, whose tabs its context makes.
func browse(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser(t)), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// visit opens a page in a new tab of a browser, after whatever is to be done
// before.
func visit(t *testing.T, browser context.Context, url string, before ...action) tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	tab := tab{t, ctx}
	tab.do(append(before, noteComplaints, chromedp.Navigate(url))...)
	return tab
}

// browser is the path of one.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium to be found")
	return ""
}

func (t tab) do(actions ...action) {
	t.Helper()
	if err := chromedp.Do(t.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// press clicks an element as soon as it is there, and wherever on the page it is by
// then: devices that come move what is below them, and a click at the place where
// it was would miss.
func press(selector string) action {
	click := chromedp.Evaluate[bool]("(e => e?.click() ?? !!e)(document.querySelector(`" + selector + "`))")
	return func(ctx context.Context, target *chromedp.Target) (none chromedp.Void, err error) {
		for end := time.Now().Add(hang); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if pressed, err := click(ctx, target); pressed || err != nil {
				return none, err
			}
		}
		return none, fmt.Errorf("no %s to press", selector)
	}
}

// get is what an action, or an expression of the page's script, comes to.
func get[T any](t tab, a chromedp.Action[T]) T {
	t.Helper()
	value, err := chromedp.Run(t.ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func eval[T any](t tab, expression string) T {
	t.Helper()
	return get(t, chromedp.Evaluate[T](expression))
}

// awaits waits until an expression of the page's script is true. What throws is not
// true yet: the element that it looks into may still come. Nor is what a page is left
// in the middle of, for the next one.
func (t tab) awaits(expression string) {
	t.Helper()
	said := ""
	for end := time.Now().Add(hang); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var err error
		said, err = chromedp.Run(t.ctx, chromedp.Evaluate[string]("(() => { try { return String(!!("+expression+")) } catch (e) { return String(e) } })()"))
		if err != nil {
			said = err.Error()
		}
		if said == "true" {
			return
		}
	}
	t.Fatalf("never %s (%s); the page says\n%s", expression, said, t.text("main"))
}

// text is what can be read in the first element that matches.
func (t tab) text(selector string) string {
	t.Helper()
	return eval[string](t, "document.querySelector(`"+selector+"`)?.innerText ?? ''")
}

// complain is a script that collects, before anything of the page runs, what the
// browser has against it.
const complain = `self.complaints = [];
addEventListener("error", (e) => complaints.push("error: " + e.message));
addEventListener("unhandledrejection", (e) => complaints.push("rejection: " + e.reason));
document.addEventListener("securitypolicyviolation", (e) => complaints.push("policy: " + e.violatedDirective + " " + e.blockedURI));
self.alert = () => complaints.push("alert");`

func noteComplaints(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
	return first(complain)(ctx, target)
}

// first runs a script before anything of the page.
func first(script string) action {
	return func(ctx context.Context, target *chromedp.Target) (none chromedp.Void, err error) {
		_, err = cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return none, err
	}
}

// complaints are what the browser has against the page.
func (t tab) complaints() []string {
	t.Helper()
	return eval[[]string](t, "complaints")
}
