package fuzzing

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// A finding tells of the script that it brings, not of what that was before it was
// shrunk.
func TestDetailIsOfTheScript(t *testing.T) {
	bug := planted(t, "puts up with an opcode of no meaning", wire.Server)
	script, err := conformance.ParseScript("send opcode11 \"a\"\nsend ping \"marked\"\nclose 1000")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		onBoard(t, bug.Board(), wire.Server, 1, func(ctx context.Context, c *Campaign) {
			c.Input = func(int) (conformance.Family, conformance.Script) { return conformance.FamilyMixed, script }
			for p := range c.Run(ctx) {
				for _, f := range p.Findings {
					if strings.Contains(f.Script.String(), "ping") || strings.Contains(f.Detail, "marked") {
						t.Errorf("%s\n%v", f.Detail, f.Script)
					}
				}
				if len(p.Findings) == 0 {
					t.Error("no finding")
				}
			}
		})
	})
}
