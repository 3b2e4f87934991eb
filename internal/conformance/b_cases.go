package conformance

import "fmt"

// A family numbers the cases of one row: SRQ.11.1, SRQ.11.2…
type family struct {
	row   string // "SRQ.11"
	cases []Case
}

// add adds a case of a level; constructors such as must make it.
func (f *family) add(level func(ID, string, string, Script) Case, section, title string, script Script) {
	id := ID(fmt.Sprintf("%s.%d", f.row, len(f.cases)+1))
	f.cases = append(f.cases, level(id, section, title, script))
}

// opens is a script in which the device must take an opening handshake that
// begins with the steps.
func opens(opening ...Step) Script {
	return append(opening, Open(), CloseNormally())
}

// stimuli makes a case for each of the scripts, all of one row.
func stimuli(row, section string, level func(ID, string, string, Script) Case, scripts ...titled) []Case {
	f := family{row: row}
	for _, s := range scripts {
		f.add(level, section, s.title, s.script)
	}
	return f.cases
}

// titled is a script, and what we do in it in one line.
type titled struct {
	title  string
	script Script
}
