package runtime

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
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
	Config         Config
	States         []State
	Types          []UserType // the user's own

	// Source is the machine's file, where it could be embedded, File its name, by which errors call it, and Checksum what it
	// was when the code was generated.
	File     string
	Source   string
	Checksum string
}

// Branch is a machine inside a machine: a branch of a Parallel state, the item processor of a Map state.
type Branch struct {
	StartAt string
	States  []State

	table map[string]*stateEntry
}

// Config holds what the ${Name} placeholders in a machine's file stand for, by their names: each must stand for something.
type Config map[string]string

// State is a state of the table: a *[Task], *[Parallel], *[Map], *[Pass], *[Choice], *[Wait], *[Succeed] or *[Fail]. Its fields are those of
// Amazon States Language; a path field that is "" has the language's default, and one that is [NullPath] is null.
type State interface {
	name() string
	kind() string
	language() QueryLanguage
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
	branch     Branch
	observers  []Observer
	itemMemory int64 // 0 is the usual
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
	p := &Program{definition: d, branch: Branch{StartAt: d.StartAt, States: d.States}}
	var faults []error
	if d.Source != "" && Checksum(d.Source) != d.Checksum {
		faults = append(faults, errors.New("the state machine's file has changed since its Go code was generated: run go generate"))
	}
	for _, t := range d.Types {
		faults = append(faults, t.check())
	}
	for _, name := range slices.Sorted(maps.Keys(d.Config)) {
		if d.Config[name] == "" {
			faults = append(faults, fmt.Errorf("the configuration says nothing for ${%s}", name))
		}
	}
	faults = append(faults, p.branch.prepare())
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("asl: %s: %w", d.Name, err)
	}
	return p, nil
}

// prepare prepares the states.
func (b *Branch) prepare() error {
	var faults []error
	b.table = make(map[string]*stateEntry, len(b.States))
	for _, s := range b.States {
		if err := s.prepare(); err != nil {
			faults = append(faults, fmt.Errorf("state %q: %w", s.name(), err))
		}
		b.table[s.name()] = &stateEntry{
			state: s, name: s.name(),
			entered: EventType(s.kind() + stateEntered), exited: EventType(s.kind() + stateExited),
		}
	}
	if b.table[b.StartAt] == nil {
		faults = append(faults, fmt.Errorf("there is no state %q to start at", b.StartAt))
	}
	return errors.Join(faults...)
}

// prepareTemplates prepares those of the templates that there are.
func prepareTemplates(templates ...Template) error {
	var faults []error
	for _, t := range templates {
		if t != nil {
			faults = append(faults, t.prepare())
		}
	}
	return errors.Join(faults...)
}

// Checksum is the SHA-256 of a machine's file without its insignificant white space, in hexadecimal. Of a file that is JSON
// only with its placeholders replaced it is that of the text, however its lines end.
func Checksum(source string) string {
	text := []byte(strings.TrimPrefix(source, byteOrderMark))
	if v, err := value.Parse(text); err == nil {
		text = v.AppendJSON(nil)
	} else {
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

var attemptEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// attemptID names an attempt (E60): the same however often the attempt is carried out.
func (f *Frame) attemptID() string {
	sum := f.digest("attempt")
	return attemptEncoding.EncodeToString(sum[:])
}

// digest is a number for something of the attempt that the frame makes, or is about to make: another for each entry of a
// state, each retry and each redrive.
func (f *Frame) digest(of string) [sha256.Size]byte {
	var room [256]byte
	b := append(room[:0], of...)
	for _, text := range []string{f.Execution, f.Path, f.State} {
		b = append(append(b, 0), text...)
	}
	for _, n := range []int{f.Entry, f.tries(), f.Context.Execution.RedriveCount} {
		b = strconv.AppendInt(append(b, 0), int64(n), 10)
	}
	return sha256.Sum256(b)
}

// tries is how often the state has been tried again.
func (f *Frame) tries() (n int) {
	for _, of := range f.Retries {
		n += of
	}
	return n
}

// taskEvents are the events of a kind of task.
type taskEvents struct {
	scheduled, started, succeeded, failed, timedOut EventType
	input                                           bool // the first shows an input, not parameters, and the rest no resource
}

var (
	integrationEvents = taskEvents{TaskScheduled, TaskStarted, TaskSucceeded, TaskFailed, TaskTimedOut, false}
	lambdaEvents      = taskEvents{LambdaFunctionScheduled, LambdaFunctionStarted, LambdaFunctionSucceeded, LambdaFunctionFailed, LambdaFunctionTimedOut, true}
	activityEvents    = taskEvents{ActivityScheduled, ActivityStarted, ActivitySucceeded, ActivityFailed, ActivityTimedOut, true}
)

// resource splits a resource into the type and the name that events show (H5), and says which events those are.
func resource(arn string) (resourceType, name string, events *taskEvents) {
	parts := strings.SplitN(arn, ":", 6) // arn:aws:states:::ecs:runTask.sync
	switch {
	case len(parts) < 6:
		return "", arn, &integrationEvents
	case parts[2] == "lambda":
		return "", arn, &lambdaEvents
	case strings.HasPrefix(parts[5], "activity:"):
		return "", arn, &activityEvents
	}
	i := strings.LastIndex(strings.TrimSuffix(parts[5], ":2"), ":")
	if i < 0 {
		return "", parts[5], &integrationEvents
	}
	return parts[5][:i], parts[5][i+1:], &integrationEvents
}
