package awsmodel

import (
	"cmp"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/internal/awsaction"
	"github.com/r-seed-632eed22/aslgen/internal/awsname"
)

// changed returns the operation as an action of an optimized integration has it.
func (o *Operation) changed(c awsaction.Change) *Operation {
	made := *o
	made.taken = o.Input().renamed(c.Given)
	for _, place := range c.Refused {
		made.taken = made.taken.with(place, func(*Member) *Member { return nil })
	}
	for _, place := range c.Required {
		made.taken = made.taken.with(place, func(m *Member) *Member { m.Required = true; return m })
	}
	yes := &Shape{Name: "True", Kind: Boolean, Enum: []string{"true"}, service: o.service}
	for _, place := range c.True {
		made.taken = made.taken.with(place, func(m *Member) *Member { m.Required, m.changed = true, yes; return m })
	}
	text := Member{Required: true, changed: &Shape{Name: "Text", Kind: String, service: o.service}}
	for _, name := range c.Added {
		text.Name = name
		made.taken = made.taken.and(text)
	}
	if out := o.Output(); out != nil {
		made.answered = out.renamed(c.Answered)
	}
	if m := made.taken.called(c.Repeated); m != nil {
		repeated := *m
		repeated.Required = false
		made.answered = cmp.Or(made.answered, &Shape{Name: "Output", Kind: Structure, service: o.service}).and(repeated)
	}
	return &made
}

// called returns the member that an optimized integration calls by a name, nil if there is none.
func (s *Shape) called(name string) *Member {
	i := slices.IndexFunc(s.Members, func(m Member) bool { return awsname.Capital(m.Name) == name })
	if i < 0 {
		return nil
	}
	return &s.Members[i]
}

// renamed returns the structure with the names that an action gives its members, one element in place of each list.
func (s *Shape) renamed(all []awsaction.Rename) *Shape {
	for _, r := range all {
		name, list := r.List()
		s = s.with(name, func(m *Member) *Member {
			if m.Name = r.Action; list {
				m.changed = m.Shape().Elem()
			}
			return m
		})
	}
	return s
}

// with returns the structure with another member at a place; nil takes it away.
func (s *Shape) with(place string, change func(*Member) *Member) *Shape {
	first, rest, inner := strings.Cut(place, ".")
	made := *s
	made.Members = nil
	for _, m := range s.Members {
		switch {
		case awsname.Capital(m.Name) != first:
			made.Members = append(made.Members, m)
		case inner:
			m.changed = m.Shape().with(rest, change)
			made.Members = append(made.Members, m)
		default:
			if changed := change(&m); changed != nil {
				made.Members = append(made.Members, *changed)
			}
		}
	}
	return made.sorted()
}

// and returns the structure with one more member.
func (s *Shape) and(m Member) *Shape {
	made := *s
	made.Members = append(slices.Clone(s.Members), m)
	return made.sorted()
}

func (s *Shape) sorted() *Shape {
	slices.SortFunc(s.Members, func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
	return s
}
