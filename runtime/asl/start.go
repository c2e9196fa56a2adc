package asl

import (
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Account is where executions are said to run: what their ARNs show.
type Account struct{ Region, ID string }

// NewFrame returns the frame of an execution that begins: with its name, its ARNs and its context object. Its history begins too.
// The execution's unique part and a name that the request does not give are made of random bytes. The error says that the name
// is none (docs/rules.md 1.20).
func (a Account) NewFrame(p Program, s StartRequest, begins time.Time, random func(n int) []byte) (*Frame, error) {
	if s.Name != "" {
		if err := checkName(s.Name); err != nil {
			return nil, &APIError{Code: CodeInvalidName, Message: fmt.Sprintf("%s: %v", p.Name(), err)}
		}
	}
	f := s.Room
	if f == nil {
		b := &beginning{}
		f = &b.frame
		f.Context.Execution, f.Recorder = &b.context, &b.recorder
	}
	if s.Input.IsAbsent() {
		s.Input = value.EmptyObject
	}
	e := f.Context.Execution
	*e = ContextExecution{
		Account: a, Machine: p.Name(), Type: p.Type(), Name: s.Name, RoleARN: a.RoleARN(), Input: s.Input, Started: begins, Synchronous: s.Synchronous,
	}
	*f.Recorder = Recorder{}
	*f = Frame{Context: Context{Execution: e}, Document: s.Input, Recorder: f.Recorder}
	f.name(random)
	if f.Recorder.silent = s.Silent; !s.Silent {
		e.record(f.Recorder, p.Observers())
	}
	return f, nil
}

// beginning is what an execution begins with, in one piece of memory.
type beginning struct {
	frame    Frame
	context  ContextExecution
	recorder Recorder
}

// name gives the execution of a frame its unique part, and the name and the end of its ARN if they are to be made.
func (f *Frame) name(random func(n int) []byte) {
	const bytes, text = 16, 36
	e, unnamed, express := f.Context.Execution, f.Context.Execution.Name == "", f.Context.Execution.Type == Express
	chance := random(bytes * (1 + count(unnamed) + count(express)))
	var room [2 * text]byte
	names, rest := room[:0], chance
	for range count(unnamed) + count(express) {
		names, rest = appendUUID(names, rest[:bytes]), rest[bytes:]
	}
	all := string(names)
	if unnamed {
		e.Name, all = all[:text], all[text:]
	}
	if express {
		e.Unique = all
	}
	f.Execution = hex.EncodeToString(rest[:bytes]) // which need not stay in memory with the names
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// roles are the roles of accounts, whose ARNs are all made once.
var roles sync.Map

// RoleARN returns the ARN of the role that executions of the account have.
func (a Account) RoleARN() string {
	if role, made := roles.Load(a.ID); made {
		return role.(string)
	}
	role := "arn:aws:iam::" + a.ID + ":role/aslgen"
	roles.Store(a.ID, role)
	return role
}

// StateMachineARN returns the ARN of the machine with a name.
func (a Account) StateMachineARN(name string) string { return a.ARN("stateMachine", name) }

// ARN returns the ARN of something of Step Functions: of an execution, a stateMachine, a mapRun.
func (a Account) ARN(kind, name string) string {
	return "arn:aws:states:" + a.Region + ":" + a.ID + ":" + kind + ":" + name
}

// checkName holds the name of an execution against the quotas (1.20).
func checkName(name string) error {
	if n := utf8.RuneCountInString(name); n > 80 {
		return fmt.Errorf("the execution's name has %d characters, more than 80", n)
	}
	if !utf8.ValidString(name) {
		return fmt.Errorf("the execution's name %q is not UTF-8", name)
	}
	for _, c := range name {
		if unicode.IsSpace(c) || unicode.IsControl(c) || strings.ContainsRune("?*<>{}[]\"#%\\^|~`$&,;:/", c) {
			return fmt.Errorf("the execution's name %q has a %q, which is not allowed", name, c)
		}
	}
	return nil
}

// appendUUID appends the UUID of version 4 that 16 random bytes make.
func appendUUID(text, b []byte) []byte {
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	for i, part := range [...][]byte{b[:4], b[4:6], b[6:8], b[8:10], b[10:16]} {
		if i > 0 {
			text = append(text, '-')
		}
		text = hex.AppendEncode(text, part)
	}
	return text
}
