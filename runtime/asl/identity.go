package asl

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
)

// identity is what the names of an attempt are made of: the names are made when they are asked for, which for most never is.
type identity struct {
	of            *ContextExecution
	unique, path  string
	entry, tries  int
	id, execution string // the names of an attempt that was stored
}

// NewAttempt returns an attempt of the frame's state. What else is called for that state has a name, of an attempt it is "".
func (f *Frame) NewAttempt(name string) *Attempt {
	path := f.Path
	if name != "" {
		path += "/" + name
	}
	e := f.Context.Execution
	if e == nil { // in tests of effects
		e = &ContextExecution{}
	}
	return &Attempt{Machine: e.Machine, State: f.State, identity: identity{of: e, unique: f.Execution, path: path, entry: f.Entry, tries: f.Tries()}}
}

// Execution returns the ARN of the execution.
func (a *Attempt) Execution() string {
	if a.of == nil {
		return a.execution
	}
	return a.of.ID()
}

var attemptEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// ID names the attempt (E60): the same however often the attempt is carried out, another for every retry and entry. It has 52
// characters of a–z and 2–7, fit for an idempotency token.
func (a *Attempt) ID() string {
	if a.of == nil {
		return a.id
	}
	sum := digest("attempt", a.of.unique(a.unique), a.path, a.State, a.entry, a.tries, a.of.RedriveCount)
	return attemptEncoding.EncodeToString(sum[:])
}

// Digest returns a number for something that the frame makes, or is about to make: another for each entry of a state, each retry
// and each redrive.
func (f *Frame) Digest(of string) [sha256.Size]byte {
	return digest(of, f.Context.Execution.unique(f.Execution), f.Path, f.State, f.Entry, f.Tries(), f.Context.Execution.RedriveCount)
}

// unique adds to an execution's unique part that of an EXPRESS child of a Map Run, which begins again when that is redriven.
func (e *ContextExecution) unique(part string) string {
	if e.Unique == "" {
		return part
	}
	return part + " " + e.Unique
}

func digest(of, unique, path, state string, numbers ...int) [sha256.Size]byte {
	var room [256]byte
	b := append(room[:0], of...)
	for _, text := range [...]string{unique, path, state} {
		b = append(append(b, 0), text...)
	}
	for _, n := range numbers {
		b = strconv.AppendInt(append(b, 0), int64(n), 10)
	}
	return sha256.Sum256(b)
}
