package conformance

import "fmt"

// deflateSizes are the messages of each group of compression cases: their size,
// in characters or octets, and that of the fragments into which they are cut
// when compressed.
var deflateSizes = []struct{ size, fragment int }{
	{16, 0}, {64, 0}, {256, 0}, {1024, 0}, {4096, 0},
	{8192, 0}, {16384, 0}, {32768, 0}, {65536, 0}, {131072, 0},
	{8192, 256}, {16384, 256}, {32768, 256}, {65536, 256}, {131072, 256},
	{131072, 1024}, {131072, 4096}, {131072, 32768},
}

// Autobahn passes a device that does not compress its answers, and so do these
// cases: they are about what it makes of ours (RFC 7692 §7.2.2).
func deflate() (cases []Case) {
	for i, c := range Corpora() {
		cases = append(cases, rallies(nth("12", i), "§7.2.2", c, "")...)
	}
	return cases
}

// rallies are the cases of a group. What its title says of the offers follows
// the data.
func rallies(group ID, section string, corpus Corpus, title string, offers ...string) (cases []Case) {
	message, unit := Binary(""), "octets"
	if corpora[corpus].characters > 0 {
		message, unit = Text(""), "characters"
	}
	for i, s := range deflateSizes {
		data := fmt.Sprintf("1000 messages of %d %s of %s", s.size, unit, corpora[corpus].what)
		if s.fragment > 0 {
			data += fmt.Sprintf(" in compressed fragments of %d", s.fragment)
		}
		cases = append(cases, negotiated(nth(string(group), i), section, data+title, Script{
			Deflate(offers...),
			Within(60 * second),
			RallySlices(1000, message, Slice{corpus, s.size}, s.fragment),
			CloseNormally(),
		}))
	}
	return cases
}
