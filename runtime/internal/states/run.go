package states

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/covered"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// run is a frame being run.
type run struct {
	host       asl.Host
	definition *Definition // nil in parts of a machine
	frame      *asl.Frame
	context    asl.Context
	region     string
	reading    query.Scope // what the template or field being evaluated reads
	reader     query.Reader
	chance     *rand.Rand // nil before it is asked for
	again      bool       // the state has waited, so what chance gave before that may not be known

	assigned    value.Value // what the state being run assigns, an object, or absent
	jsonata     bool        // it is a JSONata state, whose expressions may see
	result      value.Value // … its result, or
	errorOutput value.Value // … its error
	inside      bool        // the frame is a branch's or an iteration's
	itemMemory  int64       // of [asl.ItemMemory]; 0 is the usual
	retries     bool        // the state shows a RetryCount in the context object
	given       value.Value // what paths see in place of the context object, in a test that gives it

	test *stateTest // nil but for a state that TestState runs

	redriven bool            // the state goes on after a redrive
	mapRun   *asl.MapDetails // of the Map Run whose child it is

	silent bool      // nobody can ask for the history, so the time is read when something may have waited
	time   time.Time // read last, of a silent run
	reads  int       // how many more times it may be that
	here   bool      // branches run one after the other, in this goroutine
	spare  *spare    // for them

	instant bool // the state being run waits for nothing

	seen func(state, part string, index int) // is told which parts are run; nil if nobody asks
	left bool                                // how the state is left has been told
}

// tell says that a part of the state was run, by which it is left if it leads elsewhere.
func (r *run) tell(part string, index int) {
	if r.seen != nil {
		r.seen(r.frame.State, part, index)
		r.left = r.left || part != covered.Retrier && part != covered.Branch && part != ""
	}
}

func (p *program) Run(h asl.Host, f *asl.Frame) (value.Value, error) {
	f.State = p.definition.StartAt
	if p.instant && f.Recorder.Silent() {
		f.Recorder.Alone()
		r := rooms.Get().(*run)
		defer r.leave()
		return p.begin(r, h, f)
	}
	return p.begin(&run{}, h, f)
}

// rooms are for runs of executions of which nobody keeps anything.
var rooms = sync.Pool{New: func() any { return &run{} }}

// leave gives back the room of a run that has ended.
func (r *run) leave() {
	r.clear()
	rooms.Put(r)
}

// clear leaves nothing but room, for r itself and for branches.
func (r *run) clear() {
	if *r = (run{spare: r.spare}); r.spare != nil {
		r.spare.frame, r.spare.item = asl.Frame{}, asl.ContextItem{}
		r.spare.run.clear()
	}
}

func (p *program) begin(r *run, h asl.Host, f *asl.Frame) (value.Value, error) {
	p.run(r, h, f)
	if r.silent { // it begins now
		r.time, r.reads = f.Context.Execution.Started, longestRead
	}
	r.limit(p)
	return r.execute(&p.branch, true)
}

// limit gives an execution that begins, or begins anew, the time that its machine says.
func (r *run) limit(p *program) {
	r.frame.Deadline = time.Time{}
	if n := p.definition.TimeoutSeconds; n > 0 {
		r.frame.Deadline = r.host.Now().Add(time.Duration(n) * time.Second)
	}
	r.bound(p.Type())
}

func (p *program) Resume(h asl.Host, f *asl.Frame) (value.Value, error) {
	r := p.run(&run{}, h, f)
	if f.Redriven {
		r.limit(p)
	} else {
		f.Recorder.Bound(p.Type())
	}
	return r.execute(&p.branch, false)
}

// run makes r the run of a frame of an execution.
func (p *program) run(r *run, h asl.Host, f *asl.Frame) *run {
	*r = run{
		host: h, definition: &p.definition, frame: f, context: f.Context, region: f.Context.Execution.Account.Region,
		itemMemory: p.options.ItemMemory, seen: covered.Of(p), silent: f.Recorder.Silent(), spare: r.spare,
	}
	return r
}

// execute carries out an execution to its last event, from its first if it begins.
func (r *run) execute(b *Branch, begins bool) (value.Value, error) {
	f := r.frame
	r.open(begins)
	output, err := b.loop(r)
	e := asl.Event{Type: asl.ExecutionSucceeded, Previous: r.frame.Last, Time: r.now(), Output: output}
	if err != nil {
		err = r.located(err)
		if e = r.failure(err); e.Type == "" {
			return value.Value{}, err
		}
	}
	f.Recorder.Append(f, e)
	return output, err
}

// open writes the event with which the execution begins or goes on after a redrive, if it does.
func (r *run) open(begins bool) {
	f := r.frame
	switch {
	case begins:
		f.Recorder.Append(f, asl.Event{Type: asl.ExecutionStarted, Time: r.now(), Input: f.Document, RoleARN: f.Context.Execution.RoleARN, Map: r.mapRun})
	case f.Redriven:
		f.Last = f.Recorder.Append(f, asl.Event{
			Type: asl.ExecutionRedriven, Previous: f.Recorder.Newest(), Time: r.now(), Redrives: f.Context.Execution.RedriveCount,
		})
	}
}

// failure returns the event that an execution ends with which err has ended, the zero Event if it has not ended.
func (r *run) failure(err error) asl.Event {
	e := asl.Event{Previous: r.frame.Last, Time: r.host.Now()}
	if asl.TimedOut(err) {
		e.Type, e.Previous, e.Err = asl.ExecutionTimedOut, 0, asl.ErrorOf(err)
		return e
	}
	switch err := err.(type) {
	case *asl.Error:
		e.Type, e.Err = asl.ExecutionFailed, err
	case *asl.Aborted:
		e.Type, e.Previous = asl.ExecutionAborted, 0
		e.Err = &asl.Error{Name: err.Name, Cause: err.Cause, Unnamed: err.Name == "", Causeless: err.Cause == ""}
	default:
		return asl.Event{}
	}
	return e
}

// loop runs the states of a machine, or of a branch or an item processor in it.
func (b *Branch) loop(r *run) (value.Value, error) {
	f := r.frame
	r.redriven, f.Redriven = f.Redriven, false
	var s *stateEntry
	for {
		if err := r.host.Enter(f); err != nil {
			return value.Value{}, err
		}
		if s = b.follows(s, f.State); s == nil {
			return value.Value{}, fmt.Errorf("asl: %s has no state %q to go on with", f.Context.Execution.Machine, f.State)
		}
		if f.Entered != 0 {
			r.resume(s)
		} else if err := r.enter(s); err != nil {
			return value.Value{}, err
		}
		output, next, err := r.step(s)
		if err != nil || next == "" {
			return output, err
		}
		f.State, f.Document, f.Retries, f.Wake, f.Entered = next, output, nil, time.Time{}, 0
		r.unfork()
	}
}

// step runs the state that was entered, to the event of its exit.
func (r *run) step(s *stateEntry) (output value.Value, next string, err error) {
	r.left, r.instant = false, s.instant
	output, next, err = s.state.run(r, r.frame.Document)
	if err == nil && output.Size() > asl.DataLimit {
		large := tooLarge(s.name)
		large.Terminal = true // unlike that of a task's result (X4)
		err = large
	}
	if err != nil {
		r.abortState(s, err)
		return value.Value{}, "", err
	}
	if !r.left {
		r.tell(covered.Next, 0)
	}
	if !s.instant {
		r.reads = 0
	}
	if r.silent {
		r.frame.Last = r.frame.Recorder.Count(s.exited)
	} else {
		r.append(asl.Event{Type: s.exited, Time: r.host.Now(), State: s.name, Output: output, Assigned: r.assigned})
	}
	r.bind()
	return output, next, nil
}

// longestRead is for how many readings of the clock one is taken that a silent run has made, of states that take no time.
const longestRead = 64

// now returns the host's time, to what states take that wait for nothing if nobody can ask for the history.
func (r *run) now() time.Time {
	if r.reads--; !r.silent || r.reads < 0 {
		r.time, r.reads = r.host.Now(), longestRead
	}
	return r.time
}

// abortState records that a state was cut off by the failure of a sibling branch or iteration, or, in one of these, that it
// was the task whose failure cut it off. Nothing follows the event.
func (r *run) abortState(s *stateEntry, err error) {
	cut := errors.Is(err, asl.ErrSiblingFailed)
	if !cut && !(r.inside && s.state.kind() == "Task" && asl.ErrorOf(err) != nil) {
		return
	}
	switch s.state.kind() {
	case "Task", "Wait", "Parallel", "Map":
		r.side(asl.Event{Type: asl.EventType(s.state.kind() + aborted)})
	}
}

// enter begins a state, if there is time and room for it: of states that never wait nothing else would end the execution.
func (r *run) enter(s *stateEntry) error {
	f, now := r.frame, r.now()
	if end := f.Deadline; !end.IsZero() && !now.Before(end) {
		return asl.ExecutionTimeout(asl.TimeoutError())
	}
	if f.Recorder.Full(f) {
		return errHistoryFull
	}
	f.Entry++
	f.Before, f.EnteredTime = f.Last, now
	if r.silent {
		f.Last = f.Recorder.Count(s.entered)
	} else {
		r.append(asl.Event{Type: s.entered, Time: now, State: s.name, Input: f.Document})
	}
	f.Entered = f.Last
	r.resume(s)
	r.tell("", 0)
	return nil
}

// resume goes on with a state that was entered, perhaps before the frame was put away.
func (r *run) resume(s *stateEntry) {
	f := r.frame
	r.context.State = asl.ContextState{Name: s.name, Entered: f.EnteredTime, RetryCount: f.Tries()}
	r.jsonata, r.result, r.errorOutput, r.chance, r.retries = s.jsonata, value.Value{}, value.Value{}, nil, false
	r.again = false
}

// append records an event that follows the newest one.
func (r *run) append(e asl.Event) {
	if r.silent {
		r.frame.Last = r.frame.Recorder.Count(e.Type)
		return
	}
	e.Previous = r.frame.Last
	r.frame.Last = r.frame.Recorder.Append(r.frame, e)
}

// fault returns the States.Runtime that ends the execution, with AWS's words around the cause (R31), for a field of the state;
// "" is the state itself.
func (r *run) fault(field, cause string) *asl.Error {
	return r.failed(asl.ErrorRuntime, query.PlaceIn(field), cause)
}

// failed returns the error of a state that could not be evaluated, because of what stands at a place in it.
func (r *run) failed(name string, at query.Pointer, cause string) *asl.Error {
	return &asl.Error{Name: name, State: r.frame.State, At: at, Cause: beginning(fmt.Sprintf(
		"An error occurred while executing the state '%s' (entered at the event id #%d). %s", r.frame.State, r.frame.Entered, cause), longestCause)}
}

// tooLarge is the error for a result or an output over the data limit; of is the state's name or the resource's type.
func tooLarge(of string) *asl.Error {
	return &asl.Error{Name: asl.ErrorDataLimitExceeded, Cause: fmt.Sprintf(
		"The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit.", of)}
}

// scope returns what a template or field that is evaluated now reads: the same one each time, so there is one at a time.
func (r *run) scope(document value.Value) *query.Scope {
	r.reading = query.Scope{
		Document: document, Context: &r.context, Variables: r.frame.Variables, World: r, Reader: &r.reader,
		GivenContext: r.given, Retries: r.retries,
		Input: r.frame.Document, Result: r.result, ErrorOutput: r.errorOutput,
	}
	return &r.reading
}

// template makes a document for a field.
func (r *run) template(t *query.Template, field string, document value.Value) (value.Value, error) {
	v, err := t.Document(r.scope(document).In(field))
	if err != nil {
		return v, r.templateFault(err)
	}
	return v, nil
}

// apply evaluates an InputPath or OutputPath; null is {} (R26).
func (r *run) apply(p query.Path, document value.Value) (value.Value, error) {
	if p.Null {
		return value.EmptyObject, nil
	}
	if p.Path == nil {
		return document, nil
	}
	return r.get(p, document)
}

// effective returns a state's input after its InputPath.
func (r *run) effective(inputPath query.Path, input value.Value) (value.Value, error) {
	v, err := r.apply(inputPath, input)
	if err == nil {
		r.inspect(asl.StepAfterInputPath, v)
	}
	return v, err
}

// get evaluates a path that stands in a field of its own (R31).
func (r *run) get(p query.Path, document value.Value) (value.Value, error) {
	v, err := r.scope(document).Get(p.Path)
	if err != nil {
		return v, r.fault(p.Field, fmt.Sprintf("Invalid path '%s' : %s", p.Path, err))
	}
	return v, nil
}

// merge puts a result into a state's raw input by its ResultPath (R29).
func (r *run) merge(p query.Path, input, result value.Value) (value.Value, error) {
	if p.Null {
		return input, nil
	}
	if p.Path == nil {
		return result, nil
	}
	v, err := p.Path.Set(input, result)
	if err != nil {
		return v, r.failed("States.ResultPathMatchFailure", query.PlaceIn(p.Field), err.Error())
	}
	return v, nil
}

// templateFault turns the error of a template into the state's or the execution's.
func (r *run) templateFault(err error) error {
	if failed, ok := errors.AsType[*query.QueryError](err); ok {
		return r.queryFailed(failed.Location(), query.PlaceIn(failed.Field, failed.To...), failed.Error())
	}
	if failed, ok := errors.AsType[*query.TemplateError](err); ok {
		return r.failed(asl.ErrorRuntime, failed.At, failed.Error())
	}
	if failed, ok := errors.AsType[*query.ParameterError](err); ok {
		return r.failed(asl.ErrorRuntime, query.PlaceIn(argumentsField(r), failed.At...), failed.Error())
	}
	return err
}

// Random returns the source of jitter and of random functions. It depends on nothing but the place of the frame, so that
// what is done between two verbs of the host is the same when it is done again.
func (r *run) Random() *rand.Rand {
	if r.chance == nil {
		of := "random"
		if r.again {
			of = "random again"
		}
		sum := r.frame.Digest(of)
		r.chance = rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum[:]), binary.LittleEndian.Uint64(sum[8:])))
	}
	return r.chance
}

// waited has chance give what does not depend on what it gave before the state has waited, which is not known of one that was put away
// meanwhile.
func (r *run) waited() { r.again, r.chance = true, nil }

// randomUUID returns a UUID of version 4.
func (r *run) randomUUID() string {
	high, low := r.Random().Uint64(), r.Random().Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", high>>32, high>>16&0xffff, high&0xfff, low>>48&0x3fff|0x8000, low&(1<<48-1))
}

// Now returns the host's time.
func (r *run) Now() time.Time { return r.host.Now() }
