package runtime

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/internal/placeholder"
)

// located says where in the machine's file it lies that an execution has failed, if that is known.
func (r *run) located(err error) error {
	failed, ok := err.(*Error)
	if !ok || failed.state == "" || r.definition == nil || r.definition.Source == "" {
		return err
	}
	source := r.definition.Source
	at := findFault(source, failed.state, failed.Cause)
	if at < 0 {
		return err
	}
	before, placed := source[:at], *failed // events have the other already
	placed.Place = fmt.Sprintf("%s:%d:%d", r.definition.File, strings.Count(before, "\n")+1, at-strings.LastIndexByte(before, '\n'))
	return &placed
}

// findFault returns where a state has the expression that a cause cites, or else where the state's name stands; -1 if the
// machine cannot be read that far.
func findFault(source, state, cause string) int {
	source = readable(source)
	f := faultFinder{source: source, state: state, cause: cause, at: -1}
	f.decoder = json.NewDecoder(strings.NewReader(source))
	for !f.left && f.next() {
	}
	return f.at
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

type faultFinder struct {
	source, state, cause string
	decoder              *json.Decoder
	open                 []openValue // objects and arrays around the next token
	inside               int         // how many of them are around the state; 0 before it is found
	at                   int
	longest              int // cited expression so far
	left                 bool
}

// openValue is an object or array; of an object, the name of the member that is being read.
type openValue struct {
	object, named bool
	name          string
}

// next takes the next token. It returns false at the end, or where the text is not JSON.
func (f *faultFinder) next() bool {
	from := int(f.decoder.InputOffset())
	token, err := f.decoder.Token()
	if err != nil {
		return false
	}
	top := len(f.open) - 1
	text, isText := token.(string)
	switch {
	case isText && top >= 0 && f.open[top].object && !f.open[top].named:
		f.open[top].name, f.open[top].named = text, true
		f.member(from)
		return true
	case token == json.Delim('{'), token == json.Delim('['):
		f.open = append(f.open, openValue{object: token == json.Delim('{')})
		return true
	case token == json.Delim('}'), token == json.Delim(']'):
		f.open = f.open[:top]
	case isText:
		f.cites(text, from)
	}
	if top := len(f.open) - 1; top >= 0 {
		f.open[top].named = false
	}
	return true
}

// member looks at the name of a member: the state begins with its own and ends before the next one beside it.
func (f *faultFinder) member(from int) {
	top := len(f.open) - 1
	switch {
	case f.inside > 0:
		f.left = len(f.open) <= f.inside
	case f.open[top].name == f.state && top > 0 && f.open[top-1].name == "States":
		f.inside, f.at = len(f.open), f.start(from)
	}
}

// cites looks at a text in the state: of the expressions that the cause cites the longest is meant.
func (f *faultFinder) cites(text string, from int) {
	if f.inside == 0 || len(f.open) <= f.inside {
		return
	}
	for _, around := range f.open[f.inside:] {
		if around.name == "States" {
			return // a state inside the state
		}
	}
	if isQuery(text) {
		text = strings.TrimSpace(text[2 : len(text)-2])
	} else if !strings.HasPrefix(text, "$") && !strings.HasPrefix(text, "States.") {
		return
	}
	if len(text) > f.longest && strings.Contains(f.cause, text) {
		f.longest, f.at = len(text), f.start(from)
	}
}

// start returns where the string begins that was read from a place on.
func (f *faultFinder) start(from int) int { return from + strings.IndexByte(f.source[from:], '"') }
