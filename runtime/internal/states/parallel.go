package states

import (
	"cmp"
	"errors"
	"strconv"
	"sync"

	"github.com/r-seed-632eed22/aslgen/internal/covered"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Parallel runs branches at the same time, each with the same input (R24, R130–R135).
type Parallel struct {
	Name           string
	QueryLanguage  QueryLanguage
	InputPath      string
	Parameters     *query.Template // or Arguments
	Branches       []Branch
	ResultSelector *query.Template
	ResultPath     string
	OutputPath     string
	Output         *query.Template
	Assign         *query.Template
	Retry          []Retrier
	Catch          []Catcher
	Next           string
	End            bool

	inputPath, resultPath, outputPath query.Path
}

func (s *Parallel) name() string { return s.Name }
func (s *Parallel) kind() string { return "Parallel" }

func (s *Parallel) language() QueryLanguage { return s.QueryLanguage }

func (s *Parallel) prepare() error {
	var faults [5]error
	s.inputPath, faults[0] = query.ParsePath("InputPath", s.InputPath)
	s.resultPath, faults[1] = query.ParseReference("ResultPath", s.ResultPath)
	s.outputPath, faults[2] = query.ParsePath("OutputPath", s.OutputPath)
	faults[3] = prepareTemplates(s.Parameters, s.ResultSelector, s.Output, s.Assign)
	faults[4] = prepareCatch(s.Catch)
	all := faults[:]
	for i := range s.Branches {
		all = append(all, s.Branches[i].prepare())
	}
	return errors.Join(all...)
}

func (s *Parallel) run(r *run, input value.Value) (value.Value, string, error) {
	r.retries = true
	effective, err := r.apply(s.inputPath, input)
	if err != nil {
		return effective, "", err
	}
	f := finish{s.Assign, s.Output, s.ResultSelector, s.resultPath, s.outputPath, asl.ParallelStateFailed}
	if r.jsonata { // whose faults Retry and Catch see
		return r.attempts(s.Retry, s.Catch, input, s.Next, f, func() (value.Value, error) {
			arguments, err := s.parameters(r, effective)
			if err != nil {
				return arguments, err
			}
			return s.attempt(r, arguments)
		})
	}
	if effective, err = s.parameters(r, effective); err != nil {
		return effective, "", err
	}
	return r.attempts(s.Retry, s.Catch, input, s.Next, f, func() (value.Value, error) { return s.attempt(r, effective) })
}

// parameters makes what the branches start with.
func (s *Parallel) parameters(r *run, effective value.Value) (value.Value, error) {
	if s.Parameters == nil {
		return effective, nil
	}
	v, err := r.template(s.Parameters, argumentsField(r), effective)
	if err == nil && v.Size() > asl.DataLimit {
		err = tooLarge(s.Name)
	}
	return v, err
}

// argumentsField is the field that the parameters of the state being run stand in.
func argumentsField(r *run) string {
	if r.jsonata {
		return "Arguments"
	}
	return "Parameters"
}

func (s *Parallel) attempt(r *run, input value.Value) (value.Value, error) {
	r.fork(asl.Event{Type: asl.ParallelStateStarted})
	j := &join{started: r.frame.Started}
	path := r.frame.Inner()
	outcomes, err := r.each(len(s.Branches), 0, func(h asl.Host, i int, at *asl.Frame) asl.Outcome {
		inner := r.inner(h, path, i, input, at)
		if at == nil && r.seen != nil {
			r.seen(s.Name, covered.Branch, i)
		}
		if at == nil {
			inner.frame.Last, inner.frame.State = j.started, s.Branches[i].StartAt
		}
		output, err := s.Branches[i].loop(inner)
		return asl.Outcome{Output: output, Err: err, Last: inner.frame.Last}
	}, j.ended)
	if errors.Is(err, asl.ErrDetached) {
		return value.Value{}, err
	}
	r.frame.Last = j.end(err)
	if err != nil {
		return value.Value{}, err // a branch's own error escapes as it is (R132)
	}
	r.unfork()
	r.side(asl.Event{Type: asl.ParallelStateSucceeded})
	return outputs(outcomes), nil
}

// each has the host run branches or iterations. Those that wait for nothing run here, one after the other, if nobody can ask for the history.
func (r *run) each(n, limit int, run func(asl.Host, int, *asl.Frame) asl.Outcome, ended func(int, asl.Outcome) bool) ([]asl.Outcome, error) {
	if !r.instant || !r.silent {
		return r.host.Fork(r.frame, n, limit, run, ended)
	}
	outcomes := make([]asl.Outcome, n)
	r.here = true
	defer func() { r.here = false }()
	for i := range n {
		o := run(r.host, i, nil)
		outcomes[i] = o
		if r.spare != nil {
			r.time, r.reads = r.spare.run.time, r.spare.run.reads
		}
		if tolerated := ended(i, o); o.Err != nil && (asl.TimedOut(o.Err) || !tolerated) {
			return outcomes, o.Err
		}
	}
	return outcomes, nil
}

// fork records that the branches or iterations of a state begin, unless they have begun before the frame was put away.
func (r *run) fork(e asl.Event) {
	if r.frame.Started == 0 {
		e.Time = r.host.Now()
		r.append(e)
		r.frame.Started = r.frame.Last
	}
}

// unfork ends what fork has begun: the state is left, or tried again. That of a state that has failed for good stays, so that a redrive
// goes on with it.
func (r *run) unfork() {
	r.frame.Started, r.frame.MapRun, r.frame.MapRedrives, r.redriven = 0, "", 0, false
}

// side records an event that nothing follows (H7).
func (r *run) side(e asl.Event) int64 { return r.sideOf(r.frame.Last, e) }

// sideOf is side for an event that follows another than the newest one.
func (r *run) sideOf(previous int64, e asl.Event) int64 {
	if r.silent {
		return r.frame.Recorder.Count(e.Type)
	}
	e.Previous, e.Time = previous, r.host.Now()
	return r.frame.Recorder.Append(r.frame, e)
}

func outputs(outcomes []asl.Outcome) value.Value {
	list := make([]value.Value, len(outcomes))
	for i, o := range outcomes {
		list[i] = o.Output
	}
	return value.Array(list...)
}

// inner returns the run of a branch or an iteration of the state: of the frame at, or of a new one if that is nil.
func (r *run) inner(h asl.Host, path string, i int, document value.Value, at *asl.Frame) *run {
	var inner *run
	if at != nil {
		inner = &run{}
	} else {
		if inner, at = r.room(); at == nil {
			inner, at = &run{}, &asl.Frame{}
		}
		*at = asl.Frame{
			Execution: r.frame.Execution, Path: numbered(path, i),
			Context: r.frame.Context, Document: document, Variables: r.frame.Variables,
			Deadline: r.frame.Deadline, Recorder: r.frame.Recorder,
		}
	}
	if at.Redriven {
		at.Deadline, at.Last = r.frame.Deadline, r.frame.Last
	}
	*inner = run{
		host: h, frame: at, context: at.Context, region: r.region, inside: true, itemMemory: r.itemMemory, given: r.given, seen: r.seen,
		silent: r.silent, spare: inner.spare,
	}
	if r.here { // else it may begin later
		inner.time, inner.reads = r.time, r.reads
	}
	return inner
}

// numbered returns the path of a branch with a number.
func numbered(path string, i int) string {
	var room [64]byte
	return string(strconv.AppendInt(append(room[:0], path...), int64(i), 10))
}

// room returns what the branch before was run with, if branches run here: that has ended, and nobody has kept it.
func (r *run) room() (*run, *asl.Frame) {
	if !r.here {
		return nil, nil
	}
	if r.spare == nil {
		r.spare = &spare{}
	}
	return &r.spare.run, &r.spare.frame
}

// spare is room for the run and the frame of a branch that waits for nothing.
type spare struct {
	run   run
	frame asl.Frame
	item  asl.ContextItem
}

// item returns room for the item of an iteration that the state begins.
func (r *run) item() *asl.ContextItem {
	if r.here {
		return &r.spare.item
	}
	return &asl.ContextItem{}
}

// join follows which branch has ended last: the event that comes next follows its last one. If a branch has failed the
// state, that is the one.
type join struct {
	started int64 // id of the event that the branches follow

	mu        sync.Mutex
	last      int64                // of the branch that ended last, 0 if none has
	succeeded int64                // id of the event that says so of the branch that ended last, if there is one
	failed    map[*asl.Error]int64 // of those that failed
}

// ended takes in how a branch has ended. No error is tolerated.
func (j *join) ended(_ int, o asl.Outcome) (tolerated bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last, j.succeeded = o.Last, o.Succeeded
	if failed, ok := errors.AsType[*asl.Error](o.Err); ok {
		if j.failed == nil {
			j.failed = map[*asl.Error]int64{}
		}
		j.failed[failed] = o.Last
	}
	return o.Err == nil
}

// newest returns the id that a branch's first event follows if that takes the place of another.
func (j *join) newest() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return cmp.Or(j.last, j.started)
}

// end returns the id that the next event follows when all have ended; err is the error that failed the state, if any.
func (j *join) end(err error) int64 {
	if failed, ok := errors.AsType[*asl.Error](err); ok {
		return j.failed[failed]
	}
	return cmp.Or(j.succeeded, j.newest())
}
