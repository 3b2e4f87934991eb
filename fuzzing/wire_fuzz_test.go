package fuzzing_test

import (
	"bytes"
	"io"
	"testing"
	"unicode/utf8"

	"wsprobe/internal/wire"
)

// What is read as a header is written as the octets that were read, and no
// octet behind it is touched.
func FuzzReadHeader(f *testing.F) {
	for _, seed := range []string{
		"\x81\x05Hello", "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", "\x01\x03Hel", "\x82\x7e\x01\x00", "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00",
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\x81\x7e\x00\x05", "\x88", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, octets []byte) {
		r := bytes.NewReader(octets)
		h, err := wire.ReadHeader(r)
		switch {
		case len(octets) == 0:
			if err != io.EOF {
				t.Errorf("nothing gives %v", err)
			}
			return
		case err == io.ErrUnexpectedEOF:
			if len(octets) >= wire.MaxHeader {
				t.Errorf("% x is no header", octets)
			}
			return
		case err != nil:
			t.Fatalf("% x gives %v", octets, err)
		}
		n := len(octets) - r.Len()
		if written := h.Append(nil); !bytes.Equal(written, octets[:n]) || h.Size() != n {
			t.Errorf("% x is read as %+v and written as % x", octets[:n], h, written)
		}
		for _, role := range []wire.Role{wire.Client, wire.Server} {
			for _, v := range wire.Check(h, role, wire.State{}) {
				if v.Row == "" || v.Clause == "" || v.Detail == "" {
					t.Errorf("%+v: a violation without words: %+v", h, v)
				}
			}
		}
	})
}

// However a text is cut, it is judged as the whole; and once a piece is
// refused, no continuation makes it good.
func FuzzUTF8(f *testing.F) {
	for _, seed := range []string{"κόσμε", "κ\u1f79σμε\xf4\x90\x80\x80edited", "\xed\xa0\x80", "\xf0\x9f\x98\x80", "\xe2\x82", "hello"} {
		f.Add([]byte(seed), []byte{1, 2, 0, 3})
	}
	f.Fuzz(func(t *testing.T, text, cuts []byte) {
		var u wire.UTF8
		ok, rest := true, text
		for _, cut := range cuts {
			n := min(int(cut), len(rest))
			if good := u.Write(rest[:n]); good && !ok {
				t.Fatalf("%x: good again", text)
			} else {
				ok = good
			}
			rest = rest[n:]
			if bare := text[:len(text)-len(rest)]; ok != couldBecomeText(bare) {
				t.Fatalf("%x: %v", bare, ok)
			}
		}
		ok = u.Write(rest)
		if valid := utf8.Valid(text); (ok && u.Complete()) != valid {
			t.Errorf("%x cut by %v is text: %v and %v, want %v", text, cuts, ok, u.Complete(), valid)
		}
	})
}

// couldBecomeText reports whether some continuation of b is UTF-8: whether all
// but a last character that is cut is, and that has a completion.
func couldBecomeText(b []byte) bool {
	if utf8.Valid(b) {
		return true
	}
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		whole, cut := b[:len(b)-n], b[len(b)-n:]
		if !utf8.Valid(whole) {
			continue
		}
		for _, end := range [][]byte{{0x80}, {0xbf}, {0x80, 0x80}, {0xbf, 0xbf}, {0x80, 0x80, 0x80}, {0xbf, 0xbf, 0xbf}, {0x90, 0x80, 0x80}} {
			if last := append(bytes.Clone(cut), end...); utf8.Valid(last) && utf8.RuneCount(last) == 1 {
				return true
			}
		}
	}
	return false
}
