package states

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/internal/placeholder"
	"github.com/r-seed-632eed22/aslgen/internal/places"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
)

// located says where in the machine's file it lies that an execution has failed, if that is known.
func (r *run) located(err error) error {
	failed, ok := err.(*asl.Error)
	if !ok || failed.State == "" || r.definition == nil || r.definition.Source == "" {
		return err
	}
	source := r.definition.Source
	at := findFault(source, failed.State, failed.At)
	if at < 0 {
		return err
	}
	placed := *failed // events have the other already
	line, column := places.Of(r.definition.Places, source, at)
	placed.Place = fmt.Sprintf("%s:%d:%d", r.definition.File, line, column)
	return &placed
}

// findFault returns where in the source a state has the value at a place of it, or as much of the way there as it has; -1 if
// the machine cannot be read that far.
func findFault(source, state string, at query.Pointer) int {
	source = readable(source)
	f := faultFinder{source: source, state: state, at: at, found: -1}
	f.decoder = json.NewDecoder(strings.NewReader(source))
	f.machine()
	return f.found
}

// byteOrderMark may begin a machine's file.
const byteOrderMark = "\uFEFF"

// readable returns a machine's file as JSON of the same length: a byte order mark is white space in it, and a ${Name}
// placeholder outside of a string a number.
func readable(source string) string {
	text := []byte(source)
	if strings.HasPrefix(source, byteOrderMark) {
		copy(text, "   ")
	}
	for _, m := range placeholder.InJSON(source) {
		if !m.InString {
			copy(text[m.Start:], "0"+strings.Repeat(" ", m.End-m.Start-1))
		}
	}
	return string(text)
}

// faultFinder reads a machine's file as far as the state that it looks for.
type faultFinder struct {
	source, state string
	at            query.Pointer
	decoder       *json.Decoder
	found         int // -1 before
}

// members calls f for each member of the object that comes next, until it returns false or there is no other. f reads the
// member's value. What is no object is read and left alone.
func (f *faultFinder) members(do func(name string, start int) (more bool)) bool {
	token, err := f.decoder.Token()
	if err != nil || token == json.Delim('[') {
		return err == nil && f.rest()
	}
	if token != json.Delim('{') {
		return true
	}
	for f.decoder.More() {
		start := f.start()
		name, err := f.decoder.Token()
		text, ok := name.(string)
		if err != nil || !ok || !do(text, start) {
			return false
		}
	}
	_, err = f.decoder.Token()
	return err == nil
}

// elements is members for the elements of an array.
func (f *faultFinder) elements(do func(i int) (more bool)) bool {
	token, err := f.decoder.Token()
	if err != nil || token == json.Delim('{') {
		return err == nil && f.rest()
	}
	if token != json.Delim('[') {
		return true
	}
	for i := 0; f.decoder.More(); i++ {
		if !do(i) {
			return false
		}
	}
	_, err = f.decoder.Token()
	return err == nil
}

// rest reads to the end of the object or array whose beginning was read.
func (f *faultFinder) rest() bool {
	for depth := 1; depth > 0; {
		token, err := f.decoder.Token()
		if err != nil {
			return false
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return true
}

// skip reads the value that comes next.
func (f *faultFinder) skip() bool {
	var v json.RawMessage
	return f.decoder.Decode(&v) == nil
}

// machine reads a machine, or one inside a state. It returns false once the state was found, or where the text is not JSON.
func (f *faultFinder) machine() bool {
	return f.members(func(name string, _ int) bool {
		if name != "States" {
			return f.skip()
		}
		return f.members(func(state string, start int) bool {
			if state == f.state {
				f.found = start
				f.follow(f.at)
				return false
			}
			return f.inside()
		})
	})
}

// inside reads a state and looks into the machines in it.
func (f *faultFinder) inside() bool {
	return f.members(func(name string, _ int) bool {
		switch name {
		case "Branches":
			return f.elements(func(int) bool { return f.machine() })
		case "ItemProcessor", "Iterator":
			return f.machine()
		}
		return f.skip()
	})
}

// follow goes from the value that comes next by what is left of the place, as far as there is a way.
func (f *faultFinder) follow(at query.Pointer) {
	if len(at) == 0 {
		return
	}
	step := func(token string) bool {
		if token != at[0] {
			return f.skip()
		}
		f.found = f.start()
		f.follow(at[1:])
		return false
	}
	if f.source[f.start()] == '[' {
		f.elements(func(i int) bool { return step(strconv.Itoa(i)) })
		return
	}
	f.members(func(name string, _ int) bool { return step(name) })
}

// start returns where the next name or value begins.
func (f *faultFinder) start() int {
	from := int(f.decoder.InputOffset())
	if n := strings.IndexFunc(f.source[from:], func(c rune) bool { return !strings.ContainsRune(" \t\r\n:,", c) }); n >= 0 {
		return from + n
	}
	return len(f.source) - 1
}
