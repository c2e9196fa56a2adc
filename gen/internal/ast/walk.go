package ast

import (
	"iter"

	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
)

// Expressions ranges over the paths, calls and expressions of s, without those of the machines inside it.
func (s *State) Expressions() iter.Seq[*Expr] {
	return func(yield func(*Expr) bool) {
		for i := range s.Fields {
			if f := StateFields.Named(s.Fields[i].Name); f != nil && f.Kind == Machines {
				continue
			}
			if !s.Fields[i].Value.expressions(yield) {
				return
			}
		}
	}
}

func (n *Node) expressions(yield func(*Expr) bool) bool {
	if n.Expr != nil && !yield(n.Expr) {
		return false
	}
	for i := range n.Members {
		if !n.Members[i].Value.expressions(yield) {
			return false
		}
	}
	for _, e := range n.Elements {
		if !e.expressions(yield) {
			return false
		}
	}
	return true
}

// Paths ranges over the paths of s, those in calls of intrinsic functions too, with the places of the expressions they are in.
func (s *State) Paths() iter.Seq2[*jsonpath.Path, source.Span] {
	return func(yield func(*jsonpath.Path, source.Span) bool) {
		for e := range s.Expressions() {
			if e.Path != nil && !yield(e.Path, e.Span) {
				return
			}
			if e.Call == nil {
				continue
			}
			for _, p := range e.Call.Paths() {
				if !yield(p, e.Span) {
					return
				}
			}
		}
	}
}

// Assigns returns the Assign templates of s, its catchers and its rules; nil for each that is not written.
func (s *State) Assigns() (templates []*Node) {
	for _, r := range s.Choices {
		templates = append(templates, r.Assign)
	}
	templates = append(templates, s.Assign)
	for _, c := range s.Catch {
		templates = append(templates, c.Assign)
	}
	return templates
}
