package asl

import (
	"encoding/hex"
	"fmt"
	"strings"
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
	if s.Name == "" {
		s.Name = uuid(random(16))
	}
	if err := checkName(s.Name); err != nil {
		return nil, &APIError{Code: CodeInvalidName, Message: fmt.Sprintf("%s: %v", p.Name(), err)}
	}
	if s.Input.IsAbsent() {
		s.Input = value.EmptyObject
	}
	id := a.arn("execution", p.Name()+":"+s.Name)
	if p.Type() == Express {
		id = a.arn("express", p.Name()+":"+s.Name+":"+uuid(random(16)))
	}
	f := &Frame{Execution: hex.EncodeToString(random(16)), Document: s.Input, Recorder: NewRecorder(id, 0, nil, p.Observers()...)}
	f.Context.Execution = ContextExecution{
		ID: id, Name: s.Name, Input: s.Input, StartTime: Timestamp(begins),
		RoleARN: fmt.Sprintf("arn:aws:iam::%s:role/aslgen", a.ID), Synchronous: s.Synchronous,
	}
	f.Context.StateMachine = ContextStateMachine{ID: a.StateMachineARN(p.Name()), Name: p.Name()}
	return f, nil
}

// StateMachineARN returns the ARN of the machine with a name.
func (a Account) StateMachineARN(name string) string { return a.arn("stateMachine", name) }

func (a Account) arn(kind, name string) string {
	return fmt.Sprintf("arn:aws:states:%s:%s:%s:%s", a.Region, a.ID, kind, name)
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

func uuid(b []byte) string {
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
