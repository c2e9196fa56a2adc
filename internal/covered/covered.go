// Package covered is where running machines say which parts of their definitions they run, if somebody asks.
package covered

import "sync/atomic"

// Machine is a machine whose parts are told of.
type Machine interface {
	Name() string
	File() string
	Definition() string
	Places() string // where Definition's parts stand in File: see the package places
}

// Parts of a state that are told of, beside its being entered, which is "".
const (
	Next    = "Next"
	Rule    = "Choices"
	Default = "Default"
	Retrier = "Retry"
	Catcher = "Catch"
	Branch  = "Branches"
)

// Seen is told that a part of a state was run; the index is that of a rule, a retrier, a catcher or a branch, else 0. It may be called from
// several goroutines.
type Seen func(m Machine, state, part string, index int)

var seen atomic.Pointer[Seen]

// Tell has f told of all executions that begin from now on; nil ends that.
func Tell(f Seen) {
	if f == nil {
		seen.Store(nil)
		return
	}
	seen.Store(&f)
}

// Of returns what is to be told of the parts of a machine, nil if nobody asks.
func Of(m Machine) func(state, part string, index int) {
	f := seen.Load()
	if f == nil {
		return nil
	}
	return func(state, part string, index int) { (*f)(m, state, part, index) }
}
