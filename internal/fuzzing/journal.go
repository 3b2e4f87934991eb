package fuzzing

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"wsprobe/internal/conformance"
)

// Journal remembers on disk which inputs of a campaign are done, so that a
// campaign that was killed goes on where it was. It takes eight octets an input.
// It may be used by several goroutines.
type Journal struct {
	file *os.File
	mu   sync.Mutex
	done map[uint64]bool  // at and above next
	next uint64           // all below are done
	of   [numFamilies]int // inputs of each family that are done
}

// numFamilies bounds how many families there are. A record is the number of the
// input and, in its last octet, that of the family.
const numFamilies = 16

// OpenJournal opens the journal of a campaign, or begins one. what tells the
// seed and whatever else decides the inputs: it is an error if the journal is of
// another campaign.
func OpenJournal(path, what string) (*Journal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if is, err := file.Stat(); err != nil || !is.Mode().IsRegular() {
		file.Close()
		return nil, errors.Join(err, fmt.Errorf("%s: not a regular file", path))
	}
	j := &Journal{file: file, done: map[uint64]bool{}}
	if err := j.read(what); err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return j, nil
}

// maxWhat bounds the first line of a journal, in octets.
const maxWhat = 4 << 10

// read takes the first line, and then the numbers. A number that is cut short,
// as by a power cut, is overwritten.
func (j *Journal) read(what string) error {
	r := bufio.NewReaderSize(j.file, maxWhat)
	line, err := r.ReadSlice('\n')
	if err == io.EOF && len(line) == 0 {
		_, err := j.file.WriteString(what + "\n")
		return err
	}
	if err != nil || string(line) != what+"\n" {
		return fmt.Errorf("the journal is of another campaign (%.200q)", line)
	}
	for at := int64(len(line)); ; at += 8 {
		var n [8]byte
		if _, err := io.ReadFull(r, n[:]); err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			_, err := j.file.Seek(at, io.SeekStart)
			return err
		} else if err != nil {
			return err
		}
		family := n[7]
		if int(family) >= len(conformance.Families()) {
			return fmt.Errorf("the journal is broken: no family %d", family)
		}
		j.mark(binary.BigEndian.Uint64(n[:])>>8, int(family))
	}
}

// Done reports whether an input is done.
func (j *Journal) Done(n int) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return uint64(n) < j.next || j.done[uint64(n)]
}

// Count returns how many inputs are done.
func (j *Journal) Count() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return int(j.next) + len(j.done)
}

// Inputs returns how many inputs of a family are done.
func (j *Journal) Inputs(f conformance.Family) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.of[slices.Index(conformance.Families(), f)]
}

// Add notes that an input is done.
func (j *Journal) Add(n int, f conformance.Family) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	family := slices.Index(conformance.Families(), f)
	j.mark(uint64(n), family)
	_, err := j.file.Write(binary.BigEndian.AppendUint64(nil, uint64(n)<<8|uint64(family)))
	return err
}

// mark keeps what is done in as little memory as the order allows.
func (j *Journal) mark(n uint64, family int) {
	if n < j.next || j.done[n] {
		return
	}
	j.of[family]++
	j.done[n] = true
	for j.done[j.next] {
		delete(j.done, j.next)
		j.next++
	}
}

// Close closes the file.
func (j *Journal) Close() error { return j.file.Close() }
