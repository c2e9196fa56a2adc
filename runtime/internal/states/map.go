package states

import (
	"errors"
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Map runs its item processor once for each item of an array (R23, R140–R148).
type Map struct {
	Name               string
	QueryLanguage      QueryLanguage
	InputPath          string
	ItemsPath          string
	Items              *query.Template // in a JSONata state
	ItemSelector       *query.Template
	MaxConcurrency     int    // 0 is as many as may be
	MaxConcurrencyPath string // in a JSONata state the expression for MaxConcurrency
	ItemProcessor      Branch
	Distributed        *Distributed // nil is an INLINE Map
	ResultSelector     *query.Template
	ResultPath         string
	OutputPath         string
	Output             *query.Template // in a JSONata state
	Assign             *query.Template
	Retry              []Retrier
	Catch              []Catcher
	Next               string
	End                bool

	inputPath, itemsPath, resultPath, outputPath query.Path
	concurrencyPath                              query.Path
}

func (s *Map) name() string { return s.Name }
func (s *Map) kind() string { return "Map" }

func (s *Map) language() QueryLanguage { return s.QueryLanguage }

func (s *Map) prepare() error {
	var faults [9]error
	s.inputPath, faults[0] = query.ParsePath("InputPath", s.InputPath)
	s.itemsPath, faults[1] = query.ParsePath("ItemsPath", s.ItemsPath)
	s.resultPath, faults[2] = query.ParseReference("ResultPath", s.ResultPath)
	s.outputPath, faults[3] = query.ParsePath("OutputPath", s.OutputPath)
	s.concurrencyPath, faults[4] = query.ParsePath("MaxConcurrencyPath", s.MaxConcurrencyPath)
	faults[5] = prepareTemplates(s.Items, s.ItemSelector, s.ResultSelector, s.Output, s.Assign)
	faults[6] = prepareCatch(s.Catch)
	faults[7] = s.ItemProcessor.prepare()
	if s.Distributed != nil {
		faults[8] = s.Distributed.prepare()
	}
	return errors.Join(faults[:]...)
}

func (s *Map) run(r *run, input value.Value) (value.Value, string, error) {
	r.retries = true
	effective, err := r.effective(s.inputPath, input)
	if err != nil {
		return effective, "", err
	}
	f := finish{s.Assign, s.Output, s.ResultSelector, s.resultPath, s.outputPath, asl.MapStateFailed}
	if r.jsonata { // whose faults Retry and Catch see
		return r.attempts(s.Retry, s.Catch, input, s.Next, f, func() (value.Value, error) { return s.begin(r, effective) })
	}
	limit, items, err := s.take(r, effective)
	if err != nil {
		return effective, "", err
	}
	return r.attempts(s.Retry, s.Catch, input, s.Next, f, func() (value.Value, error) { return s.iterateAll(r, effective, items, limit) })
}

// begin makes one attempt of a JSONata state, from the evaluation of its fields on.
func (s *Map) begin(r *run, effective value.Value) (value.Value, error) {
	limit, items, err := s.take(r, effective)
	if err != nil {
		return items, err
	}
	return s.iterateAll(r, effective, items, limit)
}

// take returns how many iterations run at a time and over what, absent if a reader is to get it.
func (s *Map) take(r *run, effective value.Value) (limit int, items value.Value, err error) {
	if limit, err = s.limit(r, effective); err != nil {
		return 0, items, err
	}
	r.inspect(asl.StepMaxConcurrency, value.Int(int64(limit)))
	if s.Distributed != nil && s.Distributed.ItemReader != nil { // X11
		return limit, items, nil
	}
	items, err = s.items(r, effective)
	return limit, items, err
}

func (s *Map) iterateAll(r *run, effective, items value.Value, limit int) (value.Value, error) {
	if s.Distributed != nil {
		return s.distribute(r, effective, items, limit)
	}
	return s.attempt(r, effective, items, limit)
}

// items returns what the Map goes over: an array or, if the Map is DISTRIBUTED, an object (R143, X10).
func (s *Map) items(r *run, effective value.Value) (value.Value, error) {
	if r.jsonata {
		return s.ataItems(r, effective)
	}
	items := effective
	if s.itemsPath.Path != nil {
		var err error
		if items, err = r.get(s.itemsPath, effective); err != nil {
			return items, err
		}
	}
	r.inspect(asl.StepAfterItemsPath, items)
	if items.Kind() != value.ArrayKind && (s.Distributed == nil || items.Kind() != value.ObjectKind) {
		path := s.ItemsPath
		if path == "" {
			path = "$"
		}
		return items, r.fault("ItemsPath", fmt.Sprintf("Reference path \"%s\" must point to array.", path))
	}
	return items, nil
}

// ataItems is items for a JSONata state: what Items give, or the input.
func (s *Map) ataItems(r *run, input value.Value) (value.Value, error) {
	iterable := func(v value.Value) bool {
		return v.Kind() == value.ArrayKind || s.Distributed != nil && v.Kind() == value.ObjectKind
	}
	if s.Items == nil {
		if !iterable(input) {
			return input, r.queryFault("", "Map state input must be an array but was: "+input.String())
		}
		return input, nil
	}
	items, err := r.template(s.Items, "Items", input)
	if err != nil || iterable(items) {
		return items, err
	}
	return items, r.unexpected(s.Items.Expression(), "Items", "array", items)
}

// limit returns MaxConcurrency (R145).
func (s *Map) limit(r *run, effective value.Value) (int, error) {
	if !s.concurrencyPath.IsSet() {
		return s.MaxConcurrency, nil
	}
	if q := s.concurrencyPath.Query; q != nil {
		n, err := r.evaluateInteger(q, "MaxConcurrency", 0, 1<<31-1)
		return int(n), err
	}
	n, err := r.integer("MaxConcurrencyPath", s.concurrencyPath, effective)
	if err != nil {
		return 0, err
	}
	if n < 0 || n > 1<<31-1 {
		return 0, r.fault("MaxConcurrencyPath", fmt.Sprintf("The MaxConcurrencyPath field refers to value \"%d\" which is out of range: %s", n, s.MaxConcurrencyPath))
	}
	return int(n), nil
}

// mostIterations is how many iterations of an INLINE Map run at a time if MaxConcurrency does not say less (R141).
const mostIterations = 40

func (s *Map) attempt(r *run, effective, items value.Value, limit int) (value.Value, error) {
	n := items.Len()
	if limit == 0 || limit > mostIterations {
		limit = mostIterations
	}
	r.fork(asl.Event{Type: asl.MapStateStarted, Map: &asl.MapDetails{Length: n}})
	j := &join{started: r.frame.Started}
	path := r.frame.Inner()
	outcomes, err := r.each(n, limit, func(h asl.Host, i int, at *asl.Frame) asl.Outcome {
		inner := r.inner(h, path, i, items.At(i), at)
		if at == nil {
			inner.frame.Last = j.started
			if i >= limit { // it takes the place of one that has ended
				inner.frame.Last = j.newest()
			}
		}
		output, succeeded, err := s.iterate(r, inner, i, effective, at == nil)
		return asl.Outcome{Output: output, Err: err, Last: inner.frame.Last, Succeeded: succeeded}
	}, j.ended)
	if errors.Is(err, asl.ErrDetached) {
		return value.Value{}, err
	}
	r.frame.Last = j.end(err)
	if err != nil {
		return value.Value{}, err // an iteration's own error escapes as it is (R147)
	}
	r.unfork()
	r.side(asl.Event{Type: asl.MapStateSucceeded})
	return outputs(outcomes), nil
}

// iterate runs an iteration, from its beginning or from where its frame stood; the frame's document is the item at first. It returns
// the iteration's output, and the id of the event that says how it ended.
func (s *Map) iterate(r, inner *run, i int, effective value.Value, begins bool) (value.Value, int64, error) {
	f := inner.frame
	var details *asl.MapDetails
	if !r.silent {
		details = &asl.MapDetails{Index: i}
	}
	var err error
	if begins {
		inner.append(asl.Event{Type: asl.MapIterationStarted, Time: inner.now(), State: s.Name, Map: details})
		f.Context.Item = r.item()
		*f.Context.Item = asl.ContextItem{Index: i, Value: f.Document}
		f.State = s.ItemProcessor.StartAt
		inner.context = f.Context
		err = s.selectItem(r, inner, effective)
	}
	var output value.Value
	if err == nil {
		output, err = s.ItemProcessor.loop(inner)
	}
	ended := asl.MapIterationSucceeded
	switch {
	case errors.Is(err, asl.ErrSiblingFailed):
		ended = asl.MapIterationAborted
	case err != nil && (asl.ErrorOf(err) == nil || asl.TimedOut(err) || asl.ErrorOf(err).Name == asl.ErrorRuntime):
		return output, 0, err // the whole execution is cut off
	case err != nil:
		ended = asl.MapIterationFailed
	}
	return output, inner.side(asl.Event{Type: ended, State: s.Name, Map: details}), err
}

// selectItem makes an iteration's input of the Map's by ItemSelector, which sees the item as $$.Map.Item (R54).
func (s *Map) selectItem(r, inner *run, effective value.Value) (err error) {
	if s.ItemSelector == nil {
		return nil
	}
	inner.context.State, inner.retries = r.context.State, r.retries
	reads := inner.scope(effective).In("ItemSelector")
	reads.Input = effective
	if inner.frame.Document, err = s.ItemSelector.Document(reads); err != nil {
		return r.templateFault(err)
	}
	if inner.frame.Document.Size() > asl.DataLimit {
		return tooLarge(s.Name)
	}
	return nil
}
