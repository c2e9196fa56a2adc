package asltest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// History is the history of an execution, as GetExecutionHistory tells it.
type History struct {
	Name     string     // what it is called in messages: the file's name
	Children []*History // of the executions that a DISTRIBUTED Map has started, as far as they are known
	Redact   bool       // differences show which parts of documents differ, but not what texts, numbers and booleans say
	events   []event
}

// event is what of an event matters to a replay.
type event struct {
	id, previous int64
	time         time.Time
	kind         string // ExecutionStarted, TaskStateEntered
	details      value.Value
}

// text returns a member of the details that is a text, "" if it is none.
func (e *event) text(name string) string {
	text, _ := e.details.Get(name).AsString()
	return text
}

// document returns a member of the details that is the text of JSON; it is absent where the service has cut it off.
func (e *event) document(name string) value.Value {
	if cut, _ := e.details.Get(name + "Details").Get("truncated").AsBool(); cut {
		return value.Value{}
	}
	text, ok := e.details.Get(name).AsString()
	if !ok {
		return value.Value{}
	}
	v, err := value.Parse([]byte(text))
	if err != nil {
		return value.String(text)
	}
	return v
}

// ReadHistory reads the history of an execution: the output of aws stepfunctions get-execution-history, in one or several pages one after
// the other, or the array of its events. The name is what messages call it.
func ReadHistory(name string, text []byte) (*History, error) {
	h := &History{Name: name}
	decoder := jsontext.NewDecoder(bytes.NewReader(text))
	for {
		page, err := decoder.ReadValue()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		v, err := value.Parse(page)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if v.Kind() == value.ObjectKind {
			v = v.Get("events")
		}
		if v.Kind() != value.ArrayKind {
			return nil, fmt.Errorf("%s: it has no events: it must be what aws stepfunctions get-execution-history prints", name)
		}
		for _, e := range v.Elements() {
			if err := h.add(e); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	if len(h.events) == 0 || h.events[0].kind != string(asl.ExecutionStarted) {
		return nil, fmt.Errorf("%s: it does not begin with ExecutionStarted: it must be the whole history, the oldest events first", name)
	}
	return h, nil
}

func (h *History) add(v value.Value) error {
	var e event
	e.kind, _ = v.Get("type").AsString()
	id, ok := v.Get("id").AsInt()
	if !ok || e.kind == "" {
		return fmt.Errorf("an event has no id or no type: %s", v)
	}
	e.id = id
	e.previous, _ = v.Get("previousEventId").AsInt()
	e.time = timeOf(v.Get("timestamp"))
	for name, details := range v.Members() {
		if strings.HasSuffix(name, "EventDetails") {
			e.details = details
		}
	}
	h.events = append(h.events, e)
	return nil
}

// timeOf reads a time as the AWS CLI writes it, a text or seconds since 1970.
func timeOf(v value.Value) time.Time {
	if seconds, ok := v.AsFloat(); ok {
		return time.UnixMilli(int64(seconds * 1000)).UTC()
	}
	text, _ := v.AsString()
	t, _ := time.Parse(time.RFC3339Nano, text)
	return t
}

// historyOf returns the history of an execution of ours.
func historyOf(events []asl.Event) (*History, error) {
	h := &History{}
	for _, e := range events {
		text, err := e.MarshalJSON()
		if err != nil {
			return nil, err
		}
		v, err := value.Parse(text)
		if err != nil {
			return nil, err
		}
		if err := h.add(v); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// visit is one time that an execution was in a state.
type visit struct {
	state, path string // the path has the iterations that the state is in: /Each#2
	input       value.Value
	output      value.Value // absent if it was not left
	assigned    value.Value
	left        bool
	attempts    []*attempt
	entry, exit int64 // ids of its events
}

// attempt is one attempt of a task.
type attempt struct {
	state, path string
	resource    string
	sent        value.Value // what the task was given
	result      value.Value
	submitted   value.Value // the service's answer to the call of a .sync or token task
	err         *asl.Error
	over        bool // it has ended
	timedOut    bool
	took        time.Duration
	child       string // the name of the history of a child, "" if it is the execution's own

	scheduled time.Time
	id        int64 // of its first event
}

// told is a history as it is compared.
type told struct {
	started time.Time
	input   value.Value
	account string // "" if it is not known
	region  string
	ending
	before      []ending // each of which a redrive has followed
	visits      []*visit
	attempts    []*attempt
	maps        map[string]bool // the states that have iterations
	visitOf     map[int64]*visit
	attemptOf   map[int64]*attempt
	pathOf      map[int64]string
	distributed bool
}

// ending is how an execution has ended, or stands.
type ending struct {
	status   asl.Status
	output   value.Value
	err      *asl.Error
	at       time.Time // zero if it has not ended
	redriven time.Time // zero if that was the last
	event    int64     // of the redrive
}

// tell reads a history.
func (h *History) tell() *told {
	t := &told{
		ending: ending{status: asl.StatusRunning}, maps: map[string]bool{},
		visitOf: map[int64]*visit{}, attemptOf: map[int64]*attempt{}, pathOf: map[int64]string{},
	}
	for i := range h.events {
		e := &h.events[i]
		t.visitOf[e.id], t.attemptOf[e.id], t.pathOf[e.id] = t.visitOf[e.previous], t.attemptOf[e.previous], t.pathOf[e.previous]
		t.event(e)
	}
	return t
}

func (t *told) event(e *event) {
	switch {
	case e.kind == "ExecutionStarted":
		t.started, t.input = e.time, e.document("input")
		if parts := strings.Split(e.text("roleArn"), ":"); len(parts) == 6 {
			t.account = parts[4]
		}
	case e.kind == "ExecutionRedriven":
		t.redriven, t.ending.event = e.time, e.id
		t.before = append(t.before, t.ending)
		t.ending = ending{status: asl.StatusRunning}
		t.visitOf[e.id], t.attemptOf[e.id], t.pathOf[e.id] = nil, nil, ""
	case strings.HasPrefix(e.kind, "Execution"):
		t.ended(e)
	case strings.HasSuffix(e.kind, "StateEntered"):
		v := &visit{state: e.text("name"), path: t.pathOf[e.id], input: e.document("input"), entry: e.id}
		t.visits = append(t.visits, v)
		t.visitOf[e.id], t.attemptOf[e.id] = v, nil
	case strings.HasSuffix(e.kind, "StateExited"):
		t.exited(e)
	case e.kind == "MapIterationStarted":
		name := e.text("name")
		t.maps[name] = true
		index, _ := e.details.Get("index").AsInt()
		t.pathOf[e.id] = t.outside(e, name) + fmt.Sprintf("/%s#%d", name, index)
	case strings.HasPrefix(e.kind, "Task"), strings.HasPrefix(e.kind, "LambdaFunction"), strings.HasPrefix(e.kind, "Activity"):
		t.task(e)
	case e.kind == "MapRunStarted":
		t.distributed = true
	}
}

// outside returns the path of the Map whose iteration an event begins.
func (t *told) outside(e *event, name string) string {
	path := t.pathOf[e.id]
	if i := strings.LastIndex(path, "/"+name+"#"); i >= 0 { // it follows another iteration
		return path[:i]
	}
	return path
}

// exited notes the exit of a state. It follows what was done in it, but for that of a Parallel or Map, which follows the last of its
// branches or iterations.
func (t *told) exited(e *event) {
	name := e.text("name")
	v := t.visitOf[e.id]
	if v == nil || v.state != name || v.left {
		v = nil
		for i := len(t.visits) - 1; i >= 0 && v == nil; i-- {
			if w := t.visits[i]; w.state == name && !w.left && strings.HasPrefix(t.pathOf[e.id], w.path) {
				v = w
			}
		}
	}
	if v == nil {
		return
	}
	v.output, v.assigned, v.left, v.exit = e.document("output"), e.details.Get("assignedVariables"), true, e.id
	t.visitOf[e.id], t.attemptOf[e.id], t.pathOf[e.id] = nil, nil, v.path
}

// task notes an event of a task.
func (t *told) task(e *event) {
	switch a := t.attemptOf[e.id]; {
	case strings.HasSuffix(e.kind, "Scheduled"):
		v := t.visitOf[e.id]
		if v == nil {
			v = t.goneOn(e)
		}
		if v == nil {
			return
		}
		t.visitOf[e.id], t.pathOf[e.id] = v, v.path
		if t.region == "" {
			t.region = e.text("region")
		}
		a := &attempt{state: v.state, path: v.path, resource: e.text("resource"), sent: e.sent(), scheduled: e.time, id: e.id}
		v.attempts, t.attempts = append(v.attempts, a), append(t.attempts, a)
		t.attemptOf[e.id] = a
	case a == nil:
	case strings.HasSuffix(e.kind, "Submitted"):
		a.submitted = e.document("output")
	case strings.HasSuffix(e.kind, "Succeeded"):
		a.result, a.over, a.took = e.document("output"), true, e.time.Sub(a.scheduled)
	case strings.HasSuffix(e.kind, "Failed"), strings.HasSuffix(e.kind, "TimedOut"):
		a.err, a.over, a.took = errorOf(e), true, e.time.Sub(a.scheduled)
		a.timedOut = strings.HasSuffix(e.kind, "TimedOut")
	}
}

// sent returns what a task is given that is scheduled.
func (e *event) sent() value.Value {
	if sent := e.document("parameters"); !sent.IsAbsent() {
		return sent
	}
	return e.document("input")
}

// goneOn returns the visit of a state with which a task goes on after a redrive: one that was not left, whose task it may be.
func (t *told) goneOn(e *event) (found *visit) {
	if len(t.before) == 0 {
		return nil
	}
	for _, v := range t.visits {
		if v.left || len(v.attempts) == 0 {
			continue
		}
		last := v.attempts[len(v.attempts)-1]
		if last.id > t.before[len(t.before)-1].event || last.resource != e.text("resource") {
			continue
		}
		if like(last.sent, e.sent()) {
			return v
		}
		if found == nil {
			found = v
		}
	}
	return found
}

func errorOf(e *event) *asl.Error {
	return &asl.Error{
		Name: e.text("error"), Cause: e.text("cause"), Unnamed: e.details.Get("error").IsAbsent(), Causeless: e.details.Get("cause").IsAbsent(),
	}
}

func (t *told) ended(e *event) {
	t.at = e.time
	switch e.kind {
	case "ExecutionSucceeded":
		t.status, t.output = asl.StatusSucceeded, e.document("output")
	case "ExecutionFailed":
		t.status, t.err = asl.StatusFailed, errorOf(e)
	case "ExecutionTimedOut":
		t.status, t.err = asl.StatusTimedOut, errorOf(e)
	case "ExecutionAborted":
		t.status, t.err = asl.StatusAborted, errorOf(e)
	}
}
