package runtime

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// DataLimit is the most bytes that an input, an output or a result may have (1.20).
const DataLimit = 262144

// run is a frame being run.
type run struct {
	host        Host
	definition  *Definition // nil in parts of a machine
	frame       *Frame
	context     Context
	region      string
	millisecond int64      // of the context object's EnteredTime
	reading     scope      // what the template or field being evaluated reads
	chance      *rand.Rand // nil before it is asked for

	assigned    value.Value // what the state being run assigns, an object, or absent
	jsonata     bool        // it is a JSONata state, whose expressions may see
	result      value.Value // … its result, or
	errorOutput value.Value // … its error
	inside      bool        // the frame is a branch's or an iteration's

	test *stateTest // nil but for a state that TestState runs
}

// Run carries out an execution, whose frame is f, from its beginning to its end and records how it went. Engines call it.
func (p *Program) Run(h Host, f *Frame) (value.Value, error) {
	r := p.run(h, f)
	if n := p.definition.TimeoutSeconds; n > 0 {
		f.Deadline = h.Now().Add(time.Duration(n) * time.Second)
	}
	r.bound(p.Type())
	return r.execute(&p.branch, true)
}

// Resume carries out an execution from where its frame stood when the host was called with it last, in Enter or Fork, to
// its end: with the deadline, the back-off or the wait that it had, and no second event of what has begun. A state that the
// program does not have is an error.
func (p *Program) Resume(h Host, f *Frame) (value.Value, error) {
	r := p.run(h, f)
	f.Recorder.bound(p.Type())
	return r.execute(&p.branch, false)
}

func (p *Program) run(h Host, f *Frame) *run {
	f.Context.itemMemory = p.itemMemory
	return &run{host: h, definition: &p.definition, frame: f, context: f.Context, region: regionOf(f.Context.Execution.ID)}
}

// execute carries out an execution to its last event, from its first if it begins.
func (r *run) execute(b *Branch, begins bool) (value.Value, error) {
	f, h := r.frame, r.host
	if begins {
		f.Recorder.Append(Event{Type: ExecutionStarted, Time: h.Now(), Input: f.Document, RoleARN: f.Context.Execution.RoleARN})
	}
	output, err := b.loop(r)
	e := Event{Type: ExecutionSucceeded, Previous: r.frame.Last, Time: h.Now(), Output: output}
	if err != nil {
		err = r.located(err)
		if e = r.failure(err); e.Type == "" {
			return value.Value{}, err
		}
	}
	f.Recorder.Append(e)
	return output, err
}

// failure returns the event that an execution ends with which err has ended, the zero Event if it has not ended.
func (r *run) failure(err error) Event {
	e := Event{Previous: r.frame.Last, Time: r.host.Now()}
	switch err := err.(type) {
	case *timedOut:
		e.Type, e.Previous, e.Err = ExecutionTimedOut, 0, err.err
	case *Error:
		e.Type, e.Err = ExecutionFailed, err
	case *Aborted:
		e.Type, e.Previous = ExecutionAborted, 0
		e.Err = &Error{Name: err.Name, Cause: err.Cause, Unnamed: err.Name == "", Causeless: err.Cause == ""}
	default:
		return Event{}
	}
	return e
}

// timedOut ends an execution whose machine's TimeoutSeconds are over (R4). Nothing catches it.
type timedOut struct{ err *Error }

func (t *timedOut) Error() string { return t.err.Error() }

// Unwrap lets errors.As find the [*Error].
func (t *timedOut) Unwrap() error { return t.err }

// TimedOut reports whether err ended an execution because its time was over, not because a task's was.
func TimedOut(err error) bool {
	_, yes := err.(*timedOut)
	return yes
}

// loop runs the states of a machine, or of a branch or an item processor in it.
func (b *Branch) loop(r *run) (value.Value, error) {
	f := r.frame
	for {
		if err := r.host.Enter(f); err != nil {
			return value.Value{}, err
		}
		now := r.host.Now()
		if end := f.Deadline; !end.IsZero() && !now.Before(end) { // of states that never wait
			return value.Value{}, &timedOut{TimeoutError()}
		}
		if f.Recorder.full() {
			return value.Value{}, errHistoryFull
		}
		s := b.table[f.State]
		if s == nil {
			return value.Value{}, fmt.Errorf("asl: %s has no state %q to go on with", f.Context.StateMachine.Name, f.State)
		}
		if f.Entered == 0 {
			r.enter(s, now)
		} else {
			r.resume(s)
		}
		output, next, err := r.step(s)
		if err != nil || next == "" {
			return output, err
		}
		f.State, f.Document, f.Retries, f.Wake, f.Entered = next, output, nil, time.Time{}, 0
	}
}

// step runs the state that was entered, to the event of its exit.
func (r *run) step(s *stateEntry) (output value.Value, next string, err error) {
	output, next, err = s.state.run(r, r.frame.Document)
	if err == nil && output.Size() > DataLimit {
		large := tooLarge(s.name)
		large.terminal = true // unlike that of a task's result (X4)
		err = large
	}
	if err != nil {
		r.abortState(s, err)
		return value.Value{}, "", err
	}
	r.append(Event{Type: s.exited, Time: r.host.Now(), State: s.name, Output: output, Assigned: r.assigned})
	r.bind()
	return output, next, nil
}

// abortState records that a state was cut off by the failure of a sibling branch or iteration, or, in one of these, that it
// was the task whose failure cut it off. Nothing follows the event.
func (r *run) abortState(s *stateEntry, err error) {
	cut := errors.Is(err, ErrSiblingFailed)
	if !cut && !(r.inside && s.state.kind() == "Task" && errorOf(err) != nil) {
		return
	}
	switch s.state.kind() {
	case "Task", "Wait", "Parallel", "Map":
		r.side(Event{Type: EventType(s.state.kind() + stateAborted)})
	}
}

// enter begins a state.
func (r *run) enter(s *stateEntry, now time.Time) {
	f := r.frame
	f.Entry++
	entered := f.EnteredTime
	if ms := now.UnixMilli(); ms != r.millisecond || entered == "" { // states that take no time need no new text
		r.millisecond, entered = ms, Timestamp(now)
	}
	f.Before, f.EnteredTime = f.Last, entered
	r.append(Event{Type: s.entered, Time: now, State: s.name, Input: f.Document})
	f.Entered = f.Last
	r.resume(s)
}

// resume goes on with a state that was entered, perhaps before the frame was put away.
func (r *run) resume(s *stateEntry) {
	f := r.frame
	r.context.State = ContextState{Name: s.name, EnteredTime: f.EnteredTime, RetryCount: f.tries()}
	r.jsonata, r.result, r.errorOutput, r.chance = s.state.language() == JSONata, value.Value{}, value.Value{}, nil
}

// append records an event that follows the newest one.
func (r *run) append(e Event) {
	e.Previous = r.frame.Last
	r.frame.Last = r.frame.Recorder.Append(e)
}

// fault returns the States.Runtime that ends the execution, with AWS's words around the cause (R31), for a field of the state;
// "" is the state itself.
func (r *run) fault(field, cause string) *Error {
	return r.failed(ErrorRuntime, placeIn(field), cause)
}

// failed returns the error of a state that could not be evaluated, because of what stands at a place in it.
func (r *run) failed(name string, at pointer, cause string) *Error {
	return &Error{Name: name, state: r.frame.State, at: at, Cause: beginning(fmt.Sprintf(
		"An error occurred while executing the state '%s' (entered at the event id #%d). %s", r.frame.State, r.frame.Entered, cause), longestCause)}
}

// tooLarge is the error for a result or an output over the data limit; of is the state's name or the resource's type.
func tooLarge(of string) *Error {
	return &Error{Name: ErrorDataLimitExceeded, Cause: fmt.Sprintf(
		"The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit.", of)}
}

// scope returns what a template or field that is evaluated now reads: the same one each time, so there is one at a time.
func (r *run) scope(document value.Value) *scope {
	r.reading = scope{
		document: document, context: &r.context, variables: r.frame.Variables, run: r,
		input: r.frame.Document, result: r.result, errorOutput: r.errorOutput,
	}
	return &r.reading
}

// template makes a document for a field.
func (r *run) template(t Template, field string, document value.Value) (value.Value, error) {
	v, err := t.document(r.scope(document).in(field))
	if err != nil {
		return v, r.templateFault(err)
	}
	return v, nil
}

// path is a field that holds a path, or in a JSONata state an expression: the zero path is $.
type path struct {
	field string // where the path stands in the state, as locations are written
	null  bool
	path  *jsonpath.Path
	query *query
}

// isSet reports whether the field holds something.
func (p path) isSet() bool { return p.path != nil || p.query != nil }

func parsePath(field, text string) (path, error) {
	switch text {
	case "", "$":
		return path{field: field}, nil
	case NullPath:
		return path{field: field, null: true}, nil
	}
	if isQuery(text) {
		q, err := parseQuery(text)
		if err != nil {
			return path{}, fmt.Errorf("%s: %w", strings.TrimSuffix(field, "Path"), err)
		}
		return path{field: field, query: q}, nil
	}
	p, err := jsonpath.Parse(text)
	if err != nil {
		return path{}, fmt.Errorf("%s: %w", field, err)
	}
	return path{field: field, path: p}, nil
}

func parseReference(field, text string) (path, error) {
	p, err := parsePath(field, text)
	if err == nil && p.path != nil {
		_, err = jsonpath.ParseReference(text)
	}
	return p, err
}

// apply evaluates an InputPath or OutputPath; null is {} (R26).
func (p path) apply(r *run, document value.Value) (value.Value, error) {
	if p.null {
		return value.EmptyObject, nil
	}
	if p.path == nil {
		return document, nil
	}
	return r.get(p, document)
}

// effective returns a state's input after its InputPath.
func (r *run) effective(inputPath path, input value.Value) (value.Value, error) {
	v, err := inputPath.apply(r, input)
	if err == nil {
		r.inspect(StepAfterInputPath, v)
	}
	return v, err
}

// get evaluates a path that stands in a field of its own (R31).
func (r *run) get(p path, document value.Value) (value.Value, error) {
	v, err := r.scope(document).get(p.path)
	if err != nil {
		return v, r.fault(p.field, fmt.Sprintf("Invalid path '%s' : %s", p.path, err))
	}
	return v, nil
}

// merge puts a result into a state's raw input by its ResultPath (R29).
func (p path) merge(r *run, input, result value.Value) (value.Value, error) {
	if p.null {
		return input, nil
	}
	if p.path == nil {
		return result, nil
	}
	v, err := p.path.Set(input, result)
	if err != nil {
		return v, r.failed("States.ResultPathMatchFailure", placeIn(p.field), err.Error())
	}
	return v, nil
}

// templateFault turns the error of a template into the state's or the execution's.
func (r *run) templateFault(err error) error {
	if failed, ok := errors.AsType[*queryError](err); ok {
		return r.queryFailed(failed.location(), placeIn(failed.field, failed.to...), failed.Error())
	}
	if failed, ok := errors.AsType[*templateError](err); ok {
		return r.failed(ErrorRuntime, failed.at, failed.Error())
	}
	if failed, ok := errors.AsType[*parameterError](err); ok {
		return r.failed(ErrorRuntime, placeIn(argumentsField(r), failed.at...), failed.Error())
	}
	return err
}

// regionOf returns the region in an ARN, "" if there is none.
func regionOf(arn string) string {
	if parts := strings.SplitN(arn, ":", 5); len(parts) == 5 {
		return parts[3]
	}
	return ""
}

// replaceKind returns the ARN of another kind of thing of a state machine: an execution, a Map Run.
func replaceKind(stateMachine, kind string) string {
	return strings.Replace(stateMachine, ":stateMachine:", ":"+kind+":", 1)
}

// random returns the source of jitter and of random functions. It depends on nothing but the place of the frame, so that
// what is done between two verbs of the host is the same when it is done again.
func (r *run) random() *rand.Rand {
	if r.chance == nil {
		sum := r.frame.digest("random")
		r.chance = rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum[:]), binary.LittleEndian.Uint64(sum[8:])))
	}
	return r.chance
}

// randomUUID returns a UUID of version 4.
func (r *run) randomUUID() string {
	high, low := r.random().Uint64(), r.random().Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", high>>32, high>>16&0xffff, high&0xfff, low>>48&0x3fff|0x8000, low&(1<<48-1))
}
