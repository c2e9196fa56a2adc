package coder

import (
	"errors"
	"math"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func (c *Coder) savedError(s *asl.SavedError) {
	status := string(s.Status)
	for _, text := range []*string{&status, &s.Name, &s.Cause, &s.Place, &s.State} {
		c.Text(text)
	}
	s.Status = asl.Status(status)
	n := c.Count(len(s.At))
	if c.Reading && n > 0 {
		s.At = make([]string, n)
	}
	for i := range s.At {
		c.Text(&s.At[i])
	}
	for _, is := range []*bool{&s.Unnamed, &s.Causeless, &s.Heartbeat, &s.Terminal} {
		c.Bool(is)
	}
}

// Fault codes an error that ends something, nil if there is none.
func (c *Coder) Fault(err *error) {
	var s asl.SavedError
	there := *err != nil
	if !c.Reading && there {
		s, _ = asl.SaveError(*err)
	}
	if c.Bool(&there); !there {
		if c.Reading {
			*err = nil
		}
		return
	}
	if c.savedError(&s); c.Reading {
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

// Word codes a text that is often one of the known ones; 0 says that it is not.
func (c *Coder) Word(s *string) {
	n := knownNumbers[*s]
	c.Uint(&n)
	switch {
	case n == 0:
		c.Text(s)
	case !c.Reading:
	case n > uint64(len(knownTexts)):
		c.Fail(errors.New("a record has a word of a newer format"))
	default:
		*s = knownTexts[n-1]
	}
}

// Event codes an event of a history, but for its id, which is one more than that of the event before.
func (c *Coder) Event(e *asl.Event) {
	kind := string(e.Type)
	if c.Word(&kind); c.Reading {
		e.Type = asl.EventType(kind)
	}
	c.After(&e.Previous, e.ID)
	c.Time(&e.Time)
	has := c.Members(e.State != "", !e.Input.IsAbsent(), !e.Output.IsAbsent(), e.Task != nil, !e.Assigned.IsAbsent(), e.RoleARN != "",
		e.Location != "", e.Redrives != 0, e.Map != nil, e.Err != nil)
	if has.at(0) {
		c.Text(&e.State)
	}
	if has.at(1) {
		c.Value(&e.Input)
	}
	if has.at(2) {
		c.Value(&e.Output)
	}
	if has.at(3) {
		c.taskDetails(&e.Task)
	}
	if has.at(4) {
		c.Value(&e.Assigned)
	}
	if has.at(5) {
		c.Text(&e.RoleARN)
	}
	if has.at(6) {
		c.Text(&e.Location)
	}
	if has.at(7) {
		c.Int(&e.Redrives)
	}
	if has.at(8) {
		c.mapDetails(&e.Map)
	}
	if has.at(9) {
		c.eventFault(&e.Err)
	}
}

func (c *Coder) eventFault(of **asl.Error) {
	var err error
	if *of != nil {
		err = *of
	}
	if c.Fault(&err); c.Reading && err != nil {
		*of = asl.ErrorOf(err)
	}
}

func (c *Coder) mapDetails(of **asl.MapDetails) {
	if c.Reading {
		*of = &asl.MapDetails{}
	}
	c.Int(&(*of).Length)
	c.Int(&(*of).Index)
	c.mapRunDetails(*of)
}

func (c *Coder) mapRunDetails(m *asl.MapDetails) {
	is := m.RunARN != "" || m.Children > 0
	if c.Bool(&is); !is { // of an inline Map
		return
	}
	c.Text(&m.RunARN)
	c.Text(&m.Inner)
	c.Bool(&m.Exports)
	for _, n := range []*int{&m.MaxConcurrency, &m.Children, &m.Items} {
		c.Int(n)
	}
	c.Int64(&m.ToleratedFailureCount)
	percentage := math.Float64bits(m.ToleratedFailurePercentage)
	if c.Uint(&percentage); c.Reading {
		m.ToleratedFailurePercentage = math.Float64frombits(percentage)
	}
}

func (c *Coder) taskDetails(of **asl.TaskDetails) {
	if c.Reading {
		*of = &asl.TaskDetails{}
	}
	t := *of
	has := c.Members(t.State != "", t.ResourceType != "", t.Resource != "", t.Region != "", t.RoleARN != "", t.Attempt != 0,
		!t.Parameters.IsAbsent(), t.Timeout != 0, t.Heartbeat != 0)
	for i, text := range [...]*string{&t.State, &t.ResourceType, &t.Resource, &t.Region, &t.RoleARN} {
		if has.at(i) {
			c.Text(text)
		}
	}
	if has.at(5) {
		c.Int(&t.Attempt)
	}
	if has.at(6) {
		c.Value(&t.Parameters)
	}
	if has.at(7) {
		c.Int64((*int64)(&t.Timeout))
	}
	if has.at(8) {
		c.Int64((*int64)(&t.Heartbeat))
	}
}

// Frame codes how a frame differs from another, like: what is written is what is not the same, or not what follows from it. The
// Recorder and what is shared by all frames of the execution are not written.
func (c *Coder) Frame(f, like *asl.Frame) {
	if c.Reading {
		*f = *like
		f.Retries = nil
		f.Entry++
	}
	child, item := !sameExecution(f.Context.Execution, like.Context.Execution), f.Context.Item != like.Context.Item
	has := c.Members(f.Path != like.Path, f.State != like.State, !value.SharesMemory(f.Document, like.Document),
		!value.SharesMemory(f.Variables, like.Variables), f.Entry != like.Entry+1, len(f.Retries) > 0,
		f.Last != like.Last || f.Before != like.Before || f.Entered != like.Entered || f.Started != like.Started,
		!f.EnteredTime.Equal(like.EnteredTime), !f.Wake.Equal(like.Wake), !f.Deadline.Equal(like.Deadline), !f.Began.Equal(like.Began),
		f.MapRun != like.MapRun || f.MapRedrives != like.MapRedrives || f.Redriven != like.Redriven, child, item)
	c.frameMembers(f, like, has)
}

func (c *Coder) frameMembers(f, like *asl.Frame, has Members) {
	for i, text := range [...]*string{&f.Path, &f.State} {
		if has.at(i) {
			c.Text(text)
		}
	}
	for i, document := range [...]*value.Value{&f.Document, &f.Variables} {
		if has.at(2 + i) {
			c.Value(document)
		}
	}
	if has.at(4) {
		c.Int(&f.Entry)
	}
	if has.at(5) {
		c.retries(f)
	}
	if has.at(6) {
		c.After(&f.Last, like.Last)
		c.After(&f.Before, f.Last)
		c.After(&f.Entered, like.Entered)
		c.After(&f.Started, like.Started)
	}
	for i, t := range [...]*time.Time{&f.EnteredTime, &f.Wake, &f.Deadline, &f.Began} {
		if has.at(7 + i) {
			c.Time(t)
		}
	}
	if has.at(11) {
		c.Text(&f.MapRun)
		c.Int(&f.MapRedrives)
		c.Bool(&f.Redriven)
	}
	if has.at(12) {
		if c.Reading {
			f.Context.Execution = &asl.ContextExecution{}
		}
		c.Execution(f.Context.Execution)
	}
	if has.at(13) {
		c.item(&f.Context.Item)
	}
}

// sameExecution reports whether two contexts are of one execution, since it was redriven last.
func sameExecution(a, b *asl.ContextExecution) bool {
	return a.Machine == b.Machine && a.Name == b.Name && a.Unique == b.Unique && a.RedriveCount == b.RedriveCount && a.Redriven.Equal(b.Redriven)
}

// After codes a number by what it is more than another.
func (c *Coder) After(n *int64, than int64) {
	more := *n - than
	if c.Int64(&more); c.Reading {
		*n = than + more
	}
}

func (c *Coder) retries(f *asl.Frame) {
	n := c.Count(len(f.Retries))
	if c.Reading {
		f.Retries = make([]int, n)
	}
	for i := range f.Retries {
		c.Int(&f.Retries[i])
	}
}

func (c *Coder) item(of **asl.ContextItem) {
	there := *of != nil
	if c.Bool(&there); !there {
		if c.Reading {
			*of = nil
		}
		return
	}
	if c.Reading {
		*of = &asl.ContextItem{}
	}
	item := *of
	c.Int(&item.Index)
	for _, v := range [...]*value.Value{&item.Value, &item.Key, &item.Source} {
		c.Value(v)
	}
}

// Execution codes what a context object says of the execution and its machine.
func (c *Coder) Execution(e *asl.ContextExecution) {
	for _, text := range []*string{&e.Account.Region, &e.Account.ID, &e.Machine, &e.Name, (*string)(&e.Type), &e.Unique, &e.RoleARN} {
		c.Text(text)
	}
	c.Time(&e.Started)
	c.Value(&e.Input)
	c.Int(&e.RedriveCount)
	c.Time(&e.Redriven)
	c.Bool(&e.Synchronous)
}
