package deflate

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"testing"
)

// benchmark runs with messages of several texts and sizes.
func benchmark(b *testing.B, run func(b *testing.B, messages [][]byte)) {
	all := texts()
	for _, name := range []string{"prose", "rows", "few"} {
		for _, size := range []int{64, 1024, 16384, len(all[name])} {
			var messages [][]byte
			for at := 0; at+size <= len(all[name]); at += size {
				messages = append(messages, all[name][at:at+size])
			}
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				b.SetBytes(int64(size))
				b.ReportAllocs()
				run(b, messages)
			})
		}
	}
}

func BenchmarkCompress(b *testing.B) {
	benchmark(b, func(b *testing.B, messages [][]byte) {
		c := NewCompressor(Params{MaxWindow, true})
		var payload []byte
		in, out, n := 0, 0, 0
		for b.Loop() {
			message := messages[n%len(messages)]
			payload = c.Append(payload[:0], message)
			in, out, n = in+len(message), out+len(payload), n+1
		}
		b.ReportMetric(float64(out)/float64(in), "ratio")
	})
}

// The same with compress/flate at its fastest.
func BenchmarkCompressFlate(b *testing.B) {
	benchmark(b, func(b *testing.B, messages [][]byte) {
		var payload bytes.Buffer
		w, _ := flate.NewWriter(&payload, flate.BestSpeed)
		in, out, n := 0, 0, 0
		for b.Loop() {
			message := messages[n%len(messages)]
			payload.Reset()
			w.Write(message)
			w.Flush()
			in, out, n = in+len(message), out+payload.Len(), n+1
		}
		b.ReportMetric(float64(out)/float64(in), "ratio")
	})
}

func compressed(messages [][]byte) (payloads [][]byte) {
	c := NewCompressor(Params{MaxWindow, false})
	for _, m := range messages {
		payloads = append(payloads, c.Append(nil, m))
	}
	return payloads
}

func BenchmarkInflate(b *testing.B) {
	benchmark(b, func(b *testing.B, messages [][]byte) {
		payloads, i := compressed(messages), NewInflater(Params{MaxWindow, false})
		var out []byte
		for n := 0; b.Loop(); n++ {
			out, _ = i.Append(out[:0], payloads[n%len(payloads)], 1<<20)
		}
	})
}

func BenchmarkInflateFlate(b *testing.B) {
	benchmark(b, func(b *testing.B, messages [][]byte) {
		payloads, out := compressed(messages), make([]byte, 1<<20)
		var in bytes.Reader
		var tail = []byte("\x00\x00\xff\xff\x01\x00\x00\xff\xff")
		r := flate.NewReader(&in)
		var payload []byte
		for n := 0; b.Loop(); n++ {
			payload = append(append(payload[:0], payloads[n%len(payloads)]...), tail...)
			in.Reset(payload)
			r.(flate.Resetter).Reset(&in, nil)
			io.ReadFull(r, out)
		}
	})
}
