package states

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Definition is a state machine as generated code writes it down.
type Definition struct {
	Name           string
	Type           asl.Type // "" is Standard
	StartAt        string
	TimeoutSeconds int // 0 is none (R4)
	Config         Config
	Numbers        []Number // that Config gives
	States         []State
	Types          []UserType // the user's own

	// Source is the machine's file, where it could be embedded, File its name, by which errors call it, and Checksum what it
	// was when the code was generated. Of a machine that is written in YAML or in a template, Source is JSON, and Places say where its parts
	// stand in the file.
	File     string
	Source   string
	Places   string
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

// Number is a number that a ${Name} placeholder stands for, with those that its field takes.
type Number struct {
	Placeholder, Field string
	Value, Low, High   float64 // High is 0 if there is no end
}

func (n Number) check() error {
	if n.Low <= n.Value && (n.Value <= n.High || n.High == 0) {
		return nil
	}
	takes := plain(n.Low) + " to " + plain(n.High)
	if n.High == 0 {
		takes = plain(n.Low) + " or more"
	}
	return fmt.Errorf("the configuration says %s for ${%s}: %s takes %s", plain(n.Value), n.Placeholder, n.Field, takes)
}

func plain(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// State is a state of the table: a *[Task], *[Parallel], *[Map], *[Pass], *[Choice], *[Wait], *[Succeed] or *[Fail]. Its fields are those of
// Amazon States Language; a path field that is "" has the language's default, and one that is [query.NullPath] is null.
type State interface {
	name() string
	kind() string
	language() QueryLanguage
	// prepare parses what the state holds as text; it is called once, when the machine is made.
	prepare() error
	// run runs the state and returns its output and the state to go to, "" at the end.
	run(r *run, input value.Value) (output value.Value, next string, err error)
}

// program is a [asl.Program] of a definition.
type program struct {
	definition Definition
	branch     Branch
	options    asl.Options
	instant    bool // no execution of it waits for anything
	checksum   string
}

// The types of a state's events are its own type and one of these.
const (
	entered = "StateEntered"
	exited  = "StateExited"
	aborted = "StateAborted"
)

type stateEntry struct {
	state           State
	name            string
	entered, exited asl.EventType
	instant         bool // it waits for nothing
	jsonata         bool
	follower        atomic.Pointer[stateEntry] // the state that followed it first: to look for it in the table costs more
}

func (p *program) Name() string { return p.definition.Name }

// File returns the name of the machine's file, "" if the program does not have its text.
func (p *program) File() string { return p.definition.File }

func (p *program) Type() asl.Type { return p.definition.Type }

// Instant reports whether no execution waits for anything, so that nobody keeps anything of one that has ended.
func (p *program) Instant() bool { return p.instant }

func (p *program) Definition() string { return p.definition.Source }

// Places returns where the parts of Definition stand in File, as package places writes it; "" if they are the same text.
func (p *program) Places() string { return p.definition.Places }

func (p *program) Observers() []asl.Observer { return p.options.Observers }

// Checksum implements [asl.Program].
func (p *program) Checksum() string { return p.checksum }

// checksum returns the checksum of a machine. What placeholders stand for is part of it.
func (d *Definition) checksum() string {
	h := sha256.New()
	h.Write([]byte(d.Checksum))
	for _, name := range slices.Sorted(maps.Keys(d.Config)) {
		fmt.Fprintf(h, "\x00%s\x00%s", name, d.Config[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// NewProgram returns the program of a definition. Its error names every state that lacks something.
func NewProgram(d Definition, options ...asl.Option) (asl.Program, error) {
	if d.Type == "" {
		d.Type = asl.Standard
	}
	p := &program{definition: d, branch: Branch{StartAt: d.StartAt, States: d.States}, checksum: d.checksum()}
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
	for _, n := range d.Numbers {
		faults = append(faults, n.check())
	}
	faults = append(faults, p.branch.prepare())
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("asl: %s: %w", d.Name, err)
	}
	for _, o := range options {
		o(&p.options)
	}
	p.instant = p.branch.instant()
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
			entered: asl.EventType(s.kind() + entered), exited: asl.EventType(s.kind() + exited),
			instant: instant(s), jsonata: s.language() == JSONata,
		}
	}
	if b.table[b.StartAt] == nil {
		faults = append(faults, fmt.Errorf("there is no state %q to start at", b.StartAt))
	}
	return errors.Join(faults...)
}

// instant reports whether a state, which is prepared, waits for nothing, nor does what is inside it.
func instant(s State) bool {
	switch s := s.(type) {
	case *Pass, *Choice, *Succeed, *Fail:
		return true
	case *Parallel:
		return len(s.Retry) == 0 && !slices.ContainsFunc(s.Branches, func(b Branch) bool { return !b.instant() })
	case *Map:
		return len(s.Retry) == 0 && s.Distributed == nil && s.ItemProcessor.instant()
	}
	return false
}

func (b *Branch) instant() bool {
	for _, s := range b.table {
		if !s.instant {
			return false
		}
	}
	return true
}

// follows returns the state with a name that follows s, which is nil at the beginning; nil if there is none.
func (b *Branch) follows(s *stateEntry, name string) *stateEntry {
	if s == nil {
		return b.table[name]
	}
	if f := s.follower.Load(); f != nil && f.name == name {
		return f
	}
	f := b.table[name]
	if f != nil {
		s.follower.CompareAndSwap(nil, f)
	}
	return f
}

// prepareTemplates prepares those of the templates that there are.
func prepareTemplates(templates ...*query.Template) error {
	var faults []error
	for _, t := range templates {
		if t != nil {
			faults = append(faults, t.Prepare())
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

// taskEvents are the events of a kind of task.
type taskEvents struct {
	scheduled, started, succeeded, failed, timedOut asl.EventType
	input                                           bool // the first shows an input, not parameters, and the rest no resource
}

var (
	integrationEvents = taskEvents{asl.TaskScheduled, asl.TaskStarted, asl.TaskSucceeded, asl.TaskFailed, asl.TaskTimedOut, false}
	lambdaEvents      = taskEvents{asl.LambdaFunctionScheduled, asl.LambdaFunctionStarted, asl.LambdaFunctionSucceeded, asl.LambdaFunctionFailed, asl.LambdaFunctionTimedOut, true}
	activityEvents    = taskEvents{asl.ActivityScheduled, asl.ActivityStarted, asl.ActivitySucceeded, asl.ActivityFailed, asl.ActivityTimedOut, true}
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
