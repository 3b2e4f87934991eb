package internal_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/goccy/go-yaml"

	"wsprobe/internal/echo"
	"wsprobe/internal/witness"
)

// composed is docker-compose.yml, as much as can be held against the rest.
type composed struct {
	Services map[string]struct {
		Build     string
		Image     string
		Command   []string
		Ports     []string
		Volumes   []string
		DependsOn []string `yaml:"depends_on"`
	}
	Volumes map[string]any
}

func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func readCompose(t *testing.T) (c composed) {
	t.Helper()
	readYAML(t, "../docker-compose.yml", &c)
	if len(c.Services) < 6 {
		t.Fatalf("%d services", len(c.Services))
	}
	return c
}

// What Docker's own client says of the file.
func TestComposeConfig(t *testing.T) {
	if err := exec.CommandContext(t.Context(), "docker", "compose", "version").Run(); err != nil {
		t.Skip("needs docker compose: ", err)
	}
	check := exec.CommandContext(t.Context(), "docker", "compose", "config", "--quiet")
	check.Dir = ".."
	if said, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
}

// Images are of one version, what is mounted is there, and so is who is waited for.
func TestComposeServices(t *testing.T) {
	c := readCompose(t)
	built := map[string]bool{}
	for name, s := range c.Services {
		if s.Build == "" {
			continue
		}
		built[s.Image] = true
		if _, err := os.Stat(filepath.Join("..", s.Build, "Dockerfile")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	version := regexp.MustCompile(`:v?[0-9]+\.[0-9]+\.[0-9]+$`)
	for name, s := range c.Services {
		if !built[s.Image] && !version.MatchString(s.Image) {
			t.Errorf("%s: image %q is not of one version", name, s.Image)
		}
		for _, volume := range s.Volumes {
			source, target, _ := strings.Cut(volume, ":")
			_, named := c.Volumes[source]
			if _, err := os.Stat(filepath.Join("..", source)); err != nil && !named {
				t.Errorf("%s: %v", name, err)
			}
			if !strings.HasPrefix(target, "/") {
				t.Errorf("%s: %q is mounted on no path", name, volume)
			}
		}
		for _, other := range s.DependsOn {
			if _, ok := c.Services[other]; !ok {
				t.Errorf("%s waits for %q, which is no service", name, other)
			}
		}
	}
}

// The programs take what they are given there: with --help besides they say so
// and do nothing.
func TestComposeCommands(t *testing.T) {
	n := 0
	for name, s := range readCompose(t).Services {
		if s.Image != "wsprobe:local" {
			continue
		}
		n++
		program := "../cmd" + s.Command[0]
		run := append([]string{"run", program}, s.Command[1:]...)
		said, err := exec.CommandContext(t.Context(), "go", append(run, "--help")...).CombinedOutput()
		if err != nil || !strings.Contains(string(said), "Usage:") {
			t.Errorf("%s: %v: %s", name, err, said)
		}
	}
	if n != 2 {
		t.Errorf("%d services of ours", n)
	}
}

// Who is asked by name and port is a service that listens there.
func TestComposeAddresses(t *testing.T) {
	c := readCompose(t)
	var prometheus struct {
		ScrapeConfigs []struct {
			StaticConfigs []struct{ Targets []string } `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	readYAML(t, "../compose/prometheus.yml", &prometheus)
	var addresses []string
	for _, scrape := range prometheus.ScrapeConfigs {
		for _, config := range scrape.StaticConfigs {
			addresses = append(addresses, config.Targets...)
		}
	}
	var source struct{ Datasources []struct{ URL, UID string } }
	readYAML(t, "../compose/grafana/datasource.yml", &source)
	for _, s := range source.Datasources {
		addresses = append(addresses, strings.TrimPrefix(s.URL, "http://"))
	}
	var fuzzing struct{ Servers []struct{ URL string } }
	text, err := os.ReadFile("../compose/fuzzingclient.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &fuzzing); err != nil {
		t.Fatal(err)
	}
	for _, s := range fuzzing.Servers {
		addresses = append(addresses, strings.TrimPrefix(s.URL, "ws://"))
	}
	for _, argument := range c.Services["autobahn-client"].Command {
		if address, ok := strings.CutPrefix(argument, "ws://"); ok {
			addresses = append(addresses, address)
		}
	}
	usual := map[string]string{"textfile": "9100", "prometheus": "9090"}
	for _, address := range addresses {
		host, port, err := net.SplitHostPort(address)
		if s, ok := c.Services[host]; err != nil || !ok || usual[host] != port && !slices.Contains(s.Command, ":"+port) {
			t.Errorf("nobody listens at %q", address)
		}
	}
	if len(addresses) != 5 {
		t.Errorf("%d addresses: %q", len(addresses), addresses)
	}
}

// What the dashboard shows is what wsecho serves and wsprobe writes.
func TestDashboard(t *testing.T) {
	var dashboard struct {
		Panels []struct {
			Title      string
			Datasource struct{ UID string }
			Targets    []struct{ Expr string }
		}
	}
	text, err := os.ReadFile("../compose/grafana/bench.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile("report/testdata/one/metrics.prom")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	line := regexp.MustCompile(`(?m)^[a-z_]+`)
	for _, name := range line.FindAllString(served(t)+string(written), -1) {
		known[name] = true
	}
	name := regexp.MustCompile(`\b(wsecho|wsprobe)_[a-z_]+`)
	for _, p := range dashboard.Panels {
		n := 0
		for _, target := range p.Targets {
			for _, metric := range name.FindAllString(target.Expr, -1) {
				n++
				if !known[metric] {
					t.Errorf("%s: nobody has a metric %s", p.Title, metric)
				}
			}
		}
		if n == 0 || p.Datasource.UID != "bench-prometheus" {
			t.Errorf("%s: %d metrics of %q", p.Title, n, p.Datasource.UID)
		}
	}
	if len(dashboard.Panels) < 8 {
		t.Errorf("%d panels", len(dashboard.Panels))
	}
}

// served is the metrics after a connection that said something, and was closed.
func served(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := witness.New(witness.Options{})
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	done := make(chan error, 1)
	go func() { done <- echo.Serve(ctx, w.Listen(ln), echo.Options{}) }()
	c, _, err := websocket.Dial(ctx, "ws://"+ln.Addr().String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Write(ctx, websocket.MessageText, []byte("hi")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Read(ctx); err != nil {
		t.Fatal(err)
	}
	_ = c.Close(websocket.StatusNormalClosure, "")
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	w.Metrics().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	metrics, _ := io.ReadAll(answer.Body)
	return string(metrics)
}
