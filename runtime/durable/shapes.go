package durable

import (
	"errors"
	"math"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

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
		if c.reading {
			*err = nil
		}
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

// event codes an event of a history, but for its id, which is one more than that of the event before.
func (c *coder) event(e *asl.Event) {
	kind := string(e.Type)
	if c.word(&kind); c.reading {
		e.Type = asl.EventType(kind)
	}
	c.after(&e.Previous, e.ID)
	c.time(&e.Time)
	has := c.members(e.State != "", !e.Input.IsAbsent(), !e.Output.IsAbsent(), e.Task != nil, !e.Assigned.IsAbsent(), e.RoleARN != "",
		e.Location != "", e.Redrives != 0, e.Map != nil, e.Err != nil)
	if has.at(0) {
		c.text(&e.State)
	}
	if has.at(1) {
		c.value(&e.Input)
	}
	if has.at(2) {
		c.value(&e.Output)
	}
	if has.at(3) {
		c.taskDetails(&e.Task)
	}
	if has.at(4) {
		c.value(&e.Assigned)
	}
	if has.at(5) {
		c.text(&e.RoleARN)
	}
	if has.at(6) {
		c.text(&e.Location)
	}
	if has.at(7) {
		c.int(&e.Redrives)
	}
	if has.at(8) {
		c.mapDetails(&e.Map)
	}
	if has.at(9) {
		c.eventFault(&e.Err)
	}
}

func (c *coder) eventFault(of **asl.Error) {
	var err error
	if *of != nil {
		err = *of
	}
	if c.fault(&err); c.reading && err != nil {
		*of = asl.ErrorOf(err)
	}
}

func (c *coder) mapDetails(of **asl.MapDetails) {
	if c.reading {
		*of = &asl.MapDetails{}
	}
	c.int(&(*of).Length)
	c.int(&(*of).Index)
	c.mapRunDetails(*of)
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
	if c.uint(&percentage); c.reading {
		m.ToleratedFailurePercentage = math.Float64frombits(percentage)
	}
}

func (c *coder) taskDetails(of **asl.TaskDetails) {
	if c.reading {
		*of = &asl.TaskDetails{}
	}
	t := *of
	has := c.members(t.State != "", t.ResourceType != "", t.Resource != "", t.Region != "", t.RoleARN != "", t.Attempt != 0,
		!t.Parameters.IsAbsent(), t.Timeout != 0, t.Heartbeat != 0)
	for i, text := range [...]*string{&t.State, &t.ResourceType, &t.Resource, &t.Region, &t.RoleARN} {
		if has.at(i) {
			c.text(text)
		}
	}
	if has.at(5) {
		c.int(&t.Attempt)
	}
	if has.at(6) {
		c.value(&t.Parameters)
	}
	if has.at(7) {
		c.int64((*int64)(&t.Timeout))
	}
	if has.at(8) {
		c.int64((*int64)(&t.Heartbeat))
	}
}

// frame codes how a frame differs from another, like: what is written is what is not the same, or not what follows from it. The
// Recorder and what is shared by all frames of the execution are not written.
func (c *coder) frame(f, like *asl.Frame) {
	if c.reading {
		*f = *like
		f.Retries = nil
		f.Entry++
	}
	child, item := !sameExecution(f.Context.Execution, like.Context.Execution), f.Context.Item != like.Context.Item
	has := c.members(f.Path != like.Path, f.State != like.State, !value.SharesMemory(f.Document, like.Document),
		!value.SharesMemory(f.Variables, like.Variables), f.Entry != like.Entry+1, len(f.Retries) > 0,
		f.Last != like.Last || f.Before != like.Before || f.Entered != like.Entered || f.Started != like.Started,
		!f.EnteredTime.Equal(like.EnteredTime), !f.Wake.Equal(like.Wake), !f.Deadline.Equal(like.Deadline), !f.Began.Equal(like.Began),
		f.MapRun != like.MapRun || f.MapRedrives != like.MapRedrives || f.Redriven != like.Redriven, child, item)
	c.frameMembers(f, like, has)
}

func (c *coder) frameMembers(f, like *asl.Frame, has members) {
	for i, text := range [...]*string{&f.Path, &f.State} {
		if has.at(i) {
			c.text(text)
		}
	}
	for i, document := range [...]*value.Value{&f.Document, &f.Variables} {
		if has.at(2 + i) {
			c.value(document)
		}
	}
	if has.at(4) {
		c.int(&f.Entry)
	}
	if has.at(5) {
		c.retries(f)
	}
	if has.at(6) {
		c.after(&f.Last, like.Last)
		c.after(&f.Before, f.Last)
		c.after(&f.Entered, like.Entered)
		c.after(&f.Started, like.Started)
	}
	for i, t := range [...]*time.Time{&f.EnteredTime, &f.Wake, &f.Deadline, &f.Began} {
		if has.at(7 + i) {
			c.time(t)
		}
	}
	if has.at(11) {
		c.text(&f.MapRun)
		c.int(&f.MapRedrives)
		c.bool(&f.Redriven)
	}
	if has.at(12) {
		if c.reading {
			f.Context.Execution = &asl.ContextExecution{}
		}
		c.execution(f.Context.Execution)
	}
	if has.at(13) {
		c.item(&f.Context.Item)
	}
}

// sameExecution reports whether two contexts are of one execution, since it was redriven last.
func sameExecution(a, b *asl.ContextExecution) bool {
	return a.Machine == b.Machine && a.Name == b.Name && a.Unique == b.Unique && a.RedriveCount == b.RedriveCount && a.Redriven.Equal(b.Redriven)
}

// after codes a number by what it is more than another.
func (c *coder) after(n *int64, than int64) {
	more := *n - than
	if c.int64(&more); c.reading {
		*n = than + more
	}
}

func (c *coder) retries(f *asl.Frame) {
	n := c.count(len(f.Retries))
	if c.reading {
		f.Retries = make([]int, n)
	}
	for i := range f.Retries {
		c.int(&f.Retries[i])
	}
}

func (c *coder) item(of **asl.ContextItem) {
	there := *of != nil
	if c.bool(&there); !there {
		if c.reading {
			*of = nil
		}
		return
	}
	if c.reading {
		*of = &asl.ContextItem{}
	}
	item := *of
	c.int(&item.Index)
	for _, v := range [...]*value.Value{&item.Value, &item.Key, &item.Source} {
		c.value(v)
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
