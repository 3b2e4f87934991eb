package handshake_test

import (
	"bufio"
	"bytes"
	"math/rand/v2"
	"reflect"
	"testing"

	. "wsprobe/internal/handshake"
)

const (
	letters = "ABCXYZabcxyz0189"
	token   = letters + "!#$%&'*+-.^_`|~"
	visible = token + "\"(),/:;<=>?@[\\]{}"
	value   = visible + " \t\x80\xff"
)

// word is 1 to 12 octets of the alphabet.
func word(r *rand.Rand, alphabet string) string {
	b := make([]byte, 1+r.IntN(12))
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

func lawfulHeader(r *rand.Rand) Header {
	h := make(Header, r.IntN(6))
	for i := range h {
		h[i] = Field{Name: word(r, token)}
		if r.IntN(4) > 0 { // a value has no blanks at its ends
			h[i].Value = word(r, visible) + word(r, value) + word(r, visible)
		}
	}
	return h
}

// What Append writes of a lawful value, the reader gives back.
func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		request := Request{Method: word(r, token), Target: "/" + word(r, visible), Proto: "HTTP/1.1", Header: lawfulHeader(r)}
		gotRequest, err := ReadRequest(bufio.NewReader(bytes.NewReader(request.Append(nil))), limit)
		if gotRequest.Raw = ""; err != nil || !reflect.DeepEqual(gotRequest, request) {
			t.Fatalf("request %+v, error %v, want %+v", gotRequest, err, request)
		}
		for _, v := range CheckRequest(gotRequest) {
			if v.Row == "CRQ-01" {
				t.Fatalf("lawful request %+v: %s", request, v.Detail)
			}
		}

		response := Response{Proto: "HTTP/1.1", Status: r.IntN(1000), Header: lawfulHeader(r)}
		if r.IntN(2) > 0 {
			response.Reason = word(r, value)
		}
		gotResponse, err := ReadResponse(bufio.NewReader(bytes.NewReader(response.Append(nil))), limit)
		if gotResponse.Raw = ""; err != nil || !reflect.DeepEqual(gotResponse, response) {
			t.Fatalf("response %+v, error %v, want %+v", gotResponse, err, response)
		}

		list := make([]Extension, 1+r.IntN(3))
		for i := range list {
			list[i].Name = word(r, token)
			for range r.IntN(3) {
				p := Param{Name: word(r, token), HasValue: r.IntN(2) > 0}
				if p.HasValue {
					p.Value, p.Quoted = word(r, token), r.IntN(2) > 0
				}
				list[i].Params = append(list[i].Params, p)
			}
		}
		text := string(AppendExtensions(nil, list...))
		if got, err := ParseExtensions(text); err != nil || !reflect.DeepEqual(got, list) {
			t.Fatalf("extensions %q: %+v, error %v, want %+v", text, got, err, list)
		}
	}
}
