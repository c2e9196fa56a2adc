package aslcover

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Profile is which segments of files were run.
type Profile map[string]map[Block]bool

// Add adds what is known of a segment of a file.
func (p Profile) Add(file string, segment Block, run bool) {
	if p[file] == nil {
		p[file] = map[Block]bool{}
	}
	p[file][segment] = p[file][segment] || run
}

// mode is the first line of a profile.
const mode = "mode: set"

// Write writes the profile as go test -coverprofile does.
func (p Profile) Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, mode)
	for _, file := range slices.Sorted(maps.Keys(p)) {
		for _, s := range slices.SortedFunc(maps.Keys(p[file]), Block.compare) {
			run := 0
			if p[file][s] {
				run = 1
			}
			fmt.Fprintf(b, "%s:%d.%d,%d.%d 1 %d\n", file, s.StartLine, s.StartColumn, s.EndLine, s.EndColumn, run)
		}
	}
	return b.Flush()
}

var line = regexp.MustCompile(`^(.+):([0-9]+)\.([0-9]+),([0-9]+)\.([0-9]+) [0-9]+ ([0-9]+)$`)

// Read adds what a profile says to this one.
func (p Profile) Read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		if text == mode || text == "" {
			continue
		}
		m := line.FindStringSubmatch(text)
		if m == nil {
			return fmt.Errorf("line %d is none of a profile: %s", n, text)
		}
		numbers := make([]int, 5)
		for i, digits := range m[2:] {
			number, err := strconv.Atoi(digits)
			if err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			}
			numbers[i] = number
		}
		p.Add(m[1], Block{numbers[0], numbers[1], numbers[2], numbers[3]}, numbers[4] > 0)
	}
	return lines.Err()
}

// Merge adds the profile in a file, if there is one, and writes both there.
func (p Profile) Merge(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := lock(f); err != nil { // tests of packages run side by side
		return err
	}
	if err := p.Read(f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	return p.Write(f)
}

// Count is how many parts of a kind a file has, and how many of them were run.
type Count struct{ Run, All int }

// Percent returns how many of a hundred parts were run; of none all were.
func (c Count) Percent() float64 {
	if c.All == 0 {
		return 100
	}
	return 100 * float64(c.Run) / float64(c.All)
}

// Summary is what was run of a machine.
type Summary struct {
	Counts map[string]Count // by kinds
	Missed []Part           // what was not, in the order of the file
}

// Summarize counts what was run of the definitions in a file. A segment that is of no part is an error: it was another definition that was run.
func Summarize(run map[Block]bool, definitions ...Text) (Summary, error) {
	var parts []Part
	for _, d := range definitions {
		more, err := Parts(d)
		if err != nil {
			return Summary{}, err
		}
		parts = append(parts, more...)
	}
	known := map[Block]bool{}
	for _, part := range parts {
		for _, s := range part.Segments {
			known[s] = true
		}
	}
	for b := range run {
		if !known[b] {
			return Summary{}, fmt.Errorf("the profile is of another version of the file: it has no part that begins at %d:%d", b.StartLine, b.StartColumn)
		}
	}
	s := Summary{Counts: map[string]Count{}}
	for _, part := range parts {
		was := run[part.Segments[0]]
		for _, kind := range part.kinds() {
			c := s.Counts[kind]
			if c.All++; was {
				c.Run++
			}
			s.Counts[kind] = c
		}
		if !was {
			s.Missed = append(s.Missed, part)
		}
	}
	return s, nil
}

// String shows the counts of the kinds that the machine has: states 12/12, transitions 15/17.
func (s Summary) String() string {
	var counts []string
	for _, kind := range Kinds {
		if c := s.Counts[kind]; c.All > 0 {
			counts = append(counts, fmt.Sprintf("%s %d/%d", kind, c.Run, c.All))
		}
	}
	return strings.Join(counts, ", ")
}

// MissedText lists the missed parts as file:line: Retry[0] of Pay.
func (s Summary) MissedText(file string) string {
	var b strings.Builder
	for _, part := range s.Missed {
		fmt.Fprintf(&b, "\t%s:%d: %s is not run\n", file, part.Block.StartLine, part)
	}
	return b.String()
}
