package infer

import (
	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

// mostEvents is how many events the history of an execution may have, if it is not an Express one (1.20).
const mostEvents = 25_000

// iterates notes over how many items a Map goes.
func (e *evaluation) iterates(items *shape.JSON) {
	if e.report {
		e.iterations[e.state] = items.Length
	}
}

// countEvents counts the events that every execution writes unless an error ends it, and reports too many, with the state
// that writes most of them.
func (a *analysis) countEvents(m *ast.Machine) {
	total, most, where := 2, 0, (*ast.State)(nil) // ExecutionStarted and ExecutionSucceeded
	for _, s := range a.orderOf(m).unavoidable {
		n := a.stateEvents(s)
		if total += n; n > most {
			most, where = n, s
		}
	}
	a.program.Events = total
	if total <= mostEvents || a.options.Express {
		return
	}
	a.list.Warnf(a.file, where.Name.Span, diag.HistoryFull, "every execution writes at least %d events, of which %q writes %d: it fails after %d",
		total, where.Name.Text, most, mostEvents).
		WithHint("the child executions of a distributed Map have histories of their own")
}

// events returns how many events a machine inside a state writes at least each time.
func (a *analysis) events(m *ast.Machine) (n int) {
	for _, s := range a.orderOf(m).unavoidable {
		n += a.stateEvents(s)
	}
	return min(n, 10*mostEvents)
}

// stateEvents returns how many events a state writes at least: that it is entered and left, and those of its work.
func (a *analysis) stateEvents(s *ast.State) int {
	n := 2
	switch {
	case s.Type.Text == "Fail":
		n = 1
	case s.Type.Text == "Task":
		n += 3 // scheduled, started, succeeded
	case s.Type.Text == "Parallel":
		n += 2
		for _, b := range s.Branches {
			n += a.events(b)
		}
	case s.Type.Text == "Map" && s.ItemProcessor.IsDistributed():
		n += 2
	case s.Type.Text == "Map":
		n += 2 + a.iterations[s]*(2+a.events(s.ItemProcessor))
	}
	return min(n, 10*mostEvents)
}
