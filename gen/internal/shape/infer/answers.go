package infer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
)

// answers finds what is read of the results of calls and is not in the services' models of them. A model may be older than its
// service, so it warns; and not where the same path may read other data, which may have the member.
func (a *analysis) answers() {
	w := answers{analysis: a, found: map[source.Span]bool{}}
	w.there(a.program.Input)
	for _, s := range slices.SortedFunc(maps.Keys(a.program.Results), func(s, t *ast.State) int { return cmp.Compare(s.Name.Span.Start, t.Name.Span.Start) }) {
		w.task(s, a.program.Results[s])
	}
	for _, m := range w.missing {
		if !w.found[m.at] && !a.reported[m.at] {
			a.reported[m.at] = true
			a.list.Warnf(a.file, m.at, diag.PathFindsNothing, "%s", m.message).WithHint(m.hint)
		}
	}
}

type answers struct {
	*analysis
	call    *awsmodel.Call
	what    string // the call, for a person
	found   map[source.Span]bool
	missing []unread
}

// unread is a place that reads a member which is not there.
type unread struct {
	at            source.Span
	message, hint string
}

// there notes that all that is read of a value may be there.
func (w *answers) there(n *shape.Need) {
	for _, read := range n.All() {
		w.found[read.Span] = true
	}
}

func (w *answers) task(s *ast.State, n *shape.Need) {
	r, _, _ := catalog.ParseResource(s.Resource.Text)
	w.call, w.what = r.Call(), r.Service+":"+r.Action
	if w.call == nil || r.Waits() || w.options.Results[s.Name.Text] != nil {
		w.there(n)
		return
	}
	w.walk(n, w.call.Output(), "")
}

// walk follows what is read of a value through its shape, which is nil if the result is empty.
func (w *answers) walk(n *shape.Need, x *awsmodel.Shape, path string) {
	if n == nil {
		return
	}
	for _, read := range n.Reads {
		w.found[read.Span] = true
	}
	switch {
	case x == nil || x.Kind == awsmodel.Structure || x.Kind == awsmodel.Union:
		for _, m := range n.Members {
			w.member(m, x, path)
		}
		w.there(n.Elem)
	case x.Kind == awsmodel.Map:
		for _, m := range n.Members {
			w.walk(m, x.Elem(), path+"."+m.Name)
		}
		w.there(n.Elem)
	case x.Kind == awsmodel.List:
		w.walk(n.Elem, x.Elem(), path+"[]")
		for _, m := range n.Members {
			w.there(m)
		}
	default:
		w.there(n)
	}
}

func (w *answers) member(n *shape.Need, x *awsmodel.Shape, path string) {
	if path == "" && slices.Contains(w.call.Added(), n.Name) {
		w.there(n)
		return
	}
	of := "the result of " + w.what
	if x == nil {
		w.lacks(n, fmt.Sprintf("%s is empty: it has no member %q", of, n.Name), "")
		return
	}
	if m := w.call.Member(x, n.Name); m != nil {
		w.walk(n, m.Shape(), path+"."+n.Name)
		return
	}
	names := w.call.Names(x)
	hint := diag.DidYouMean(n.Name, names)
	if spelt, ok := w.call.Spelt(x, n.Name); ok {
		hint = fmt.Sprintf("did you mean %q?", spelt)
	}
	if hint == "" && len(names) > 0 && len(names) <= 12 {
		hint = "it has " + strings.Join(names, ", ")
	}
	if path != "" {
		of = path[1:] + " in " + of
	}
	w.lacks(n, fmt.Sprintf("%s is not known to have a member %q", of, n.Name), hint)
}

// lacks notes each place that reads a member which is not there, but for those that ask whether it is. In JSONata the one is not
// known from the other.
func (w *answers) lacks(n *shape.Need, message, hint string) {
	for _, read := range n.All() {
		if !read.Tested || strings.HasPrefix(read.Text, "$states.") {
			w.missing = append(w.missing, unread{read.Span, message, hint})
		}
	}
}
