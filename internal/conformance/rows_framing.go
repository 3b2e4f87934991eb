package conformance

import "wsprobe/internal/wire"

// framesRows are about frames, their lengths and masks, and the messages that they make up.
var framesRows = []Row{
	// FRM: Base framing, receive side (both roles).
	{"FRM-01", "RFC 6455 §5.2 RSV", 0, LevelMust, false, "RSV1 without a negotiated meaning fails the connection", "text RSV1"},
	{"FRM-02", "RFC 6455 §5.2 RSV", 0, LevelMust, false, "RSV2 fails the connection", "text RSV2 after a good message"},
	{"FRM-03", "RFC 6455 §5.2 RSV", 0, LevelMust, false, "RSV3 fails the connection", "text RSV3"},
	{"FRM-04", "RFC 6455 §5.2 RSV", 0, LevelMust, false, "Mixed RSV bits fail on text, binary, ping, close", "RSV 3,5,6,7"},
	{"FRM-05", "RFC 6455 §5.2 RSV", 0, LevelMust, false, "RSV on a continuation frame and on a pong fails too", "first frame clean, continuation RSV1..3; pong RSV1"},
	{"FRM-06", "RFC 6455 §5.2 opcode", 0, LevelMust, false, "Reserved data opcodes 3–7 fail the connection", "each, empty and with payload"},
	{"FRM-07", "RFC 6455 §5.2 opcode", 0, LevelMust, false, "Reserved control opcodes 11–15 fail the connection", "each"},
	{"FRM-08", "RFC 6455 §5.2 opcode", 0, LevelMust, false, "Reserved opcode with FIN=0, or in the middle of a fragmented message, fails too", "op 3 FIN=0; op 11 between fragments"},
	{"FRM-09", "RFC 6455 §5.2", 0, LevelMust, false, "Text and binary of every length class are accepted: 0, 125, 126, 127, 128, 65535, 65536", "echo at each boundary, within the profile limit"},
	{"FRM-10", "RFC 6455 §5.2", 0, LevelMust, false, "Lengths just round the device buffer sizes work (n-1, n, n+1 for 255…4096…)", "sweep from the profile/probe result"},
	{"FRM-11", "RFC 6455 §5.2", 0, LevelMust, false, "Several frames in one segment and one frame over many segments are equal", "coalesce 20 frames; every split offset of a frame header, mask and payload"},
	{"FRM-12", "RFC 6455 §5.2", wire.Server, LevelMust, false, "Masking applies to zero-length frames as well (mask bit and key present)", "empty masked text/ping/close"},
	{"FRM-13", "RFC 6455 §5.2", 0, LevelInfo, false, "A frame header that stops half-way does not wedge the endpoint", "1–13 header octets, then idle; then TCP close; device must free the slot"},
	{"FRM-14", "RFC 6455 §5.2", 0, LevelMust, false, "Every frame the device sends has RSV1–3 = 0 unless an agreed extension uses the bit, and a defined opcode", "Check every received frame"},
	// LEN: Payload length encoding.
	{"LEN-01", "RFC 6455 §5.2 length, §10.4", 0, LevelDerived, false, "64-bit length with the top bit set is an error", "0x8000000000000000, …0001, 0xFFFFFFFFFFFFFFFF: close, no wait for data"},
	{"LEN-02", "RFC 6455 §5.2 length", 0, LevelMust, false, "Sender uses the shortest length form", "Inspect each received frame"},
	{"LEN-03", "RFC 6455 §5.2 length", 0, LevelDerived, false, "Receiver-side: a non-minimal form is an error (strict) or tolerated (non-strict), never misread", "16-bit form of 0, 1, 124, 125; 64-bit form of 5, 126, 65535"},
	{"LEN-04", "RFC 6455 §5.2 length", 0, LevelDerived, false, "Control frames never use the extended form (125 limit)", "ping 126 with 16-bit form; close with 64-bit form of 2; acting = fail (pong, echo, delivery)"},
	{"LEN-05", "RFC 6455 §10.4", 0, LevelMust, false, "A huge but legal length (2^31, 2^32, 2^32+5, 2^62) is refused or bounded with no allocation of that size", "header only, then idle: close 1009/1002, drop, or waiting are all a pass; fail if the device dies or (profile > 1 connection) no longer serves another client"},
	{"LEN-06", "RFC 6455 §10.4", 0, LevelMust, false, "Length arithmetic does not wrap at 16/32 bits", "65536+5, 2^32+5 with 5 real octets; the following octets must not be taken as a new frame"},
	{"LEN-07", "RFC 6455 §5.2 length", 0, LevelMust, false, "Extended lengths are read in network byte order", "0x0100 (256) with the right payload"},
	{"LEN-08", "RFC 6455 §5.2", 0, LevelInfo, false, "Declared length longer than what arrives, then FIN", "1000 declared, 10 sent, half-close; slot freed, no partial message delivered"},
	// MSK: Masking.
	{"MSK-01", "RFC 6455 §5.1", wire.Server, LevelMust, false, "An unmasked frame from a client closes the connection", "unmasked text, binary, ping, pong, close, continuation, empty frames: no echo/pong; close (1002) or drop"},
	{"MSK-02", "RFC 6455 §5.1", wire.Server, LevelMust, true, "The server never masks", "Mask bit on each frame received"},
	{"MSK-03", "RFC 6455 §5.1", wire.Client, LevelMust, false, "A masked frame from a server closes the connection", "masked text/ping/close; also mask key 0"},
	{"MSK-04", "RFC 6455 §5.1, §5.3, §6.1(5)", wire.Client, LevelMust, false, "Every client frame is masked: data, ping, pong, close, continuation, empty", "Force each kind (send ping, close, big data)"},
	{"MSK-05", "RFC 6455 §5.1", wire.Client, LevelMust, false, "…also over TLS", "Same under wss"},
	{"MSK-06", "RFC 6455 §5.3, §10.3", wire.Client, LevelMust, false, "A fresh key for each frame", "Collect ≥ 200 keys: no constant, no repeats beyond chance, no counter, no LCG-simple step"},
	{"MSK-07", "RFC 6455 §5.3, §10.3", wire.Client, LevelMust, false, "Keys are not predictable (also after reboot)", "3 cold boots; fail if ≥ 2 whole keys at the same positions are equal"},
	{"MSK-08", "RFC 6455 §5.3", wire.Client, LevelMust, true, "Key 0x00000000 as a standing choice", "Share of zero keys"},
	{"MSK-09", "RFC 6455 §5.3", wire.Server, LevelMust, false, "Unmasking is right at every length mod 4 and across TCP splits", "lengths 0–9 with splits at each offset, key bytes all different"},
	{"MSK-10", "RFC 6455 §5.3", wire.Server, LevelMust, false, "Key 0, key FF…, and key equal to payload work", "3 special keys"},
	{"MSK-11", "RFC 6455 §5.3", wire.Server, LevelMust, false, "Each fragment has its own key and is unmasked by it", "3 fragments with 3 keys, odd lengths"},
	{"MSK-12", "RFC 6455 §6.2", wire.Server, LevelMust, false, "Masking is removed before the data are used", "echo equality with random keys"},
	// FRG: Fragmentation.
	{"FRG-01", "RFC 6455 §5.4", 0, LevelMust, false, "Fragmented messages are put together", "2, 3, 10 fragments"},
	{"FRG-02", "RFC 6455 §5.4", 0, LevelMust, false, "Zero-length first, middle and last fragments are fine", "0+0+0; x+0; 0+x"},
	{"FRG-03", "RFC 6455 §5.4", 0, LevelMust, false, "Control frames between fragments are handled", "ping mid-message: fail if no pong ever comes or the message is damaged; pong only after the message = strict"},
	{"FRG-04", "RFC 6455 §5.4", 0, LevelMust, false, "A close in the middle of a fragmented message is honoured", "fragment, close"},
	{"FRG-05", "RFC 6455 §5.4", 0, LevelMust, false, "A pong in the middle is ignored", "fragment, pong, fragment"},
	{"FRG-06", "RFC 6455 §5.4", 0, LevelDerived, false, "Continuation with nothing to continue is an error", "FIN=1 and FIN=0; acting = fail (pong, echo, delivery)"},
	{"FRG-07", "RFC 6455 §5.4", 0, LevelDerived, false, "A new data frame before the message ends is an error", "text FIN=0 then text / binary; acting = fail (pong, echo, delivery)"},
	{"FRG-08", "RFC 6455 §5.4", 0, LevelMust, false, "The type of the whole is that of the first frame", "binary fragmented echoed as binary"},
	{"FRG-09", "RFC 6455 §5.4, §6.2", 0, LevelMust, false, "Order is kept and each message is delivered once", "numbered fragments"},
	{"FRG-10", "RFC 6455 §5.4, §6.1(3)(4)", 0, LevelMust, false, "A sender that fragments does so legally (op≠0 first, op 0 after, FIN last); fragments of two messages never interleaved", "check device output"},
	{"FRG-11", "RFC 6455 §10.4", 0, LevelMust, false, "Endless fragments (no FIN) are bounded", "1-octet fragments to limit×2: close or drop. Zero-length ×10⁵: close or keep working; fail on crash or memory not returned"},
	{"FRG-12", "RFC 6455 §5.4", 0, LevelMust, false, "A message that was cut by connection loss is not delivered and leaves no state", "fragment, RST, reconnect, continuation → must be an error; new text works"},
}
