package runtime

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Type is the type of a workflow.
type Type string

// The types of workflows.
const (
	Standard Type = "STANDARD"
	Express  Type = "EXPRESS"
)

// Definition is a state machine as generated code writes it down.
type Definition struct {
	Name           string
	Type           Type // "" is Standard
	StartAt        string
	TimeoutSeconds int // 0 is none (R4)
	States         []State

	// Source is the machine's file, where it could be embedded, and Checksum what it was when the code was generated.
	Source   string
	Checksum string
}

// State is a state of the table: a *[Task], *[Pass], *[Choice], *[Wait], *[Succeed] or *[Fail]. Its fields are those of
// Amazon States Language; a path field that is "" has the language's default, and one that is [NullPath] is null.
type State interface {
	name() string
	kind() string
	// prepare parses what the state holds as text; it is called once, when the machine is made.
	prepare() error
	// run runs the state and returns its output and the state to go to, "" at the end.
	run(r *run, input value.Value) (output value.Value, next string, err error)
}

// NullPath is an InputPath, OutputPath or ResultPath that is null (R26).
const NullPath = "null"

// Program is a state machine without its types: what an [Engine] runs.
type Program struct {
	definition Definition
	states     map[string]*stateEntry
	observers  []Observer
}

type stateEntry struct {
	state           State
	name            string
	entered, exited EventType
}

// Name returns the name of the state machine.
func (p *Program) Name() string { return p.definition.Name }

// Type returns whether the workflow is standard or express.
func (p *Program) Type() Type { return p.definition.Type }

// StartAt returns the name of the first state.
func (p *Program) StartAt() string { return p.definition.StartAt }

// Definition returns the text of the machine's file, "" if it is not part of the program.
func (p *Program) Definition() string { return p.definition.Source }

// Observers returns the observers that the machine was made with.
func (p *Program) Observers() []Observer { return p.observers }

func newProgram(d Definition) (*Program, error) {
	if d.Type == "" {
		d.Type = Standard
	}
	p := &Program{definition: d, states: make(map[string]*stateEntry, len(d.States))}
	var faults []error
	if d.Source != "" && Checksum(d.Source) != d.Checksum {
		faults = append(faults, errors.New("the state machine's file has changed since its Go code was generated: run go generate"))
	}
	for _, s := range d.States {
		if err := s.prepare(); err != nil {
			faults = append(faults, fmt.Errorf("state %q: %w", s.name(), err))
		}
		p.states[s.name()] = &stateEntry{
			state: s, name: s.name(),
			entered: EventType(s.kind() + stateEntered), exited: EventType(s.kind() + stateExited),
		}
	}
	if p.states[d.StartAt] == nil {
		faults = append(faults, fmt.Errorf("there is no state %q to start at", d.StartAt))
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("asl: %s: %w", d.Name, errors.Join(faults...))
	}
	return p, nil
}

// Checksum is the SHA-256 of a machine's file without its insignificant white space, in hexadecimal.
func Checksum(source string) string {
	v, err := value.Parse([]byte(source))
	if err != nil { // a file that is not JSON was not generated from
		return ""
	}
	sum := sha256.Sum256(v.AppendJSON(nil))
	return hex.EncodeToString(sum[:])
}

var attemptEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// attemptID names an attempt (E60): the same however often the attempt is carried out.
func (f *Frame) attemptID() string {
	tries := 0
	for _, n := range f.Retries {
		tries += n
	}
	parts := []string{f.Execution, f.State, strconv.Itoa(f.Entry), strconv.Itoa(tries)}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return attemptEncoding.EncodeToString(sum[:])
}

// resource splits a resource into the type and the name that events show (H5).
func resource(arn string) (resourceType, name string) {
	parts := strings.Split(arn, ":")
	i := slices.Index(parts, "states") // arn:aws:states:::ecs:runTask.sync
	if i < 0 || len(parts) < i+5 {
		return "", arn
	}
	rest := parts[i+3:]
	return strings.Join(rest[:len(rest)-1], ":"), rest[len(rest)-1]
}
