// Package iam says which permissions a state machine's role needs at AWS: those of its calls and no more, as far as the
// definition tells what they work on.
package iam

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// Policy is a policy document.
type Policy struct {
	Version   string
	Statement []*Statement
}

// Statement allows actions on resources.
type Statement struct {
	Effect    string
	Action    []string
	Resource  []string
	Condition Condition `json:",omitempty"`
}

// Condition is a statement's condition: operator, key, values.
type Condition map[string]map[string][]string

// Options are what a definition does not say itself. What is "" is * in the names of resources.
type Options struct {
	Region, Account string
	StateMachine    string   // the machine's name at AWS
	PassRoles       []string // the roles of the task definitions
}

// Machine returns the policy that a machine's role needs, and adds what it had to leave open to the list.
func Machine(f *source.File, m *ast.Machine, o Options, l *diag.List) *Policy {
	w := newWriter(f, m, o, l)
	w.machine(m)
	return w.policy()
}

// Worker returns the policy that whoever has the machine's task tokens needs, and the workers of its activities.
func Worker(f *source.File, m *ast.Machine, o Options, l *diag.List) *Policy {
	w := newWriter(f, m, o, l)
	w.workers(m)
	return w.policy()
}

// Merge returns one policy that allows what all of them allow.
func Merge(policies ...*Policy) *Policy {
	w := newWriter(nil, nil, Options{}, nil)
	for _, p := range policies {
		for _, s := range p.Statement {
			w.allowIf(s.Condition, s.Action, s.Resource...)
		}
	}
	return w.policy()
}

// JSON returns the document's text.
func (p *Policy) JSON() ([]byte, error) {
	var b bytes.Buffer
	err := json.MarshalWrite(&b, p, jsontext.WithIndent("  "), json.Deterministic(true))
	b.WriteByte('\n')
	return b.Bytes(), err
}

// writer collects statements.
type writer struct {
	file       *source.File
	list       *diag.List
	options    Options
	outermost  *ast.Machine
	partition  string // of the ARN of the task's resource
	statements []*Statement
	merged     map[string]*Statement // by actions and condition
	allowed    map[permission]bool
	unnamed    map[source.Span]bool // names that name nothing, which are reported
}

// permission is a resource of a statement.
type permission struct {
	statement *Statement
	resource  string
}

func newWriter(f *source.File, m *ast.Machine, o Options, l *diag.List) *writer {
	return &writer{
		file: f, list: l, options: o, outermost: m, partition: "aws",
		merged: map[string]*Statement{}, allowed: map[permission]bool{}, unnamed: map[source.Span]bool{},
	}
}

func (w *writer) warnf(span source.Span, code *diag.Code, format string, args ...any) *diag.Diagnostic {
	return w.list.Warnf(w.file, span, code, format, args...)
}

// allow adds a permission. The actions are words.
func (w *writer) allow(actions string, resources ...string) {
	w.allowIf(nil, strings.Fields(actions), resources...)
}

// allowIf adds a permission under a condition. Statements that differ in their resources alone become one.
func (w *writer) allowIf(c Condition, actions []string, resources ...string) {
	condition, err := json.Marshal(c, json.Deterministic(true))
	if err != nil || strings.Contains(string(condition), nothing) {
		return
	}
	key := strings.Join(actions, " ") + string(condition)
	for _, r := range resources {
		if strings.Contains(r, nothing) {
			continue
		}
		s := w.merged[key]
		if s == nil {
			s = &Statement{Effect: "Allow", Action: actions, Condition: c}
			w.merged[key] = s
			w.statements = append(w.statements, s)
		}
		if at := (permission{s, r}); !w.allowed[at] {
			w.allowed[at] = true
			s.Resource = append(s.Resource, r)
		}
	}
}

// policy returns the statements in order of their actions, with sorted resources of which none says again what a wider one
// says.
func (w *writer) policy() *Policy {
	for _, s := range w.statements {
		slices.Sort(s.Resource)
		if slices.Contains(s.Resource, "*") {
			s.Resource = []string{"*"}
		}
	}
	slices.SortStableFunc(w.statements, func(a, b *Statement) int { return cmp.Compare(a.Action[0], b.Action[0]) })
	if w.statements == nil {
		w.statements = []*Statement{}
	}
	return &Policy{Version: "2012-10-17", Statement: w.statements}
}

// arn writes the ARN of a resource of this account.
func (w *writer) arn(service, resource string) string {
	return strings.Join([]string{"arn", w.partition, service, cmp.Or(w.options.Region, "*"), cmp.Or(w.options.Account, "*"), resource}, ":")
}
