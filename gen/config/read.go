package config

import (
	"errors"
	gotoken "go/token"
	"path"
	"regexp"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// Read reads a configuration file and reports all that is wrong with it.
func Read(f *source.File, l *diag.List) *File {
	c := &File{Source: f}
	r := &decoder{file: f, list: l}
	n, err := parse(f)
	if err != nil {
		var at source.Span
		if place, ok := errors.AsType[*fault](err); ok {
			at = place.span
		}
		l.Errorf(f, at, diag.BadConfig, "%s", err)
		return c
	}
	if n == nil {
		return c
	}
	r.object(n, "the file", append(r.settings(&c.Settings), field{"machines", func(n *node) {
		r.each(n, "machines", func(m member) { c.Machines = append(c.Machines, r.machine(m)) })
	}})...)
	return c
}

type decoder struct {
	file *source.File
	list *diag.List
}

// field is a key that an object may have, and what reads its value.
type field struct {
	name string
	read func(*node)
}

func (r *decoder) errorf(span source.Span, code *diag.Code, format string, args ...any) *diag.Diagnostic {
	return r.list.Errorf(r.file, span, code, format, args...)
}

// object reads an object of known keys.
func (r *decoder) object(n *node, what string, fields ...field) {
	if n.kind == null {
		return
	}
	if !r.is(n, object, what) {
		return
	}
	for _, m := range n.members {
		var names []string
		known := false
		for _, f := range fields {
			names = append(names, f.name)
			if f.name == m.key {
				known = true
				f.read(m.value)
			}
		}
		if !known {
			hint := diag.DidYouMean(m.key, names)
			if hint == "" {
				hint = "it may have " + strings.Join(names, ", ")
			}
			r.errorf(m.span, diag.UnknownKey, "%s cannot have %q", what, m.key).WithHint(hint)
		}
	}
}

// each reads an object whose keys the user chooses.
func (r *decoder) each(n *node, what string, read func(member)) {
	if n.kind != null && r.is(n, object, what) {
		for _, m := range n.members {
			read(m)
		}
	}
}

func (r *decoder) is(n *node, want kind, what string) bool {
	if n.kind != want {
		r.errorf(n.span, diag.BadConfigValue, "%s must be %s, not %s", what, want, n.kind)
	}
	return n.kind == want
}

// text reads a text that must pass a test; the rest of a sentence says what it must be.
func (r *decoder) text(n *node, what string, valid func(string) bool, must string) *Text {
	if !r.is(n, scalar, what) {
		return nil
	}
	if valid != nil && !valid(n.text) {
		r.errorf(n.span, diag.BadConfigValue, "%s cannot be %q: it must be %s", what, n.text, must)
		return nil
	}
	return &Text{n.text, n.span}
}

// settings returns the fields that the file and each of its machines may have.
func (r *decoder) settings(s *Settings) []field {
	return []field{
		{"package", func(n *node) {
			s.Package = r.text(n, "package", func(t string) bool { return gotoken.IsIdentifier(t) && t != "_" }, "the name of a Go package")
		}},
		{"type", func(n *node) {
			s.Type = r.text(n, "type", func(t string) bool { return t == "standard" || t == "express" }, "standard or express")
		}},
		{"values", func(n *node) { s.Values = r.values(n) }},
		{"silence", func(n *node) { s.Silence = r.silence(n) }},
	}
}

// values reads the values of placeholders: texts, and lists and objects, which are JSON.
func (r *decoder) values(n *node) (pairs []Pair) {
	r.each(n, "values", func(m member) {
		if m.value.kind == list || m.value.kind == object {
			pairs = append(pairs, Pair{Text{m.key, m.span}, Text{m.value.document(), m.value.span}, true})
		} else if t := r.text(m.value, `"`+m.key+`"`, nil, ""); t != nil {
			pairs = append(pairs, Pair{Key: Text{m.key, m.span}, Value: *t})
		}
	})
	return pairs
}

// pairs reads an object of texts.
func (r *decoder) pairs(n *node, what string, valid func(string) bool, must string) (pairs []Pair) {
	r.each(n, what, func(m member) {
		if t := r.text(m.value, `"`+m.key+`"`, valid, must); t != nil {
			pairs = append(pairs, Pair{Key: Text{m.key, m.span}, Value: *t})
		}
	})
	return pairs
}

// silence reads a list of codes, each alone or with a reason.
func (r *decoder) silence(n *node) (all []Silence) {
	if n.kind == null || !r.is(n, list, "silence") {
		return nil
	}
	for _, e := range n.elements {
		var s Silence
		code := func(n *node) {
			if t := r.text(n, "code", nil, ""); t != nil {
				s.Code = *t
			}
		}
		if e.kind == scalar {
			code(e)
		} else {
			r.object(e, "an element of silence", field{"code", code}, field{"reason", func(n *node) {
				if t := r.text(n, "reason", nil, ""); t != nil {
					s.Reason = t.Text
				}
			}})
			if s.Code.Text == "" && e.kind == object {
				r.errorf(e.span, diag.BadConfigValue, "an element of silence needs a code")
			}
		}
		if s.Code.Text == "" {
			continue
		}
		if diag.Lookup(s.Code.Text) == nil {
			var ids []string
			for _, c := range diag.Codes() {
				ids = append(ids, c.ID)
			}
			r.errorf(s.Code.Span, diag.BadConfigValue, "there is no code %s", s.Code.Text).WithHint(diag.DidYouMean(s.Code.Text, ids))
			continue
		}
		all = append(all, s)
	}
	return all
}

func isExported(t string) bool { return gotoken.IsIdentifier(t) && gotoken.IsExported(t) }

func (r *decoder) machine(from member) *Machine {
	m := &Machine{Pattern: Text{from.key, from.span}}
	if _, err := path.Match(from.key, ""); err != nil {
		r.errorf(from.span, diag.BadConfigValue, "%q is no pattern of files", from.key)
	}
	fields := append(r.settings(&m.Settings),
		field{"name", func(n *node) { m.Name = r.text(n, "name", isExported, "an exported Go name") }},
		field{"prefix", func(n *node) {
			m.Prefix = r.text(n, "prefix", func(t string) bool { return t == "true" || t == "false" }, "true or false")
		}},
		field{"states", func(n *node) { m.States = r.pairs(n, "states", isExported, "an exported Go name") }},
		field{"types", func(n *node) { r.types(n, &m.Types) }},
	)
	r.object(from.value, "a machine", fields...)
	return m
}

func (r *decoder) types(n *node, t *Types) {
	r.object(n, "types",
		field{"input", func(n *node) { t.Input = r.goType(n, "input") }},
		field{"output", func(n *node) { t.Output = r.goType(n, "output") }},
		field{"tasks", func(n *node) {
			r.each(n, "tasks", func(m member) {
				task := TaskTypes{State: Text{m.key, m.span}}
				r.object(m.value, "a task",
					field{"parameters", func(n *node) { task.Parameters = r.goType(n, "parameters") }},
					field{"result", func(n *node) { task.Result = r.goType(n, "result") }})
				t.Tasks = append(t.Tasks, task)
			})
		}})
}

// goTypeName matches an optional star, an import path, a dot and an exported name.
var goTypeName = regexp.MustCompile(`^(\*?)([^\s*."'\\]+(?:[./][^\s*./"'\\]+)*)\.(\p{Lu}[\pL\p{Nd}_]*)$`)

func (r *decoder) goType(n *node, what string) *GoType {
	t := r.text(n, what, goTypeName.MatchString, "a Go type with its import path, such as example.com/shop.Order")
	if t == nil {
		return nil
	}
	parts := goTypeName.FindStringSubmatch(t.Text)
	return &GoType{Package: parts[2], Name: parts[3], Pointer: parts[1] != "", Span: n.span}
}
