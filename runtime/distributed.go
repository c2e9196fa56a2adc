package runtime

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Distributed is what a DISTRIBUTED Map has beside the fields of [Map] (R141, R147, R149–R152): its iterations are
// executions of their own.
type Distributed struct {
	ExecutionType                  Type
	Label                          string
	ItemReader                     *ItemReader
	ItemBatcher                    *ItemBatcher
	ResultWriter                   *ResultWriter
	ToleratedFailureCount          *int
	ToleratedFailureCountPath      string
	ToleratedFailurePercentage     *float64
	ToleratedFailurePercentagePath string

	countPath, percentagePath path
}

func (d *Distributed) prepare(c Config) error {
	var faults [5]error
	d.countPath, faults[0] = parsePath("ToleratedFailureCountPath", d.ToleratedFailureCountPath)
	d.percentagePath, faults[1] = parsePath("ToleratedFailurePercentagePath", d.ToleratedFailurePercentagePath)
	if d.ItemReader != nil {
		faults[2] = d.ItemReader.prepare(c)
	}
	if d.ItemBatcher != nil {
		faults[3] = d.ItemBatcher.prepare(c)
	}
	if d.ResultWriter != nil {
		faults[4] = d.ResultWriter.prepare(c)
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
	if d.countPath.path != nil {
		if t.count, err = r.integer("ToleratedFailureCountPath", d.countPath, effective); err != nil {
			return t, err
		}
		t.hasCount = true
	}
	if d.percentagePath.path != nil {
		v, err := r.get(d.percentagePath.path, effective)
		if err != nil {
			return t, err
		}
		var ok bool
		if t.percentage, ok = asNumber(v); !ok {
			return t, r.fault(fmt.Sprintf("The ToleratedFailurePercentagePath field refers to value \"%s\" which is not a valid float: %s",
				plain(v), d.percentagePath.path))
		}
		t.hasPercent = true
	}
	switch {
	case t.count < 0:
		return t, r.fault("ToleratedFailureCount cannot be negative.")
	case t.percentage < 0 || t.percentage > 100:
		return t, r.fault("ToleratedFailurePercentage must be between 0 and 100.")
	}
	return t, nil
}

// tolerates reports whether so many failures of so many iterations are within the threshold.
func (t threshold) tolerates(failed, of int) bool {
	if !t.hasCount && !t.hasPercent {
		return failed == 0
	}
	return (!t.hasCount || int64(failed) <= t.count) && (!t.hasPercent || 100*float64(failed) <= t.percentage*float64(of))
}

// integer reads a path that refers to a whole number.
func (r *run) integer(field string, p path, effective value.Value) (int64, error) {
	v, err := r.get(p.path, effective)
	if err != nil {
		return 0, err
	}
	n, ok := asInteger(v)
	if !ok {
		return 0, r.fault(fmt.Sprintf("The %s field refers to value \"%s\" which is not a valid integer: %s", field, plain(v), p.path))
	}
	return n, nil
}

// mapRun is one run of a DISTRIBUTED Map.
type mapRun struct {
	*Map
	r         *run
	effective value.Value
	limit     int
	arn       string
	threshold threshold
}

// distribute makes one attempt at a DISTRIBUTED Map.
func (s *Map) distribute(r *run, effective value.Value, limit int) (value.Value, error) {
	m := &mapRun{Map: s, r: r, effective: effective, limit: limit}
	length := 0
	items := value.Value{}
	if s.Distributed.ItemReader == nil {
		var err error
		if items, err = s.items(r, effective); err != nil {
			return items, err
		}
		length = items.Len()
	}
	r.append(Event{Type: MapStateStarted, Time: r.host.Now(), Map: &MapDetails{Length: length}})
	var err error
	if m.threshold, err = s.Distributed.threshold(r, effective); err != nil {
		return items, &fatal{err}
	}
	m.arn = m.runARN()
	r.append(Event{Type: MapRunStarted, Time: r.host.Now(), Map: &MapDetails{RunARN: m.arn}})
	output, err := m.run(items)
	ended := Event{Type: MapRunSucceeded, Time: r.host.Now()}
	if err != nil {
		failed := errorOf(err)
		if failed == nil || failed.Name == ErrorRuntime {
			return output, err
		}
		ended.Type, ended.Err = MapRunFailed, failed
	}
	r.append(ended)
	if err == nil {
		r.side(Event{Type: MapStateSucceeded})
	}
	return output, err
}

func (m *mapRun) run(items value.Value) (value.Value, error) {
	d := m.Distributed
	source := value.String("STATE_DATA")
	if d.ItemReader != nil {
		var err error
		if items, source, err = d.ItemReader.read(m.r, m.effective); err != nil {
			return items, err
		}
	}
	inputs, err := m.inputs(items, source)
	if err != nil {
		return value.Value{}, err
	}
	children := make([]child, len(inputs))
	_, err = m.r.host.Fork(m.r.frame, len(inputs), m.limit, func(h Host, i int) (value.Value, error) {
		c := &children[i]
		*c = m.child(h, i, inputs[i])
		return c.execute(m)
	}, func(failed int) bool { return m.threshold.tolerates(failed, len(inputs)) })
	if failed := errorOf(orNil(err)); err != nil && failed != nil {
		return value.Value{}, &Error{Name: "States.ExceedToleratedFailureThreshold", Cause: "The specified tolerated failure threshold was exceeded"}
	}
	if err != nil {
		return value.Value{}, err
	}
	return d.ResultWriter.write(m, children)
}

// orNil lets errorOf take an error that may be nil.
func orNil(err error) error {
	if err == nil {
		return ErrDetached
	}
	return err
}

// inputs makes the inputs of the iterations: ItemSelector for each item, then ItemBatcher (R23).
func (m *mapRun) inputs(items, source value.Value) ([]value.Value, error) {
	var inputs []value.Value
	add := func(item ContextItem) error {
		item.Index, item.Source = len(inputs), source
		if m.ItemSelector == nil {
			inputs = append(inputs, item.Value)
			return nil
		}
		m.r.context.Map = &ContextMap{item}
		defer func() { m.r.context.Map = nil }()
		v, err := m.ItemSelector.document(m.r.scope(m.effective))
		if err != nil {
			return m.r.templateFault(err)
		}
		inputs = append(inputs, v)
		return nil
	}
	for _, item := range items.Elements() {
		if err := add(ContextItem{Value: item}); err != nil {
			return nil, err
		}
	}
	for name, member := range items.Members() { // X10
		pair := value.Object(value.Field("Key", value.String(name)), value.Field("Value", member))
		if err := add(ContextItem{Key: value.String(name), Value: pair}); err != nil {
			return nil, err
		}
	}
	if m.Distributed.ItemBatcher == nil {
		return inputs, nil
	}
	return m.Distributed.ItemBatcher.batches(m.r, m.effective, inputs)
}

// child is the execution of one iteration.
type child struct {
	run           *run
	arn, name     string
	input, output value.Value
	started, done time.Time
	err           error
}

// name is what the Map is called in ARNs.
func (m *mapRun) label() string {
	if m.Distributed.Label != "" {
		return m.Distributed.Label
	}
	return m.Name
}

func (m *mapRun) runARN() string {
	return fmt.Sprintf("%s/%s:%s", replaceKind(m.r.context.StateMachine.ID, "mapRun"), m.label(), randomUUID(m.r.host))
}

func (m *mapRun) child(h Host, i int, input value.Value) child {
	c := child{input: input, name: randomUUID(h), started: h.Now()}
	c.arn = fmt.Sprintf("%s/%s:%s", replaceKind(m.r.context.StateMachine.ID, "execution"), m.label(), c.name)
	inner := m.r.inner(h, m.Name, i, input)
	inner.inside = false
	f := inner.frame
	f.Variables = value.Value{} // R63
	f.Recorder = NewRecorder(c.arn, f.Recorder.observers...)
	f.Context = Context{
		Execution: ContextExecution{
			ID: c.arn, Name: c.name, Input: input, RoleARN: m.r.context.Execution.RoleARN, StartTime: Timestamp(c.started),
		},
		StateMachine: ContextStateMachine{ID: m.r.context.StateMachine.ID + "/" + m.label(), Name: m.r.context.StateMachine.Name + "/" + m.label()},
		Config:       m.r.context.Config,
	}
	f.State = m.ItemProcessor.StartAt
	inner.context = f.Context
	c.run = inner
	return c
}

// execute runs a child from its first event to its last.
func (c *child) execute(m *mapRun) (value.Value, error) {
	c.output, c.err = c.run.execute(&m.ItemProcessor)
	c.done = c.run.host.Now()
	return c.output, c.err
}

// fatal is a fault found while a Map begins: it ends the execution without the Map failing first.
type fatal struct{ err error }

func (f *fatal) Error() string { return f.err.Error() }
func (f *fatal) Unwrap() error { return f.err }

// ItemBatcher puts items into batches, each the input of one iteration (R151).
type ItemBatcher struct {
	BatchInput                Template
	MaxItemsPerBatch          int // 0 is none
	MaxItemsPerBatchPath      string
	MaxInputBytesPerBatch     int // 0 is none
	MaxInputBytesPerBatchPath string

	itemsPath, bytesPath path
}

func (b *ItemBatcher) prepare(c Config) error {
	var faults [3]error
	b.itemsPath, faults[0] = parsePath("MaxItemsPerBatchPath", b.MaxItemsPerBatchPath)
	b.bytesPath, faults[1] = parsePath("MaxInputBytesPerBatchPath", b.MaxInputBytesPerBatchPath)
	faults[2] = prepareTemplates(c, b.BatchInput)
	return errors.Join(faults[:]...)
}

func (b *ItemBatcher) batches(r *run, effective value.Value, items []value.Value) (batches []value.Value, err error) {
	most, bytes := int64(b.MaxItemsPerBatch), int64(b.MaxInputBytesPerBatch)
	if b.itemsPath.path != nil {
		if most, err = r.integer("MaxItemsPerBatchPath", b.itemsPath, effective); err != nil {
			return nil, err
		}
	}
	if b.bytesPath.path != nil {
		if bytes, err = r.integer("MaxInputBytesPerBatchPath", b.bytesPath, effective); err != nil {
			return nil, err
		}
	}
	if bytes <= 0 || bytes > DataLimit {
		bytes = DataLimit
	}
	var common value.Value
	if b.BatchInput != nil {
		if common, err = b.BatchInput.document(r.scope(effective)); err != nil {
			return nil, r.templateFault(err)
		}
	}
	form := func(items []value.Value) value.Value {
		return value.Object(value.Field("BatchInput", common), value.Field("Items", value.Array(items...)))
	}
	empty := form(nil).Size()
	for len(items) > 0 {
		n, size := 0, empty
		for n < len(items) && (most <= 0 || int64(n) < most) && (n == 0 || int64(size+1+items[n].Size()) <= bytes) {
			size += 1 + items[n].Size()
			n++
		}
		batches = append(batches, form(items[:n:n]))
		items = items[n:]
	}
	return batches, nil
}

// call has the host carry out a call that is no task's: the reading or writing of objects.
func (r *run) call(name string, f func(ctx context.Context) (value.Value, error)) (value.Value, error) {
	return r.host.Do(&Attempt{
		ID: r.frame.attemptID(), Execution: r.context.Execution.ID, State: r.frame.State, Resource: name, Pattern: RequestResponsePattern,
		Deadline: r.frame.Deadline, work: work{call: func(ctx context.Context, _ *Attempt) (value.Value, error) { return f(ctx) }},
	})
}
