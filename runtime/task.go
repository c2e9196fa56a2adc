package runtime

import (
	"errors"
	"fmt"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Task makes a call to the outside (R20, R160–R165).
type Task struct {
	Name                 string
	Resource             string
	InputPath            string
	Run                  Effect // Parameters, and what is done with them
	TimeoutSeconds       int    // 0 is none (X5)
	TimeoutSecondsPath   string
	HeartbeatSeconds     int // 0 is none
	HeartbeatSecondsPath string
	ResultSelector       Template
	ResultPath           string
	OutputPath           string
	Retry                []Retrier
	Catch                []Catcher
	Next                 string
	End                  bool

	inputPath, resultPath, outputPath path
	timeoutPath, heartbeatPath        path
	details                           TaskDetails
}

func (s *Task) name() string { return s.Name }
func (s *Task) kind() string { return "Task" }

func (s *Task) prepare() error {
	var faults [8]error
	s.inputPath, faults[0] = parsePath("InputPath", s.InputPath)
	s.resultPath, faults[1] = parseReference("ResultPath", s.ResultPath)
	s.outputPath, faults[2] = parsePath("OutputPath", s.OutputPath)
	s.timeoutPath, faults[3] = parsePath("TimeoutSecondsPath", s.TimeoutSecondsPath)
	s.heartbeatPath, faults[4] = parsePath("HeartbeatSecondsPath", s.HeartbeatSecondsPath)
	faults[5] = prepareCatch(s.Catch)
	if s.ResultSelector != nil {
		faults[6] = s.ResultSelector.prepare()
	}
	if err := s.Run.prepare(); err != nil {
		faults[7] = fmt.Errorf("%s: %w", s.Resource, err)
	}
	s.details.ResourceType, s.details.Resource = resource(s.Resource)
	return errors.Join(faults[:]...)
}

func (s *Task) run(r *run, input value.Value) (value.Value, string, error) {
	r.context.State.retries = true
	effective, err := s.inputPath.apply(r, input)
	if err != nil {
		return effective, "", err
	}
	for {
		result, err := s.attempt(r, effective)
		if err == nil {
			output, err := s.output(r, input, result)
			return output, s.Next, err
		}
		failed := errorOf(err)
		if over, _ := err.(*timedOut); failed == nil || over != nil {
			return value.Value{}, "", err
		}
		again, err := r.retry(s.Retry, failed)
		if err != nil {
			return value.Value{}, "", err
		}
		if !again {
			return r.catch(s.Catch, input, failed)
		}
	}
}

// output applies ResultSelector, ResultPath and OutputPath (R20).
func (s *Task) output(r *run, input, result value.Value) (value.Value, error) {
	if s.ResultSelector != nil {
		var err error
		if result, err = s.ResultSelector.document(r.scope(result)); err != nil {
			return result, r.templateFault(err)
		}
	}
	output, err := s.resultPath.merge(r, input, result)
	if err != nil {
		return output, err
	}
	return s.outputPath.apply(r, output)
}

// attempt makes one attempt and records it.
func (s *Task) attempt(r *run, input value.Value) (value.Value, error) {
	id := r.frame.attemptID()
	pattern := s.Run.pattern()
	if pattern != RequestResponsePattern {
		r.context.Task.Token = r.host.Token(id)
		defer func() { r.context.Task.Token = "" }()
	}
	timeout, heartbeat, err := s.limits(r, input)
	if err != nil {
		return value.Value{}, err
	}
	work, err := s.Run.bind(r.scope(input))
	if err != nil {
		return value.Value{}, r.templateFault(err)
	}
	if work.parameters.Size() > DataLimit {
		return value.Value{}, tooLarge(s.Name)
	}
	scheduled := s.details
	scheduled.Region, scheduled.Parameters, scheduled.Timeout, scheduled.Heartbeat = r.region, work.parameters, timeout, heartbeat
	r.append(Event{Type: TaskScheduled, Time: r.host.Now(), Task: &scheduled})
	started := r.host.Now()
	r.append(Event{Type: TaskStarted, Time: started, Task: &s.details})
	return s.do(r, &Attempt{
		ID: id, Execution: r.context.Execution.ID, State: s.Name, Resource: s.Resource, Pattern: pattern,
		Token: r.context.Task.Token, Deadline: r.deadline(started, timeout), Heartbeat: heartbeat,
		work: work, submitted: func(answer value.Value) {
			r.append(Event{Type: TaskSubmitted, Time: r.host.Now(), Task: &s.details, Output: answer})
		},
	})
}

// do has the host carry out an attempt and records its end.
func (s *Task) do(r *run, a *Attempt) (value.Value, error) {
	result, err := r.host.Do(a)
	e := Event{Type: TaskSucceeded, Time: r.host.Now(), Task: &s.details, Output: result}
	if err == nil && result.Size() > DataLimit {
		err = tooLarge(s.details.ResourceType)
	}
	if err != nil {
		failed := errorOf(err)
		if failed == nil {
			return result, err
		}
		if end := r.frame.Deadline; failed.Name == ErrorTimeout && !end.IsZero() && !end.After(e.Time) {
			return result, &timedOut{failed}
		}
		e.Type, e.Output, e.Err = TaskFailed, value.Value{}, failed
		if failed.Name == ErrorTimeout {
			e.Type = TaskTimedOut
		}
		err = failed
	}
	r.append(e)
	return result, err
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
func (r *run) seconds(field string, p path, literal int, input value.Value) (time.Duration, error) {
	if p.path == nil {
		return time.Duration(literal) * time.Second, nil
	}
	v, err := r.get(p.path, input)
	if err != nil {
		return 0, err
	}
	n, ok := v.AsInt()
	if !ok || n < 1 || n > 99999999 {
		return 0, r.fault(fmt.Sprintf("The %s parameter does not reference an integer from 1 to 99999999: %s == %s", field, p.path, plain(v)))
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
