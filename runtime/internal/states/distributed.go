package states

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/names"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/objects"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Distributed is what a DISTRIBUTED Map has beside the fields of [Map] (R141, R147, R149–R152): its iterations are
// executions of their own.
type Distributed struct {
	ExecutionType                  asl.Type
	Label                          string
	ItemReader                     *ItemReader
	ItemBatcher                    *ItemBatcher
	ResultWriter                   *ResultWriter
	ToleratedFailureCount          *int
	ToleratedFailureCountPath      string
	ToleratedFailurePercentage     *float64
	ToleratedFailurePercentagePath string

	countPath, percentagePath query.Path
}

func (d *Distributed) prepare() error {
	var faults [5]error
	d.countPath, faults[0] = query.ParsePath("ToleratedFailureCountPath", d.ToleratedFailureCountPath)
	d.percentagePath, faults[1] = query.ParsePath("ToleratedFailurePercentagePath", d.ToleratedFailurePercentagePath)
	if d.ItemReader != nil {
		faults[2] = d.ItemReader.prepare()
	}
	if d.ItemBatcher != nil {
		faults[3] = d.ItemBatcher.prepare()
	}
	if d.ResultWriter != nil {
		faults[4] = d.ResultWriter.prepare()
	}
	return errors.Join(faults[:]...)
}

// threshold is how many iterations may fail.
type threshold struct {
	count      int64
	hasCount   bool
	percentage float64
	hasPercent bool
}

// threshold reads the tolerated failures (R147).
func (d *Distributed) threshold(r *run, effective value.Value) (t threshold, err error) {
	if d.ToleratedFailureCount != nil {
		t.count, t.hasCount = int64(*d.ToleratedFailureCount), true
	}
	if d.ToleratedFailurePercentage != nil {
		t.percentage, t.hasPercent = *d.ToleratedFailurePercentage, true
	}
	if d.countPath.IsSet() {
		if t.count, err = r.integer("ToleratedFailureCountPath", d.countPath, effective); err != nil {
			return t, err
		}
		t.hasCount = true
	}
	if d.percentagePath.IsSet() {
		if t.percentage, err = r.percentage(d.percentagePath, effective); err != nil {
			return t, err
		}
		t.hasPercent = true
	}
	switch {
	case t.count < 0:
		return t, r.fault("ToleratedFailureCountPath", "ToleratedFailureCount cannot be negative.")
	case !(t.percentage >= 0 && t.percentage <= 100): // neither is NaN
		return t, r.fault("ToleratedFailurePercentagePath", "ToleratedFailurePercentage must be between 0 and 100.")
	}
	if t.hasCount {
		r.inspect(asl.StepToleratedFailureCount, value.Int(t.count))
	}
	if t.hasPercent {
		r.inspect(asl.StepToleratedFailurePercentage, value.Float(t.percentage))
	}
	return t, nil
}

// tolerates reports whether so many failures of so many iterations are within the threshold.
func (t threshold) tolerates(failed, of int) bool {
	if !t.hasCount && !t.hasPercent {
		return failed == 0
	}
	const exact = 1e-9 // 32.3 % of 1,000 are 323, though in binary a little less
	return (!t.hasCount || int64(failed) <= t.count) && (!t.hasPercent || 100*float64(failed) <= t.percentage*float64(of)+exact)
}

// percentage reads ToleratedFailurePercentagePath.
func (r *run) percentage(p query.Path, effective value.Value) (float64, error) {
	if p.Query != nil {
		v, err := r.evaluate(p.Query, "ToleratedFailurePercentage", value.NumberKind)
		f, _ := v.AsFloat()
		return f, err
	}
	v, err := r.get(p, effective)
	if err != nil {
		return 0, err
	}
	f, ok := query.AsNumber(v)
	if !ok {
		return 0, r.fault(p.Field, fmt.Sprintf("The ToleratedFailurePercentagePath field refers to value \"%s\" which is not a valid float: %s", query.Plain(v), p.Path))
	}
	return f, nil
}

// integer reads a path that refers to a whole number.
func (r *run) integer(field string, p query.Path, effective value.Value) (int64, error) {
	if p.Query != nil {
		return r.evaluateInteger(p.Query, strings.TrimSuffix(field, "Path"), math.MinInt64, math.MaxInt64)
	}
	v, err := r.get(p, effective)
	if err != nil {
		return 0, err
	}
	n, ok := query.AsInteger(v)
	if !ok {
		return 0, r.fault(p.Field, fmt.Sprintf("The %s field refers to value \"%s\" which is not a valid integer: %s", field, query.Plain(v), p.Path))
	}
	return n, nil
}

// mostChildren is how many children of a Map run at a time if MaxConcurrency does not say less (1.20).
const mostChildren = 10_000

// mapRun is one run of a DISTRIBUTED Map.
type mapRun struct {
	*Map
	r         *run
	effective value.Value
	limit     int
	arn       string
	origin    string // with which its name and those of its children begin
	threshold threshold
	most      int64 // items that the reader gives; 0 is all
	batch     batchLimits
	total     int // items, not children: a child has several if they are batched
	children  int
	single    *asl.MapDetails // of children that have one item
	failed    int             // of these, in children that failed
}

// distribute makes one attempt at a DISTRIBUTED Map. items are absent if a reader is to get them.
func (s *Map) distribute(r *run, effective, items value.Value, limit int) (value.Value, error) {
	if limit == 0 || limit > mostChildren {
		limit = mostChildren
	}
	m := &mapRun{Map: s, r: r, effective: effective, limit: limit, origin: names.Origin(r.context.Execution.ID())}
	r.fork(asl.Event{Type: asl.MapStateStarted, Map: &asl.MapDetails{Length: items.Len()}})
	if err := m.numbers(); err != nil { // which ends the execution before the Map Run begins
		return items, err
	}
	switch {
	case r.frame.MapRun == "":
		r.frame.MapRun = m.runARN()
		r.append(asl.Event{Type: asl.MapRunStarted, Time: r.host.Now(), Map: m.details()})
	case r.redriven:
		r.append(asl.Event{Type: asl.MapRunRedriven, Time: r.host.Now(), Map: m.details(), Redrives: r.frame.MapRedrives})
	}
	m.arn = r.frame.MapRun
	output, err := m.run(items)
	if err == nil {
		r.unfork()
		succeeded := r.side(asl.Event{Type: asl.MapRunSucceeded})
		r.sideOf(succeeded, asl.Event{Type: asl.MapStateSucceeded}) // what comes next follows the start of the Map Run
		return output, nil
	}
	switch failed := asl.ErrorOf(err); {
	case errors.Is(err, asl.ErrSiblingFailed):
		r.append(asl.Event{Type: asl.MapRunAborted, Time: r.host.Now()})
	case failed != nil && failed.Name != asl.ErrorRuntime && !asl.TimedOut(err):
		r.append(asl.Event{Type: asl.MapRunFailed, Time: r.host.Now(), Err: failed})
	}
	return output, err
}

// details are those of the events that begin the Map Run.
func (m *mapRun) details() *asl.MapDetails {
	w := m.Distributed.ResultWriter
	return &asl.MapDetails{
		RunARN: m.r.frame.MapRun, Inner: m.r.frame.Inner(), MaxConcurrency: m.limit, Exports: w != nil && w.Resource != "",
		ToleratedFailureCount: m.threshold.count, ToleratedFailurePercentage: m.threshold.percentage,
	}
}

// numbers evaluates the fields of the Map that hold numbers.
func (m *mapRun) numbers() (err error) {
	d := m.Distributed
	if m.threshold, err = d.threshold(m.r, m.effective); err != nil {
		return err
	}
	if m.most, err = d.ItemReader.most(m.r, m.effective); err != nil {
		return err
	}
	m.batch, err = d.ItemBatcher.limits(m.r, m.effective)
	return err
}

func (m *mapRun) run(items value.Value) (value.Value, error) {
	d := m.Distributed
	source := value.String("STATE_DATA")
	if d.ItemReader != nil {
		var err error
		if items, source, err = d.ItemReader.read(m.r, m.effective, m.most); err != nil {
			return items, err
		}
	}
	inputs, err := m.inputs(items, source)
	if err != nil {
		return value.Value{}, err
	}
	if output, decided, err := m.r.test.mapRun(m.threshold, items.Len()); decided {
		return output, err
	}
	m.total, m.children = items.Len(), len(inputs)
	m.single = &asl.MapDetails{RunARN: m.arn, Length: m.total, Children: m.children, Items: 1}
	children := make([]objects.Result, len(inputs))
	for i := range children {
		children[i].Input = inputs[i]
	}
	path := m.r.frame.Inner()
	_, err = m.r.host.Fork(m.r.frame, len(inputs), m.limit, func(h asl.Host, i int, at *asl.Frame) asl.Outcome {
		return m.runChild(h, path, i, inputs[i], at)
	}, func(i int, o asl.Outcome) bool { return m.ended(&children[i], o) })
	if err != nil && asl.ErrorOf(err) != nil && !asl.TimedOut(err) {
		if w := d.ResultWriter; w != nil && w.Resource != "" {
			if _, err := w.write(m, children); err != nil && (asl.ErrorOf(err) == nil || asl.TimedOut(err)) {
				return value.Value{}, err // the execution is cut off
			}
		}
		return value.Value{}, errThreshold
	}
	if err != nil {
		return value.Value{}, err
	}
	return d.ResultWriter.write(m, children)
}

// errThreshold fails a Map of which more iterations failed than it tolerates.
var errThreshold = &asl.Error{Name: "States.ExceedToleratedFailureThreshold", Cause: "The specified tolerated failure threshold was exceeded"}

// inputs makes the inputs of the iterations: ItemSelector for each item, then ItemBatcher (R23).
func (m *mapRun) inputs(items, source value.Value) ([]value.Value, error) {
	outer := m.r.context.Item
	defer func() { m.r.context.Item = outer }()
	inputs := make([]value.Value, 0, items.Len())
	add := func(item asl.ContextItem, input value.Value) error {
		item.Index, item.Source = len(inputs), source
		if m.ItemSelector != nil {
			m.r.context.Item = &item
			var err error
			if input, err = m.r.template(m.ItemSelector, "ItemSelector", m.effective); err != nil {
				return err
			}
		}
		inputs = append(inputs, input)
		return nil
	}
	for _, item := range items.Elements() {
		if err := add(asl.ContextItem{Value: item}, item); err != nil {
			return nil, err
		}
	}
	for name, member := range items.Members() { // X10
		key := value.String(name)
		pair := value.Object(value.Field("Key", key), value.Field("Value", member))
		if err := add(asl.ContextItem{Key: key, Value: member}, pair); err != nil {
			return nil, err
		}
	}
	if m.ItemSelector != nil {
		m.r.inspectList(asl.StepAfterItemSelector, inputs)
	}
	if m.Distributed.ItemBatcher == nil {
		return inputs, nil
	}
	batches, err := m.Distributed.ItemBatcher.batches(m.r, m.effective, inputs, m.batch)
	m.r.inspectList(asl.StepAfterItemBatcher, batches)
	return batches, err
}

// label is what the Map is called in ARNs.
func (m *mapRun) label() string {
	if m.Distributed.Label != "" {
		return m.Distributed.Label
	}
	return m.Name
}

func (m *mapRun) runARN() string {
	return m.r.context.Execution.Account.ARN("mapRun", m.childMachine()+":"+names.From(m.origin, m.r.randomUUID()))
}

// childMachine returns the name of the state machine that the children are said to be of.
func (m *mapRun) childMachine() string { return m.r.context.Execution.Machine + "/" + m.label() }

// runChild runs a child from its first event to its last, or from where it stood.
func (m *mapRun) runChild(h asl.Host, path string, i int, input value.Value, at *asl.Frame) asl.Outcome {
	if at != nil && at.Redriven && m.Distributed.ExecutionType == asl.Express {
		at = nil // what is redriven of an EXPRESS child is its Map Run: it starts again
	}
	inner := m.r.inner(h, path, i, input, at)
	inner.inside = false
	f := inner.frame
	switch {
	case at == nil:
		m.beginChild(inner, input)
	case at.Redriven:
		inner.bound(m.Distributed.ExecutionType)
	default:
		f.Recorder.Bound(m.Distributed.ExecutionType)
	}
	if input.Size() > asl.DataLimit {
		return m.refuseChild(inner, at == nil)
	}
	return m.executeChild(inner, at == nil, m.r.frame.Deadline)
}

// refuseChild has a child fail at once whose input is too large: what AWS does with it is not known, and so it counts as one that has failed.
func (m *mapRun) refuseChild(inner *run, begins bool) asl.Outcome {
	inner.open(begins)
	f, failed, c := inner.frame, tooLarge(m.Name), inner.child(inner.host.Now())
	f.Recorder.Append(f, asl.Event{Type: asl.ExecutionFailed, Previous: f.Last, Time: c.Done, Err: failed})
	return asl.Outcome{Err: failed, Child: c}
}

// child is what is known of the execution of a child that is done.
func (r *run) child(done time.Time) *asl.ChildEnd {
	x := r.frame.Context.Execution
	return &asl.ChildEnd{ARN: x.ID(), Name: x.Name, Started: r.frame.Began, Done: done}
}

// executeChild carries out a child to its last event. until is when the time of the execution around it is over.
func (s *Map) executeChild(inner *run, begins bool, until time.Time) asl.Outcome {
	output, err := inner.execute(&s.ItemProcessor, begins)
	c := inner.child(inner.host.Now())
	if errors.Is(err, asl.ErrSiblingFailed) {
		inner.frame.Recorder.Append(inner.frame, asl.Event{Type: asl.ExecutionAborted, Time: c.Done})
	}
	if asl.TimedOut(err) && c.Done.Before(until) { // its own time is over, not that of the execution around it
		err, c.TimedOut = asl.ErrorOf(err), true
	}
	return asl.Outcome{Output: output, Err: err, Child: c}
}

// ResumeChild implements [asl.Program].
func (p *program) ResumeChild(h asl.Host, f *asl.Frame, until time.Time) asl.Outcome {
	s := p.branch.mapOf(f.Path)
	if s == nil {
		return asl.Outcome{Err: fmt.Errorf("asl: %s has no DISTRIBUTED Map that runs %q", p.Name(), f.Path)}
	}
	inner := p.run(&run{}, h, f)
	inner.definition = nil
	if f.Redriven {
		f.Deadline = until
		inner.bound(s.Distributed.ExecutionType)
	} else {
		f.Recorder.Bound(s.Distributed.ExecutionType)
	}
	return s.executeChild(inner, false, until)
}

// childPath is the end of the path of a child: the name of the Map, its entry and retries, and the number of the child.
var childPath = regexp.MustCompile(`^((?:.*/\d+\.\d+\.\d+)?)/(.+)/\d+\.\d+\.\d+$`)

// mapOf returns the DISTRIBUTED Map of a child's path, nil if there is none.
func (b *Branch) mapOf(path string) *Map {
	parts := childPath.FindStringSubmatch(path)
	if parts == nil {
		return nil
	}
	e := b.find(parts[2])
	if e == nil {
		return nil
	}
	if s, ok := e.state.(*Map); ok && s.Distributed != nil {
		return s
	}
	return nil
}

// beginChild makes the frame of a child that begins.
func (m *mapRun) beginChild(inner *run, input value.Value) {
	f, outer := inner.frame, *m.r.context.Execution
	f.Began = inner.host.Now()
	outer.Machine, outer.Name, outer.Type, outer.Unique = m.childMachine(), names.From(m.origin, inner.randomUUID()), m.Distributed.ExecutionType, ""
	if outer.Type == asl.Express {
		outer.Unique = inner.randomUUID()
	}
	outer.Input, outer.Started, outer.RedriveCount, outer.Redriven, outer.Synchronous = input, f.Began, 0, time.Time{}, false
	f.Context = asl.Context{Execution: &outer}
	f.Variables = value.Value{} // R63
	f.Recorder = f.Recorder.Inside(f.Context.Execution.ID(), 0)
	f.State = m.ItemProcessor.StartAt
	if inner.mapRun = m.single; m.Distributed.ItemBatcher != nil {
		inner.mapRun = &asl.MapDetails{RunARN: m.arn, Length: m.total, Children: m.children, Items: int(m.size(input))}
	}
	inner.context = f.Context
	inner.bound(m.Distributed.ExecutionType)
}

// ended takes in how a child has ended. It reports whether the Map goes on.
func (m *mapRun) ended(c *objects.Result, o asl.Outcome) bool {
	c.ARN, c.Name, c.StateMachine = o.Child.ARN, o.Child.Name, m.r.context.Execution.Account.StateMachineARN(m.childMachine())
	c.Started, c.Done, c.Output, c.Err = o.Child.Started, o.Child.Done, o.Output, o.Err
	if o.Child.TimedOut {
		c.Err = asl.ExecutionTimeout(asl.ErrorOf(o.Err))
	}
	if c.Err != nil && asl.ErrorOf(c.Err) != nil {
		m.failed += int(m.size(c.Input))
	}
	return c.Err == nil || m.threshold.tolerates(m.failed, m.total)
}

// size returns how many items a child's input has.
func (m *mapRun) size(input value.Value) int64 {
	if m.Distributed.ItemBatcher == nil {
		return 1
	}
	return int64(input.Get("Items").Len())
}

// call has the host carry out a call that is no task's: the reading or writing of objects. Its id is not that of the other.
func (r *run) call(resource string, parameters value.Value, w asl.Work) (value.Value, error) {
	a := r.frame.NewAttempt(resource)
	a.Resource, a.Pattern, a.Deadline, a.Parameters, a.Work = resource, asl.RequestResponsePattern, r.frame.Deadline, parameters, w
	v, err := r.host.Do(a)
	if failed, ok := errors.AsType[*asl.Error](err); ok && failed.Name == asl.ErrorTimeout { // the execution's: the call has none
		err = asl.ExecutionTimeout(failed)
	}
	return v, err
}
