package lower

import (
	"maps"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
)

// origin says what a state's input still is of the execution's: all of it, but for members that were written since.
type origin struct {
	reached bool
	input   bool            // it is the execution's input, with
	written map[string]bool // these members perhaps replaced or added
	always  bool            // every execution comes here, and first by this way
}

// join adds what comes by another way; it reports whether that changed anything.
func (o *origin) join(other origin) bool {
	if !o.reached {
		*o = origin{reached: true, input: other.input, written: maps.Clone(other.written), always: other.always}
		return true
	}
	before := len(o.written)
	for name := range other.written {
		o.written[name] = true
	}
	changed := o.input && !other.input || len(o.written) != before
	o.input = o.input && other.input
	return changed
}

// flow follows the execution's input through the states of a machine, and into the branches of those that hand it on.
func (w *lowering) flow(m *ast.Machine, in origin) {
	start := w.byName[m.StartAt.Text]
	start.origin.join(in)
	for work := []*state{start}; len(work) > 0; {
		s := work[0]
		work = work[1:]
		targets := targetsOf(s.State)
		for _, name := range targets {
			next := w.byName[name]
			if next == nil {
				continue
			}
			out := s.after(name)
			out.always = s.origin.always && len(targets) == 1 && !next.origin.reached
			if next.origin.join(out) {
				work = append(work, next)
			}
		}
	}
	for _, s := range m.States {
		at := w.byName[s.Name.Text].origin
		for _, inner := range innerMachines(s) {
			handed := at.input && s.ItemProcessor == nil && isDefault(s.InputPath) && s.Parameters == nil
			w.flow(inner, origin{input: handed, written: maps.Clone(at.written), always: at.always})
		}
	}
}

// after returns what the execution's input is after a state that leads to the one named.
func (s *state) after(next string) origin {
	out := origin{input: false, written: maps.Clone(s.origin.written)}
	byNext := s.Next != nil && s.Next.Text == next || s.Type.Text == "Choice"
	if byNext && isDefault(s.OutputPath) {
		out.input = s.origin.input && s.keeps(&out)
	}
	for _, c := range s.Catch {
		if c.Next == nil || c.Next.Text != next {
			continue
		}
		caught := s.origin.input && writes(c.ResultPath, &out)
		out.input = caught && (out.input || !byNext)
	}
	return out
}

// keeps reports whether the output of s is its input but for what ResultPath writes.
func (s *state) keeps(out *origin) bool {
	switch s.Type.Text {
	case "Task", "Parallel", "Map":
		return writes(s.ResultPath, out)
	case "Pass":
		if s.Parameters == nil && s.Result == nil && isDefault(s.InputPath) && isDefault(s.ResultPath) {
			return true
		}
		return writes(s.ResultPath, out)
	case "Choice", "Wait", "Succeed":
		return isDefault(s.InputPath)
	}
	return false
}

func isDefault(p *ast.Path) bool { return p == nil || p.Expr != nil && p.Expr.Text == "$" }

// writes notes the member that a ResultPath sets; it reports whether the rest of the input stays.
func writes(p *ast.Path, out *origin) bool {
	if p != nil && p.Null {
		return true
	}
	if isDefault(p) {
		return false
	}
	if p.Expr.Path == nil {
		return false
	}
	names, _ := p.Expr.Path.Names()
	if len(names) == 0 {
		return false
	}
	out.written[names[0]] = true
	return true
}
