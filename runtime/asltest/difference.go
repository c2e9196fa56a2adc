package asltest

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Difference is where a replay goes another way than the execution went.
type Difference struct {
	Place     string // of the state in the machine's file, as file:line; "" if it is not known
	State     string // "" if it is the execution
	What      string // what differs: "the parameters of attempt 2"
	Want, Got string // as AWS had it, and as the replay has it

	event int64 // of the history, or where it has none of the replay
}

// String returns the difference as a line, and what was wanted and had as two more.
func (d Difference) String() string {
	text := d.What
	if d.State != "" {
		text = fmt.Sprintf("%s: %s", d.State, text)
	}
	if d.Place != "" {
		text = d.Place + ": " + text
	}
	return fmt.Sprintf("%s\n\tAWS:  %s\n\there: %s", text, d.Want, d.Got)
}

// comparison collects the differences of two executions.
type comparison struct {
	redaction
	places map[string]string
	all    []Difference
}

// differences compares a replay with what it replays.
func differences(p asl.Program, want, got *told, r redaction) []Difference {
	c := &comparison{redaction: r, places: placesOf(p)}
	wanted, keys := want.visitsOf()
	had, gotKeys := got.visitsOf()
	for _, key := range keys {
		for i, w := range wanted[key] {
			if i >= len(had[key]) {
				c.note(w.entry, w.state, "the state is not entered"+again(i), c.shown(w.input), "nothing")
				continue
			}
			c.visit(w, had[key][i])
		}
	}
	for _, key := range gotKeys {
		for i := len(wanted[key]); i < len(had[key]); i++ {
			if !want.distributed || !inside(want, had[key][i]) {
				c.note(had[key][i].entry, had[key][i].state, "the state is entered"+again(i), "nothing", c.shown(had[key][i].input))
			}
		}
	}
	for i, w := range append(slices.Clone(want.before), want.ending) {
		if i < len(got.before) {
			c.end(w, got.before[i])
		} else if i == len(got.before) {
			c.end(w, got.ending)
		}
	}
	slices.SortStableFunc(c.all, func(a, b Difference) int { return cmp.Compare(a.event, b.event) })
	return c.all
}

// inside reports whether a visit may be one of a child of a DISTRIBUTED Map, whose history is not told here.
func inside(want *told, v *visit) bool {
	for _, w := range want.visits {
		if w.state == v.state {
			return false
		}
	}
	return true
}

func again(i int) string {
	if i == 0 {
		return ""
	}
	return fmt.Sprintf(", time %d", i+1)
}

func (c *comparison) note(event int64, state, what, want, got string) {
	c.all = append(c.all, Difference{c.places[state], state, what, want, got, event})
}

func (c *comparison) document(event int64, state, what string, want, got value.Value) {
	if !want.IsAbsent() && !like(want, got) {
		w, g := c.both(want, got)
		c.note(event, state, what, w, g)
	}
}

func (c *comparison) visit(want, got *visit) {
	c.document(want.entry, want.state, "the input", want.input, got.input)
	for i, w := range want.attempts {
		if i >= len(got.attempts) {
			c.note(w.id, want.state, fmt.Sprintf("attempt %d of the task is not made", i+1), c.shown(w.sent), "nothing")
			continue
		}
		c.document(w.id, want.state, fmt.Sprintf("the parameters of attempt %d", i+1), w.sent, got.attempts[i].sent)
	}
	if i := len(want.attempts); i < len(got.attempts) {
		c.note(want.exit, want.state, fmt.Sprintf("attempt %d of the task is made", i+1), "nothing", c.shown(got.attempts[i].sent))
	}
	switch {
	case want.left && got.left:
		c.document(want.exit, want.state, "the output", want.output, got.output)
		c.document(want.exit, want.state, "the variables that it assigns", want.assigned, got.assigned)
	case want.left != got.left:
		c.note(max(want.exit, want.entry), want.state, "how the state is left", c.left(want), c.left(got))
	}
}

func (r redaction) left(v *visit) string {
	if v.left {
		return "with the output " + r.shown(v.output)
	}
	return "it is not left"
}

// end compares how executions have ended.
func (c *comparison) end(want, got ending) {
	event := cmp.Or(want.event, math.MaxInt64)
	if want.status != got.status {
		c.note(event, "", "how the execution ends", c.ending(want), c.ending(got))
		return
	}
	c.document(event, "", "the output", want.output, got.output)
	if want.err == nil || got.err == nil {
		return
	}
	if want.err.Name != got.err.Name {
		c.note(event, "", "the error", want.err.Name, got.err.Name)
	}
	c.document(event, "", "the cause", value.String(want.err.Cause), value.String(got.err.Cause))
}

func (r redaction) ending(t ending) string {
	if t.err == nil {
		return fmt.Sprintf("%s %s", t.status, r.shown(t.output))
	}
	cause := t.err.Cause
	if r {
		cause = sameScalar
	}
	return fmt.Sprintf("%s: %s: %s", t.status, t.err.Name, cause)
}

// fleeting are parts of texts that are another every time.
var fleeting = regexp.MustCompile(strings.Join([]string{
	`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`, // UUIDs
	`[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9:]+)`,                        // times
	`arn:aws[a-z-]*:iam::[0-9]*:role/[^"\s]*`,                                     // those of the execution
	`arn:aws[a-z-]*:states:[^:"]*:[^:"]*:(?:execution|express|mapRun|stateMachine):[^"\s]*`,
	`asltoken\.[A-Za-z0-9_.+/=-]+|AQC?[A-Za-z0-9+/=]{100,}`, // task tokens
}, "|"))

// like reports whether two documents are the same but for what is another every time.
func like(want, got value.Value) bool {
	if want.Equal(got) {
		return true
	}
	if want.Kind() != got.Kind() {
		return false
	}
	switch want.Kind() {
	case value.StringKind:
		a, _ := want.AsString()
		b, _ := got.AsString()
		return alike(a, b)
	case value.ArrayKind:
		if want.Len() != got.Len() {
			return false
		}
		for i, e := range want.Elements() {
			if !like(e, got.At(i)) {
				return false
			}
		}
		return true
	case value.ObjectKind:
		if want.Len() != got.Len() {
			return false
		}
		for name, e := range want.Members() {
			if !like(e, got.Get(name)) {
				return false
			}
		}
		return true
	}
	return false
}

// redacted stands in place of secrets.
const redacted = "[redacted]"

// alike is like for texts. What was redacted may be any text.
func alike(want, got string) bool {
	want, got = fleeting.ReplaceAllString(want, "…"), fleeting.ReplaceAllString(got, "…")
	parts := strings.Split(want, redacted)
	if len(parts) == 1 {
		return want == got
	}
	got, begins := strings.CutPrefix(got, parts[0])
	if !begins {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		_, rest, found := strings.Cut(got, part)
		if !found {
			return false
		}
		got = rest
	}
	return strings.HasSuffix(got, parts[len(parts)-1])
}
