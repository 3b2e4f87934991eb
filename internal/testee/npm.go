package testee

import (
	"context"
	"os/exec"
	"testing"
	"time"
)

// npmTime is how long npm may take.
const npmTime = time.Minute

// NPM installs packages of npm in a folder of the test's. The test is skipped if
// it is to be short, or where there is no node, no npm or no network.
func NPM(tb testing.TB, packages ...string) (folder string) {
	tb.Helper()
	if testing.Short() {
		tb.Skip("npm takes seconds")
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			tb.Skipf("no %s here: %v", tool, err)
		}
	}
	folder = tb.TempDir()
	ctx, cancel := context.WithTimeout(tb.Context(), npmTime)
	defer cancel()
	args := append([]string{"install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--prefix", folder}, packages...)
	npm := exec.CommandContext(ctx, "npm", args...)
	npm.Dir = folder
	npm.WaitDelay = time.Second
	if said, err := npm.CombinedOutput(); err != nil {
		tb.Skipf("npm has no %v, perhaps for want of a network: %v\n%s", packages, err, said)
	}
	return folder
}
