package states

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Task makes a call to the outside (R20, R160–R165).
type Task struct {
	Name                 string
	QueryLanguage        QueryLanguage
	Resource             string
	InputPath            string
	Credentials          *query.Template // an object with RoleArn (R164); nil is the execution's own role
	Run                  *Effect         // Parameters or Arguments, and what is done with them
	TimeoutSeconds       int             // 0 is none (X5)
	TimeoutSecondsPath   string          // in a JSONata state the expression for TimeoutSeconds
	HeartbeatSeconds     int             // 0 is none
	HeartbeatSecondsPath string          // in a JSONata state the expression for HeartbeatSeconds
	ResultSelector       *query.Template
	ResultPath           string
	OutputPath           string
	Output               *query.Template // in a JSONata state, which has neither of the three before
	Assign               *query.Template
	Retry                []Retrier
	Catch                []Catcher
	Next                 string
	End                  bool

	inputPath, resultPath, outputPath query.Path
	timeoutPath, heartbeatPath        query.Path
	events                            *taskEvents
	http                              bool             // an HTTP task
	action                            string           // the resource without its pattern, such as lambda:invoke; "" of functions and activities
	details                           *asl.TaskDetails // of all events but the first; nil for those that show no resource
}

func (s *Task) name() string { return s.Name }
func (s *Task) kind() string { return "Task" }

func (s *Task) language() QueryLanguage { return s.QueryLanguage }

func (s *Task) prepare() error {
	var faults [8]error
	s.inputPath, faults[0] = query.ParsePath("InputPath", s.InputPath)
	s.resultPath, faults[1] = query.ParseReference("ResultPath", s.ResultPath)
	s.outputPath, faults[2] = query.ParsePath("OutputPath", s.OutputPath)
	s.timeoutPath, faults[3] = query.ParsePath("TimeoutSecondsPath", s.TimeoutSecondsPath)
	s.heartbeatPath, faults[4] = query.ParsePath("HeartbeatSecondsPath", s.HeartbeatSecondsPath)
	faults[5] = prepareCatch(s.Catch)
	faults[6] = prepareTemplates(s.Credentials, s.ResultSelector, s.Output, s.Assign)
	if err := s.Run.prepare(); err != nil {
		faults[7] = fmt.Errorf("%s: %w", s.Resource, err)
	}
	details := asl.TaskDetails{State: s.Name}
	details.ResourceType, details.Resource, s.events = resource(s.Resource)
	if !s.events.input {
		s.details = &details
	}
	s.http = details.ResourceType == "http"
	if s.details != nil {
		name, _, _ := strings.Cut(details.Resource, ".")
		s.action = details.ResourceType + ":" + name
	}
	return errors.Join(faults[:]...)
}

func (s *Task) run(r *run, input value.Value) (value.Value, string, error) {
	r.retries = true
	effective, err := r.effective(s.inputPath, input)
	if err != nil {
		return effective, "", err
	}
	return r.attempts(s.Retry, s.Catch, input, s.Next, finish{s.Assign, s.Output, s.ResultSelector, s.resultPath, s.outputPath, ""},
		func() (value.Value, error) { return s.attempt(r, effective) })
}

// attempt makes one attempt and records it.
func (s *Task) attempt(r *run, input value.Value) (value.Value, error) {
	if a := r.frame.Attempt; a != nil {
		r.frame.Attempt = nil
		return s.do(r, r.host.Now(), a)
	}
	a := r.frame.NewAttempt("")
	pattern := s.Run.with
	if pattern != asl.RequestResponsePattern {
		r.context.Task.Token = r.host.Token(a.ID())
		defer func() { r.context.Task.Token = "" }()
	}
	timeout, heartbeat, err := s.limits(r, input)
	if err != nil {
		return value.Value{}, err
	}
	if !r.test.exists(s.Run, s.Name) { // V1
		return value.Value{}, r.fault("Resource", fmt.Sprintf("The activity %s does not exist.", s.Resource))
	}
	parameters, work, err := s.Run.bind(r.scope(input).In(argumentsField(r)))
	if err != nil {
		return value.Value{}, r.templateFault(err)
	}
	if r.jsonata {
		r.inspect(asl.StepAfterArguments, parameters)
	} else {
		r.inspect(asl.StepAfterParameters, parameters)
	}
	role, err := s.role(r, input)
	if err != nil {
		return value.Value{}, err
	}
	if parameters.Size() > asl.DataLimit {
		return value.Value{}, tooLarge(s.Name)
	}
	if r.frame.Recorder.Full(r.frame) {
		return value.Value{}, errHistoryFull
	}
	if reason := unusable(s.action, parameters); reason != "" {
		return value.Value{}, r.templateFault(&query.ParameterError{Parameters: parameters, Reason: reason})
	}
	scheduled := s.scheduled(r, parameters)
	scheduled.Task.RoleARN, scheduled.Task.Timeout, scheduled.Task.Heartbeat = role, timeout, heartbeat
	r.append(scheduled)
	started := r.host.Now()
	r.append(asl.Event{Type: s.events.started, Time: started, Task: s.details})
	if s.http && (timeout == 0 || timeout > httpTime) {
		timeout = httpTime
	}
	a.Resource, a.RoleARN, a.Pattern, a.Token = s.Resource, role, pattern, r.context.Task.Token
	a.Deadline, a.Heartbeat, a.Parameters, a.Work = r.deadline(started, timeout), heartbeat, parameters, work
	a.OnSubmitted(func(answer value.Value) {
		r.append(asl.Event{Type: asl.TaskSubmitted, Time: r.host.Now(), Task: s.details, Output: answer})
	})
	return s.do(r, started, a)
}

// role returns the role in Credentials, "" if there are none.
func (s *Task) role(r *run, input value.Value) (string, error) {
	if s.Credentials == nil {
		return "", nil
	}
	v, err := r.template(s.Credentials, "Credentials", input)
	if err != nil {
		return "", err
	}
	role, ok := v.Get("RoleArn").AsString()
	if !ok && r.jsonata {
		return "", r.unexpected(s.Credentials.Expression("RoleArn"), "Credentials/RoleArn", "string", v.Get("RoleArn"))
	}
	if !ok {
		return "", r.fault("Credentials", "The RoleArn of Credentials must be a string but was: "+v.Get("RoleArn").String())
	}
	return role, nil
}

// scheduled is the event that shows what the task is called with.
func (s *Task) scheduled(r *run, parameters value.Value) asl.Event {
	e := asl.Event{Type: s.events.scheduled, Time: r.host.Now(), Task: &asl.TaskDetails{State: s.Name, Attempt: r.frame.Tries() + 1}}
	if s.events.input {
		e.Task.Resource, e.Input = s.Resource, parameters
		return e
	}
	e.Task.ResourceType, e.Task.Resource = s.details.ResourceType, s.details.Resource
	e.Task.Region, e.Task.Parameters = r.region, parameters
	return e
}

// httpTime is what the call of an HTTP task may take, whatever its TimeoutSeconds say (P4).
const httpTime = time.Minute

// do has the host carry out an attempt, which was started at a time, and records its end.
func (s *Task) do(r *run, started time.Time, a *asl.Attempt) (value.Value, error) {
	result, err := r.host.Do(a)
	if a.Pattern != asl.RequestResponsePattern {
		r.waited()
	}
	e := asl.Event{Type: s.events.succeeded, Time: r.host.Now(), Task: s.details, Output: result}
	if err == nil && result.Size() > asl.DataLimit {
		err = tooLarge(s.limited())
	}
	if err != nil {
		failed := asl.ErrorOf(err)
		if failed == nil {
			return result, err
		}
		if end := r.frame.Deadline; failed.Name == asl.ErrorTimeout && !end.IsZero() && !end.After(e.Time) {
			return result, asl.ExecutionTimeout(failed)
		}
		if s.http && failed.Name == asl.ErrorTimeout && !e.Time.Before(started.Add(httpTime)) {
			failed = &asl.Error{Name: "States.Http.Socket", Cause: "The HTTP call took longer than 60 seconds."}
		}
		e.Type, e.Output, e.Err = s.events.failed, value.Value{}, failed
		if failed.Name == asl.ErrorTimeout {
			e.Type = s.events.timedOut
		}
		err = failed
	}
	r.append(e)
	if err == nil {
		r.inspect(asl.StepResult, result)
	}
	return result, err
}

// limited is what a result over the data limit is said to be of (1.18).
func (s *Task) limited() string {
	if s.details != nil {
		return s.details.ResourceType
	}
	return s.Resource
}

// limits returns the timeout and the heartbeat of an attempt, 0 for none (R161).
func (s *Task) limits(r *run, input value.Value) (timeout, heartbeat time.Duration, err error) {
	timeout, err = r.seconds("TimeoutSecondsPath", s.timeoutPath, s.TimeoutSeconds, input)
	if err == nil {
		heartbeat, err = r.seconds("HeartbeatSecondsPath", s.heartbeatPath, s.HeartbeatSeconds, input)
	}
	return timeout, heartbeat, err
}

// seconds reads a field of 1…99999999 seconds that may be a path.
func (r *run) seconds(field string, p query.Path, literal int, input value.Value) (time.Duration, error) {
	if !p.IsSet() {
		return time.Duration(literal) * time.Second, nil
	}
	if p.Query != nil {
		n, err := r.evaluateInteger(p.Query, strings.TrimSuffix(field, "Path"), 1, 99999999)
		return time.Duration(n) * time.Second, err
	}
	v, err := r.get(p, input)
	if err != nil {
		return 0, err
	}
	n, ok := v.AsInt()
	if !ok || n < 1 || n > 99999999 {
		return 0, r.fault(field, fmt.Sprintf("The %s parameter does not reference an integer from 1 to 99999999: %s == %s", field, p.Path, query.Plain(v)))
	}
	return time.Duration(n) * time.Second, nil
}

// deadline returns when an attempt that started then is over: its own timeout, clipped to the execution's.
func (r *run) deadline(started time.Time, timeout time.Duration) time.Time {
	end := r.frame.Deadline
	if timeout > 0 {
		if own := started.Add(timeout); end.IsZero() || own.Before(end) {
			return own
		}
	}
	return end
}
