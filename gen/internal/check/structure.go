package check

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// scope is a machine while its states are checked.
type scope struct {
	machine *ast.Machine
	states  map[string]*ast.State
	place   string                // where the machine stands
	meant   map[string]*ast.State // by names that no state has: the state whose name is all but that
	broken  bool                  // a way on is not known, so what follows from the transitions is not judged
}

// target returns the state that a transition leads to, or is meant to lead to; nil if that is not known.
func (in *scope) target(to *ast.String) *ast.State {
	if s := in.states[to.Text]; s != nil {
		return s
	}
	return in.meant[to.Text]
}

// collect enters every state into c.states; their names are unique in the whole machine (R3).
func (c *checker) collect(m *ast.Machine) {
	for s := range m.AllStates() {
		if first, twice := c.states[s.Name.Text]; twice {
			c.errorf(s.Name.Span, diag.DuplicateState, "there is another state %q in this machine", s.Name.Text).
				Relate(first.Name.Span, "the first %q", s.Name.Text)
		} else {
			c.states[s.Name.Text] = s
		}
	}
}

func (c *checker) machine(m *ast.Machine, place string) {
	c.machineFields(m, place)
	in := &scope{machine: m, place: place, states: make(map[string]*ast.State, len(m.States)), meant: map[string]*ast.State{}}
	for _, s := range m.States {
		in.states[s.Name.Text] = s
	}
	c.start(in)
	for _, s := range m.States {
		c.state(in, s)
	}
	c.flow(in)
}

// nested checks the machines inside a state.
func (c *checker) nested(s *ast.State) {
	for _, m := range s.Branches {
		c.machine(m, ast.InBranch)
	}
	if s.ItemProcessor != nil {
		c.machine(s.ItemProcessor, ast.InMap)
	}
}

func (c *checker) machineFields(m *ast.Machine, place string) {
	switch place {
	case ast.Outermost:
		c.fields("a machine", m.Fields, ast.MachineFieldsOf[place], false)
		c.version(m)
		c.machineTimeout(m)
		c.language(m.QueryLanguage)
	case ast.InBranch:
		c.innerFields("a branch", m, ast.MachineFieldsOf[place])
	case ast.InMap:
		c.innerFields("an item processor", m, ast.MachineFieldsOf[place])
		if config := m.ProcessorConfig; config != nil {
			c.fields("ProcessorConfig", config.Fields, ast.ProcessorConfigFields, false)
		}
	}
	var missing []string
	for _, name := range []string{"StartAt", "States"} {
		if m.Field(name) == nil {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		start := m.Span
		start.End = start.Start + 1
		c.errorf(start, diag.MissingField, "these fields are required: %s", strings.Join(missing, ", "))
	}
	if states := m.Field("States"); states != nil && states.Value.Kind == value.ObjectKind && len(states.Value.Members) == 0 {
		c.errorf(states.Value.Span, diag.NoStates, "a machine needs at least one state")
	}
}

// innerFields checks the fields of a nested machine, where those of the outermost one mean nothing (R7).
func (c *checker) innerFields(what string, m *ast.Machine, t *ast.Fields) {
	for i := range m.Fields {
		f := &m.Fields[i]
		if t.Named(f.Name) != nil {
			continue
		}
		switch {
		case f.Name == "QueryLanguage":
			c.errorf(f.Span, diag.UnknownField, "%s has no QueryLanguage: only a state and the outermost machine have", what).
				WithHint("each of its states can have its own")
		case ast.MachineFieldsOf[ast.Outermost].Named(f.Name) != nil:
			c.warnf(f.Span, diag.UnknownField, "%s has no %s: only the outermost machine has, and this one is ignored", what, f.Name)
		default:
			c.unknownField(what, f, m.Fields, t, false)
		}
	}
}

func (c *checker) start(in *scope) {
	start := in.machine.StartAt
	if start == nil {
		in.broken = true
		return
	}
	if _, ok := in.states[start.Text]; ok || len(in.states) == 0 {
		return
	}
	d := c.errorf(start.Span, diag.UnknownStart, "StartAt names %q, which is not a state of this machine", start.Text)
	if other, ok := c.states[start.Text]; ok {
		d.Relate(other.Name.Span, "%q is a state of another machine", start.Text)
	} else {
		d.WithHint(in.misspelt(start.Text))
	}
	in.broken = in.target(start) == nil
}

// misspelt notes which state is meant by a name that none has, if that is known, and returns the hint at it, else "".
func (in *scope) misspelt(name string) string {
	if near, ok := diag.Nearest(name, names(in)); ok {
		in.meant[name] = in.states[near]
	}
	return diag.DidYouMean(name, names(in))
}

// names returns the names of the states of a scope in the order written.
func names(in *scope) []string {
	names := make([]string, len(in.machine.States))
	for i, s := range in.machine.States {
		names[i] = s.Name.Text
	}
	return names
}

// maxStateName is the longest name of a state in characters (R3).
const maxStateName = 80

func (c *checker) stateName(s *ast.State) {
	switch n := utf8.RuneCountInString(s.Name.Text); {
	case n == 0:
		c.errorf(s.Name.Span, diag.BadStateName, "the name of a state cannot be empty")
	case n > maxStateName:
		c.errorf(s.Name.Span, diag.BadStateName, "the name of this state has %d characters; the limit is %d", n, maxStateName)
	}
}

// stateType returns the type of a state, and whether there is such a type.
func (c *checker) stateType(s *ast.State) (kind string, known bool) {
	switch {
	case s.Type != nil && slices.Contains(ast.StateTypes, s.Type.Text):
		return s.Type.Text, true
	case s.Type != nil:
		c.errorf(s.Type.Span, diag.UnknownStateType, "there is no state type %q: Type is one of %s",
			s.Type.Text, list(ast.StateTypes, "and")).WithHint(diag.DidYouMean(s.Type.Text, ast.StateTypes))
	case s.Field("Type") == nil:
		c.errorf(s.Name.Span, diag.UnknownStateType, "state %q has no Type: it is one of %s",
			s.Name.Text, list(ast.StateTypes, "and"))
	}
	return "", false
}

// isLanguage reports whether there is the query language, if one is written.
func isLanguage(l *ast.String) bool {
	return l == nil || l.Text == ast.JSONPath || l.Text == ast.JSONata
}

// language reports a query language that there is not.
func (c *checker) language(l *ast.String) {
	if !isLanguage(l) {
		c.errorf(l.Span, diag.BadQueryLanguage, "there is no query language %q: it is JSONPath or JSONata", l.Text).
			WithHint(diag.DidYouMean(l.Text, []string{ast.JSONPath, ast.JSONata}))
	}
}

func (c *checker) stateLanguage(s *ast.State) {
	c.language(s.QueryLanguage)
	machine := c.outermost.QueryLanguage
	if machine != nil && machine.Text == ast.JSONata && s.QueryLanguage != nil && s.QueryLanguage.Text == ast.JSONPath {
		c.errorf(s.QueryLanguage.Span, diag.BackToJSONPath, "a state of a JSONata machine cannot be JSONPath").
			Relate(machine.Span, "the machine is JSONata here")
	}
}

func (c *checker) version(m *ast.Machine) {
	if v := m.Version; v != nil && v.Text != "1.0" {
		c.errorf(v.Span, diag.UnknownVersion, "the only version of Amazon States Language is 1.0, not %q", v.Text)
	}
}

func (c *checker) machineTimeout(m *ast.Machine) {
	switch t := m.TimeoutSeconds; {
	case t == nil || t.Bare:
	case !inRange(t, ast.MachineFields.Named("TimeoutSeconds")):
		c.errorf(t.Span, diag.MachineTimeout, "TimeoutSeconds of a machine must be a whole number from 1 to %d, not %s",
			ast.MaxSeconds-1, t.Text)
	case isZero(t):
		c.warnf(t.Span, diag.MachineTimeout, "TimeoutSeconds %s limit nothing", t.Text).WithHint("leave the field out")
	}
}
