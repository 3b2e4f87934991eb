package page

import (
	"fmt"
	"strconv"
	"time"
)

// A moment is a time as pages show it.
type moment struct{ time.Time }

// ISO is the moment for a script.
func (m moment) ISO() string { return m.UTC().Format("2006-01-02T15:04:05.000Z") }

// Day is the moment in full, for who looks closer.
func (m moment) Day() string { return m.Format("2006-01-02 15:04:05 MST") }

// Clock is the time of day.
func (m moment) Clock() string { return m.Format("15:04:05") }

// grouped is a number with its thousands apart.
func grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// octets is a number of octets, rounded where it is large.
func octets(n uint64) string {
	const units = "KMGTPE"
	if n < 1<<10 {
		return strconv.FormatUint(n, 10)
	}
	size := float64(n) / (1 << 10)
	unit := 0
	for size >= 999.95 && unit < len(units)-1 {
		size, unit = size/(1<<10), unit+1
	}
	return strconv.FormatFloat(size, 'f', 1, 64) + " " + units[unit:unit+1] + "iB"
}

// ordinal is "2nd" of 2.
func ordinal(n int) string {
	end := "th"
	if tens := n / 10 % 10; tens != 1 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return strconv.Itoa(n) + end
}

// count is a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
