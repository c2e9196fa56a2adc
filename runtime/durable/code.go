package durable

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// coder writes the members of a record, or reads them: one function says for each type what is in it, so that what is written is
// what is read. What is written is not changed: others may read it at the time. Numbers are varints, texts have their length before
// them. What an execution's records have said already they say again as a number: see [known].
type coder struct {
	b       []byte // what is written, or left to read
	reading bool
	known   *known
	err     error // of reading
}

// known is what the records of an execution have said so far, from one on that forgets what those before it said: the first after
// the execution has come into memory, or one that begins with all that there is. Who writes them and who reads them know the same.
type known struct {
	time   int64         // the last, in Unix nanoseconds
	texts  []string      // the last ones, of which the oldest is replaced by the next
	text   int           // where the newest stands
	values []value.Value // … likewise
	value  int
}

// What is remembered: so many texts, of at most a length, and so many documents, of at least a length. Others are written each time.
const (
	knownTextsLimit  = 62
	longestText      = 256
	knownValuesLimit = 8
	smallestValue    = 24
)

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

// plain codes a text that is not remembered.
func (c *coder) plain(s *string) {
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

// text codes a text: 0 is the empty one, 1 says that it follows, n is the one in the place n-2.
func (c *coder) text(s *string) {
	var n uint64
	if !c.reading && *s != "" {
		n = uint64(slices.Index(c.known.texts, *s) + 2)
	}
	switch c.uint(&n); {
	case n == 1:
		if c.plain(s); c.err == nil && len(*s) <= longestText {
			c.known.text = remember(&c.known.texts, c.known.text, knownTextsLimit, *s)
		}
	case !c.reading:
	case n == 0:
		*s = ""
	case n-2 < uint64(len(c.known.texts)):
		*s = c.known.texts[n-2]
	default:
		c.fail(errShort)
	}
}

// remember puts something behind the newest of what is known, in place of the oldest if there are as many as there may be, and returns
// where it stands.
func remember[T any](all *[]T, newest, limit int, one T) int {
	if *all == nil {
		*all = make([]T, 0, 8)
	}
	if len(*all) < limit {
		*all = append(*all, one)
		return len(*all) - 1
	}
	newest = (newest + 1) % limit
	(*all)[newest] = one
	return newest
}

// time codes a time to the nanosecond, by what has passed since the last one; 0 is the zero time.
func (c *coder) time(t *time.Time) {
	var n uint64
	if !c.reading && !t.IsZero() {
		passed := t.UnixNano() - c.known.time
		n = (uint64(passed)<<1 ^ uint64(passed>>63)) + 1
	}
	c.uint(&n)
	if n == 0 {
		if c.reading {
			*t = time.Time{}
		}
		return
	}
	c.known.time += int64((n-1)>>1) ^ -int64((n-1)&1)
	if c.reading {
		*t = time.Unix(0, c.known.time).UTC()
	}
}

// moment codes a time without regard to the last one.
func (c *coder) moment(t *time.Time) {
	last := c.known.time
	c.known.time = 0
	c.time(t)
	c.known.time = last
}

// members codes which of the members there are that follow.
func (c *coder) members(there ...bool) members {
	var m uint64
	for i, is := range there {
		if is {
			m |= 1 << i
		}
	}
	c.uint(&m)
	return members(m)
}

type members uint64

func (m members) at(i int) bool { return m>>i&1 != 0 }

// value codes a document: 0 is absent, 1 says that its text follows, 2 that it is a known one with other members, n is the known one
// n-3.
func (c *coder) value(v *value.Value) {
	switch {
	case c.reading:
		c.readValue(v)
	case v.IsAbsent():
		c.b = append(c.b, 0)
	case v.Size() < smallestValue || !c.knownValue(*v):
		c.b = append(c.b, 1)
		c.b = binary.AppendUvarint(c.b, uint64(v.Size()))
		c.b = v.AppendJSON(c.b)
		c.known.remember(*v)
	}
}

// knownValue writes a value by those that are known, and reports whether it could.
func (c *coder) knownValue(v value.Value) bool {
	for i, of := range c.known.values {
		if value.SharesMemory(of, v) {
			c.b = binary.AppendUvarint(c.b, uint64(i+3))
			return true
		}
	}
	for n := range c.known.values { // the newest first, which has most in common with it
		i := (c.known.value + len(c.known.values) - n) % len(c.known.values)
		changed, ok := v.Since(c.known.values[i])
		if !ok {
			continue
		}
		c.b = binary.AppendUvarint(append(c.b, 2), uint64(i))
		c.b = binary.AppendUvarint(c.b, uint64(len(changed)))
		for _, m := range changed {
			c.text(&m.Name)
			c.value(&m.Value)
		}
		c.known.remember(v)
		return true
	}
	return false
}

func (c *coder) readValue(v *value.Value) {
	var n uint64
	switch c.uint(&n); {
	case n == 0:
		*v = value.Value{}
		return
	case n == 1:
		var text string
		if c.plain(&text); c.err != nil {
			return
		}
		parsed, err := value.Parse([]byte(text))
		if err != nil {
			c.fail(err)
			return
		}
		*v = parsed
	case n == 2:
		c.readChanged(v)
	case n-3 < uint64(len(c.known.values)):
		*v = c.known.values[n-3]
		return
	default:
		c.fail(errShort)
	}
	if c.err == nil {
		c.known.remember(*v)
	}
}

// readChanged reads a known object with other members.
func (c *coder) readChanged(v *value.Value) {
	var of uint64
	if c.uint(&of); of >= uint64(len(c.known.values)) || c.known.values[of].Kind() != value.ObjectKind {
		c.fail(errShort)
		return
	}
	base := c.known.values[of]
	changed := make([]value.Member, c.count(0))
	for i := range changed {
		c.text(&changed[i].Name)
		if c.value(&changed[i].Value); c.err != nil {
			return
		}
	}
	*v = base.Again(changed)
}

// remember remembers a value.
func (k *known) remember(v value.Value) {
	if v.Size() >= smallestValue {
		k.value = remember(&k.values, k.value, knownValuesLimit, v)
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
