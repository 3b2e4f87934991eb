package conformance

// of7692 makes cases of a level whose clause is one of RFC 7692.
func of7692(level func(ID, string, string, Script) Case) func(ID, string, string, Script) Case {
	return func(id ID, section, title string, script Script) Case {
		c := level(id, section, title, script)
		c.Spec = "RFC 7692 " + section
		return c
	}
}

// Payloads that are compressed: the examples of RFC 7692 §7.2.3, and what goes
// beyond them. Each stands for "Hello" unless its name says something else.
const (
	helloFixed  = "\xf2\x48\xcd\xc9\xc9\x07\x00"                         // §7.2.3.1
	helloStored = "\x00\x05\x00\xfa\xffHello\x00"                        // §7.2.3.3
	helloFinal  = "\xf3\x48\xcd\xc9\xc9\x07\x00\x00"                     // §7.2.3.4
	helloTwice  = "\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00" // §7.2.3.5, two blocks
	emptyFixed  = "\x02\x00"
	emptyStored = "\x00" // §7.2.3.6
)

// compressed returns a message as one that is compressed, which its payload is
// already: RSV1 is set (RFC 7692 §6).
func compressed(f Frame) Frame { return f.RSV(4) }

var (
	hello         = Text("Hello")
	helloDeflated = compressed(Text(helloFixed))
)

// inflating is what is made of compressed messages: PMD, once compression is
// agreed on. Where something refers to what was sent before, or far back, a
// rally compresses it: within what was agreed.
func inflating() (cases []Case) {
	row := func(row, section string, level func(ID, string, string, Script) Case, scripts ...titled) {
		cases = append(cases, stimuli(row, section, level, scripts...)...)
	}
	inflates := func(want Frame, frames ...Frame) Script {
		return Script{Deflate(), Send(frames...), Reply(want), CloseNormally()}
	}
	again := Rally(1, Text("What is sent is sent again."))
	row("PMD.16", "§6", negotiated,
		titled{"A compressed message in two fragments", inflates(hello,
			helloPart(0, 3).NoFin(), Continuation(helloFixed[3:]))},
		titled{"A compressed message in a fragment an octet", inflates(hello, octetByOctet()...)},
		titled{"A compressed message whose first fragment is empty", inflates(hello,
			helloPart(0, 0).NoFin(), Continuation(helloFixed))},
		titled{"A ping between two fragments of a compressed message", Script{
			Deflate(), Send(helloPart(0, 3).NoFin(), Ping("between"), Continuation(helloFixed[3:])),
			Must(Pong("between")), Reply(hello), CloseNormally()}},
		titled{"Long messages, of which the answers may be compressed fragments", rallied(4, Prose, 4096, 1000)})
	row("PMD.19", "§6", of7692(may),
		titled{"An uncompressed message", inflates(hello, hello)},
		titled{"An uncompressed message in two fragments", inflates(hello, Text("Hel").NoFin(), Continuation("lo"))},
		titled{"Uncompressed messages between compressed ones", Script{
			Deflate(), Send(helloDeflated), Reply(hello), Send(Binary("plain")), Reply(Binary("plain")),
			Send(helloDeflated), Reply(hello), CloseNormally()}})
	row("PMD.20", "§7.2.1", negotiated,
		titled{"Messages whose answers may be compressed: without their last four octets", rallied(8, JSON, 1024, 0)})
	row("PMD.22", "§7.2.3.5", negotiated,
		titled{"Two blocks, with an empty one between them", inflates(hello, compressed(Text(helloTwice)))},
		titled{"Messages of several blocks that refer to each other", Script{
			Deflate(), InBlocks(Several, RallySlices(8, Text(""), Slice{JSON, 256}, 0)), CloseNormally()}})
	row("PMD.23", "§7.2.2", negotiated,
		titled{"The same message three times", Script{Deflate(), Rally(3, Text("The same message, three times.")), CloseNormally()}},
		titled{"Short messages that refer back", rallied(32, JSON, 64, 0)},
		titled{"Short messages that refer back, with no word about that", plainly(RallySlices(32, Text(""), Slice{JSON, 64}, 0))})
	row("PMD.24", "§7.2.3.3", negotiated,
		titled{"A stored block", inflates(hello, compressed(Text(helloStored)))},
		titled{"A stored block without octets before another", inflates(hello, compressed(Text("\x00\x00\x00\xff\xff"+helloStored)))},
		titled{"A stored block of 4096 octets", inflates(Binary(stars(4096)),
			compressed(Binary("\x00\x00\x10\xff\xef")).NoFin(), Continuation(stars(4096)).NoFin(), Continuation("\x00"))},
		titled{"A message that refers to one in stored blocks", Script{
			Deflate(), InBlocks(Stored, again), again, CloseNormally()}},
		titled{"The same, with no word about context takeover", plainly(InBlocks(Stored, again), again)})
	row("PMD.25", "§7.2.3.4", negotiated,
		titled{"A final block", inflates(hello, compressed(Text(helloFinal)))},
		titled{"A message after one that ends in a final block", Script{
			Deflate(), Send(compressed(Text(helloFinal))), Reply(hello), Send(helloDeflated), Reply(hello), CloseNormally()}})
	row("PMD.26", "§7.2.3.6", negotiated,
		titled{"An empty message as one octet 0x00", inflates(Text(""), compressed(Text(emptyStored)))},
		titled{"An empty message as an empty block", inflates(Text(""), compressed(Text(emptyFixed)))},
		titled{"An empty last fragment", inflates(hello, helloDeflated.NoFin(), Continuation(""))})
	row("PMD.34", "§7.2.3.2", negotiated,
		titled{"An uncompressed message between one and another that may refer to it", Script{
			Deflate(), again, Send(Text("In between.")), Reply(Text("In between.")), again, CloseNormally()}},
		titled{"An uncompressed message there, with no word about context takeover", plainly(
			again, Send(Text("In between.")), Reply(Text("In between.")), again)})
	cases = append(cases, farBack()...)
	cases = append(cases, unfit()...)
	return append(cases, bombs()...)
}

// helloPart returns octets i to j of the compressed "Hello" as a first frame.
func helloPart(i, j int) Frame { return compressed(Text(helloFixed[i:j])) }

func octetByOctet() (fragments []Frame) {
	fragments = []Frame{helloPart(0, 1).NoFin()}
	for i := 1; i < len(helloFixed); i++ {
		fragments = append(fragments, Continuation(helloFixed[i:i+1]).NoFin())
	}
	fragments[len(fragments)-1].NotFin = false
	return fragments
}

// rallied is a session of messages that are compressed within what is agreed.
func rallied(count int, corpus Corpus, size, fragment int) Script {
	message := Text("")
	return Script{Deflate(), RallySlices(count, message, Slice{corpus, size}, fragment), CloseNormally()}
}

// plainly is a session with a server to which nothing was said about context
// takeover, so that it has no reason to forbid it.
func plainly(steps ...Step) Script {
	return append(append(Script{deflatePlainly(), Deflate()}, steps...), CloseNormally())
}

// farBack are matches as far back as the window is: 32,768 octets, if nothing
// smaller is agreed on, which a plain offer leaves no room for. Sixteen and
// thirteen octets repeat, so that a window of another size shows.
func farBack() []Case {
	unlimited := Offered(OfferedParam{Name: serverWindow, Absent: true})
	far := func(opening Step, unit, match string) Script {
		return Script{opening, Deflate(),
			Send(compressed(Text("\x00\x00\x80\xff\x7f")).NoFin(), Continuation(Repeated(unit, 32768)).NoFin(), Continuation(match)),
			Reply(Text(Repeated(unit, 32768+258))), CloseNormally()}
	}
	farthest := func(opening Step) Script { return far(opening, "0123456789abcdef", "\x1a\xbd\xff\x1f\x00") }
	nearly := func(opening Step) Script { return far(opening, "ABCDEFGHIJKLM", "\x1a\xbd\xf7\x1f\x00") }
	// For those who take no message so long: 520, 31 times 1024 and 504 octets.
	over := func(opening Step) Script {
		said := RallySlices(1, Text(""), Slice{Prose, 520}, 0)
		return Script{opening, Deflate(), said, Rally(31, Text(stars(1024))), Rally(1, Text(stars(504))), said, CloseNormally()}
	}
	return stimuli("PMD.33", "§7.2.2", negotiated,
		titled{"A match 32,768 octets back", farthest(deflatePlainly())},
		titled{"A match 32,760 octets back", nearly(deflatePlainly())},
		titled{"Long messages, compressed within the window that is agreed on", rallied(2, JSON, 65536, 0)},
		titled{"A match 32,768 octets back, over several messages", over(deflatePlainly())},
		titled{"A match 32,768 octets back, to a client", farthest(unlimited)},
		titled{"A match 32,760 octets back, to a client", nearly(unlimited)},
		titled{"A match 32,768 octets back, over several messages, to a client", over(unlimited)})
}
