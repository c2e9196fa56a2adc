package durable

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// coder writes the members of a record, or reads them: one function says for each type what is in it, so that what is written is
// what is read. What is written is not changed: others may read it at the time. Numbers are varints, texts have their length before them, times are relative to the record's own.
type coder struct {
	b       []byte // what is written, or left to read
	reading bool
	base    time.Time
	values  []value.Value // that the record has so far: each is written once
	err     error         // of reading
}

var errShort = errors.New("a record ends too early")

func (c *coder) uint(n *uint64) {
	if !c.reading {
		c.b = binary.AppendUvarint(c.b, *n)
		return
	}
	v, size := binary.Uvarint(c.b)
	if size <= 0 {
		c.fail(errShort)
		return
	}
	*n, c.b = v, c.b[size:]
}

func (c *coder) fail(err error) {
	if c.err == nil {
		c.err = err
	}
	c.b = nil
}

func (c *coder) int64(n *int64) {
	u := uint64(*n)<<1 ^ uint64(*n>>63)
	if c.uint(&u); c.reading {
		*n = int64(u>>1) ^ -int64(u&1)
	}
}

func (c *coder) int(n *int) {
	v := int64(*n)
	if c.int64(&v); c.reading {
		*n = int(v)
	}
}

func (c *coder) bool(is *bool) {
	var n uint64
	if *is {
		n = 1
	}
	if c.uint(&n); c.reading {
		*is = n == 1
	}
}

// count codes how many elements there are. What is read is no more than the record can have.
func (c *coder) count(n int) int {
	u := uint64(n)
	c.uint(&u)
	if c.reading && u > uint64(len(c.b)) {
		c.fail(errShort)
		return 0
	}
	return int(u)
}

func (c *coder) text(s *string) {
	n := uint64(len(*s))
	c.uint(&n)
	if !c.reading {
		c.b = append(c.b, *s...)
		return
	}
	if n > uint64(len(c.b)) {
		c.fail(errShort)
		return
	}
	*s, c.b = string(c.b[:n]), c.b[n:]
}

// time codes a time to the nanosecond; the zero time stays what it is.
func (c *coder) time(t *time.Time) {
	var n int64
	if !t.IsZero() {
		if n = t.Sub(c.base).Nanoseconds(); n >= 0 {
			n++ // 0 is the zero time
		}
	}
	c.int64(&n)
	switch {
	case !c.reading:
	case n == 0:
		*t = time.Time{}
	case n > 0:
		*t = c.base.Add(time.Duration(n - 1))
	default:
		*t = c.base.Add(time.Duration(n))
	}
}

// recentValues is how many of the values before are looked at for one that comes again.
const recentValues = 16

// value codes a document: 0 is absent, 1 a text that follows, n the value n-2 of the record.
func (c *coder) value(v *value.Value) {
	if c.reading {
		c.readValue(v)
		return
	}
	if v.IsAbsent() {
		c.b = append(c.b, 0)
		return
	}
	for i := len(c.values) - 1; i >= max(0, len(c.values)-recentValues); i-- {
		if value.SharesMemory(c.values[i], *v) {
			n := uint64(i + 2)
			c.uint(&n)
			return
		}
	}
	c.values = append(c.values, *v)
	c.b = append(c.b, 1)
	n := uint64(v.Size())
	c.uint(&n)
	c.b = v.AppendJSON(c.b)
}

func (c *coder) readValue(v *value.Value) {
	var n uint64
	switch c.uint(&n); {
	case n == 0:
		*v = value.Value{}
	case n == 1:
		var text string
		c.text(&text)
		if c.err != nil {
			return
		}
		parsed, err := value.Parse([]byte(text))
		if err != nil {
			c.fail(err)
			return
		}
		*v = parsed
		c.values = append(c.values, parsed)
	case n-2 < uint64(len(c.values)):
		*v = c.values[n-2]
	default:
		c.fail(errShort)
	}
}

func (c *coder) savedError(s *asl.SavedError) {
	status := string(s.Status)
	for _, text := range []*string{&status, &s.Name, &s.Cause, &s.Place, &s.State} {
		c.text(text)
	}
	s.Status = asl.Status(status)
	n := c.count(len(s.At))
	if c.reading {
		s.At = make([]string, n)
	}
	for i := range s.At {
		c.text(&s.At[i])
	}
	for _, is := range []*bool{&s.Unnamed, &s.Causeless, &s.Heartbeat, &s.Terminal} {
		c.bool(is)
	}
}

// fault codes an error that ends something, nil if there is none.
func (c *coder) fault(err *error) {
	var s asl.SavedError
	there := *err != nil
	if !c.reading && there {
		s, _ = asl.SaveError(*err)
	}
	if c.bool(&there); !there {
		*err = nil
		return
	}
	if c.savedError(&s); c.reading {
		*err = s.Err()
	}
}

// knownTexts are written as numbers. Their order is that of the format: new ones come last.
var knownTexts = []string{
	"", "ExecutionStarted", "ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut",
	"TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskFailed", "TaskTimedOut",
	"TaskStateEntered", "TaskStateExited", "TaskStateAborted", "PassStateEntered", "PassStateExited", "ChoiceStateEntered", "ChoiceStateExited",
	"WaitStateEntered", "WaitStateExited", "WaitStateAborted", "SucceedStateEntered", "SucceedStateExited", "FailStateEntered",
	"ParallelStateEntered", "ParallelStateExited", "ParallelStateAborted", "ParallelStateStarted", "ParallelStateSucceeded", "ParallelStateFailed",
	"MapStateEntered", "MapStateExited", "MapStateAborted", "MapStateStarted", "MapStateSucceeded", "MapStateFailed",
	"MapIterationStarted", "MapIterationSucceeded", "MapIterationFailed", "MapIterationAborted",
	"ExecutionRedriven", "MapRunRedriven", "MapRunStarted", "MapRunSucceeded", "MapRunFailed", "MapRunAborted", "EvaluationFailed",
	"LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded", "LambdaFunctionFailed", "LambdaFunctionTimedOut",
	"ActivityScheduled", "ActivityStarted", "ActivitySucceeded", "ActivityFailed", "ActivityTimedOut",
}

var knownNumbers = func() map[string]uint64 {
	numbers := map[string]uint64{}
	for i, text := range knownTexts {
		numbers[text] = uint64(i + 1)
	}
	return numbers
}()

// word codes a text that is often one of the known ones; 0 says that it is not.
func (c *coder) word(s *string) {
	n := knownNumbers[*s]
	c.uint(&n)
	switch {
	case n == 0:
		c.text(s)
	case !c.reading:
	case n > uint64(len(knownTexts)):
		c.fail(errors.New("a record has a word of a newer format"))
	default:
		*s = knownTexts[n-1]
	}
}

// event codes an event of a history, its id included.
func (c *coder) event(e *asl.Event) {
	kind := string(e.Type)
	if c.word(&kind); c.reading {
		e.Type = asl.EventType(kind)
	}
	c.int64(&e.ID)
	c.int64(&e.Previous)
	c.time(&e.Time)
	c.text(&e.State)
	for _, v := range []*value.Value{&e.Input, &e.Output, &e.Assigned} {
		c.value(v)
	}
	c.text(&e.RoleARN)
	c.text(&e.Location)
	c.int(&e.Redrives)
	c.taskDetails(&e.Task)
	there := e.Map != nil
	if c.bool(&there); there {
		if c.reading {
			e.Map = &asl.MapDetails{}
		}
		c.int(&e.Map.Length)
		c.int(&e.Map.Index)
		c.mapRunDetails(e.Map)
	}
	var err error
	if e.Err != nil {
		err = e.Err
	}
	if c.fault(&err); c.reading && err != nil {
		e.Err = asl.ErrorOf(err)
	}
}

func (c *coder) mapRunDetails(m *asl.MapDetails) {
	is := m.RunARN != "" || m.Children > 0
	if c.bool(&is); !is { // of an inline Map
		return
	}
	c.text(&m.RunARN)
	c.text(&m.Inner)
	c.bool(&m.Exports)
	for _, n := range []*int{&m.MaxConcurrency, &m.Children, &m.Items} {
		c.int(n)
	}
	c.int64(&m.ToleratedFailureCount)
	percentage := math.Float64bits(m.ToleratedFailurePercentage)
	c.uint(&percentage)
	m.ToleratedFailurePercentage = math.Float64frombits(percentage)
}

func (c *coder) taskDetails(of **asl.TaskDetails) {
	there := *of != nil
	if c.bool(&there); !there {
		return
	}
	if c.reading {
		*of = &asl.TaskDetails{}
	}
	t := *of
	for _, text := range []*string{&t.State, &t.ResourceType, &t.Resource, &t.Region, &t.RoleARN} {
		c.text(text)
	}
	c.int(&t.Attempt)
	c.value(&t.Parameters)
	timeout, heartbeat := int64(t.Timeout), int64(t.Heartbeat)
	c.int64(&timeout)
	c.int64(&heartbeat)
	if c.reading {
		t.Timeout, t.Heartbeat = time.Duration(timeout), time.Duration(heartbeat)
	}
}

// frame codes all of a frame but what it shares with the execution's first one, like, and its Recorder.
func (c *coder) frame(f *asl.Frame, like *asl.Frame) {
	c.text(&f.Path)
	c.text(&f.State)
	c.value(&f.Document)
	c.value(&f.Variables)
	c.int(&f.Entry)
	n := c.count(len(f.Retries))
	if c.reading && n > 0 {
		f.Retries = make([]int, n)
	}
	for i := range f.Retries {
		c.int(&f.Retries[i])
	}
	for _, t := range []*time.Time{&f.Wake, &f.Deadline, &f.Began, &f.EnteredTime} {
		c.time(t)
	}
	for _, id := range []*int64{&f.Last, &f.Before, &f.Entered, &f.Started} {
		c.int64(id)
	}
	c.text(&f.MapRun)
	c.int(&f.MapRedrives)
	c.bool(&f.Redriven)
	if c.reading {
		f.Execution, f.Context.Execution = like.Execution, like.Context.Execution
	}
	e, root := f.Context.Execution, like.Context.Execution
	own := e.Machine != root.Machine || e.Name != root.Name // of the child of a distributed Map
	if c.bool(&own); own {
		if c.reading {
			f.Context.Execution = &asl.ContextExecution{}
		}
		c.execution(f.Context.Execution)
	}
	there := f.Context.Item != nil
	if c.bool(&there); there {
		if c.reading {
			f.Context.Item = &asl.ContextItem{}
		}
		item := f.Context.Item
		c.int(&item.Index)
		for _, v := range []*value.Value{&item.Value, &item.Key, &item.Source} {
			c.value(v)
		}
	}
}

// execution codes what a context object says of the execution and its machine.
func (c *coder) execution(e *asl.ContextExecution) {
	for _, text := range []*string{&e.Account.Region, &e.Account.ID, &e.Machine, &e.Name, (*string)(&e.Type), &e.Unique, &e.RoleARN} {
		c.text(text)
	}
	c.time(&e.Started)
	c.value(&e.Input)
	c.int(&e.RedriveCount)
	c.time(&e.Redriven)
	c.bool(&e.Synchronous)
}
