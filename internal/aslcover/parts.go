// Package aslcover is which parts the definition of a machine has that its tests may run, where they stand, and which of them were run: as a
// profile in the form of Go's own, which go tool cover shows.
package aslcover

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/internal/covered"
	"github.com/r-seed-632eed22/aslgen/internal/places"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Kinds are the kinds of parts, in the order in which they are shown.
var Kinds = []string{"states", "transitions", "rules", "retriers", "catchers", "branches"}

// Part is a part of a definition.
type Part struct {
	State string // whose part it is, or that it is
	Field string // Next, Choices, Default, Retry, Catch or Branches; "" is the state
	Index int
	Block Block
	// Segments are the block without the parts inside it, in the order of the file: go tool cover shows no block in another. The first begins
	// with the block.
	Segments []Block
}

// Block is a place in a file, from a line and column to another, which is behind it. All begin with 1.
type Block struct{ StartLine, StartColumn, EndLine, EndColumn int }

// String names the part.
func (p Part) String() string {
	switch p.Field {
	case "":
		return p.State
	case covered.Next, covered.Default:
		return p.Field + " of " + p.State
	}
	return fmt.Sprintf("%s[%d] of %s", p.Field, p.Index, p.State)
}

// kinds returns what a part counts as: a rule is a transition too.
func (p Part) kinds() []string {
	return map[string][]string{
		"": {"states"}, covered.Next: {"transitions"}, covered.Default: {"transitions"}, covered.Rule: {"transitions", "rules"},
		covered.Retrier: {"retriers"}, covered.Catcher: {"transitions", "catchers"}, covered.Branch: {"branches"},
	}[p.Field]
}

// Text is a definition, which is JSON, and where its parts stand in the file: see the package places.
type Text struct{ Definition, Places string }

// Parts returns the parts of a definition, in the order of the file.
func Parts(t Text) ([]Part, error) {
	definition := withoutBare(t.Definition)
	v, err := value.Parse([]byte(definition))
	if err != nil {
		return nil, err
	}
	spans, err := spansOf(definition)
	if err != nil {
		return nil, err
	}
	d := &definer{text: definition, where: t.Places, spans: spans}
	d.machine(v, "")
	for i := range d.parts {
		d.parts[i].Segments = segments(d.parts[i].Block, d.parts)
	}
	return d.parts, nil
}

// segments returns a block without the parts inside it.
func segments(b Block, parts []Part) (all []Block) {
	var inside []Block // but for those that are in others of them
	for _, p := range parts {
		if last := len(inside) - 1; p.Block != b && b.has(p.Block) && (last < 0 || !inside[last].has(p.Block)) {
			inside = append(inside, p.Block)
		}
	}
	slices.SortFunc(inside, Block.compare)
	at := b
	for _, in := range inside {
		at.EndLine, at.EndColumn = in.StartLine, in.StartColumn
		all = append(all, at)
		at.StartLine, at.StartColumn = in.EndLine, in.EndColumn
	}
	at.EndLine, at.EndColumn = b.EndLine, b.EndColumn
	return append(all, at)
}

// has reports whether another block is in this one.
func (b Block) has(other Block) bool {
	return slices.Compare([]int{b.StartLine, b.StartColumn}, []int{other.StartLine, other.StartColumn}) <= 0 &&
		slices.Compare([]int{other.EndLine, other.EndColumn}, []int{b.EndLine, b.EndColumn}) <= 0
}

func (b Block) compare(other Block) int {
	return slices.Compare([]int{b.StartLine, b.StartColumn, b.EndLine, b.EndColumn}, []int{other.StartLine, other.StartColumn, other.EndLine, other.EndColumn})
}

// States returns the lines on which the states of a definition begin, by their names; none if it is not JSON.
func States(t Text) map[string]int {
	lines := map[string]int{}
	parts, _ := Parts(t)
	for _, p := range parts {
		if p.Field == "" {
			lines[p.State] = p.Block.StartLine
		}
	}
	return lines
}

// withoutBare puts a number of the same length in place of each ${Name} that stands where JSON needs a value: the program was made with one.
func withoutBare(definition string) string {
	text := []byte(definition)
	inside := false
	for i := 0; i < len(text); i++ {
		switch {
		case inside && text[i] == '\\':
			i++
		case text[i] == '"':
			inside = !inside
		case !inside && bytes.HasPrefix(text[i:], []byte("${")):
			for end := bytes.IndexByte(text[i:], '}'); end >= 0; end-- {
				text[i+end] = '1'
			}
		}
	}
	return string(text)
}

// span is where a member or an element stands: from its name, if it has one, to its end.
type span struct{ start, end int }

// spansOf returns the spans of all values by their JSON Pointers.
func spansOf(text string) (map[string]span, error) {
	spans := map[string]span{}
	decoder := jsontext.NewDecoder(strings.NewReader(text))
	for before := 0; ; {
		_, err := decoder.ReadToken()
		if err != nil && decoder.StackDepth() > 0 {
			return nil, err
		}
		if err != nil {
			return spans, nil
		}
		start := before + len(text[before:]) - len(strings.TrimLeft(text[before:], " \t\r\n,:"))
		before = int(decoder.InputOffset())
		pointer := string(decoder.StackPointer())
		s, known := spans[pointer]
		if !known {
			s.start = start
		}
		s.end = before
		spans[pointer] = s
	}
}

// definer collects the parts of a definition.
type definer struct {
	text  string
	where string
	spans map[string]span
	parts []Part
}

func (d *definer) machine(m value.Value, pointer string) {
	for name, s := range m.Get("States").Members() {
		d.state(name, s, pointer+"/States/"+escape(name))
	}
}

func (d *definer) state(name string, s value.Value, pointer string) {
	d.part(name, "", 0, pointer)
	list := func(field string) {
		for i := range s.Get(field).Elements() {
			d.part(name, field, i, pointer+"/"+field+"/"+strconv.Itoa(i))
		}
	}
	list(covered.Rule)
	for _, field := range []string{covered.Default, covered.Next} {
		if !s.Get(field).IsAbsent() {
			d.part(name, field, 0, pointer+"/"+field)
		}
	}
	list(covered.Retrier)
	list(covered.Catcher)
	list(covered.Branch)
	for i, branch := range s.Get(covered.Branch).Elements() {
		d.machine(branch, pointer+"/Branches/"+strconv.Itoa(i))
	}
	for _, field := range []string{"ItemProcessor", "Iterator"} {
		d.machine(s.Get(field), pointer+"/"+field)
	}
}

func (d *definer) part(state, field string, index int, pointer string) {
	s := d.spans[pointer]
	startLine, startColumn := places.Of(d.where, d.text, s.start)
	endLine, endColumn := places.Of(d.where, d.text, s.end)
	d.parts = append(d.parts, Part{State: state, Field: field, Index: index, Block: Block{startLine, startColumn, endLine, endColumn}})
}

func escape(token string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(token) }
