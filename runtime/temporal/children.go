package temporal

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/workflow"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// family is the argument of the workflow of some children of a Map Run.
type family struct {
	Children []onward  `json:"children"`
	Until    time.Time `json:"until,omitzero"` // when the time of the execution around them is over
	Apart    bool      `json:"apart,omitzero"` // each in a workflow of its own
}

const childrenSuffix = "/children"

// children returns the workflow that runs children of a Map Run.
func (e *Engine) children(p asl.Program) func(workflow.Context, family) ([]outcome, error) {
	return func(ctx workflow.Context, in family) ([]outcome, error) {
		if in.Apart {
			return e.shelf(ctx, p, in)
		}
		outcomes := make([]outcome, len(in.Children))
		var goesOn *onward
		group := workflow.NewWaitGroup(ctx)
		for i, c := range in.Children {
			group.Add(1)
			workflow.Go(ctx, func(ctx workflow.Context) {
				defer group.Done()
				h := e.newHost(ctx, p)
				h.before = c.Fork
				c.Frame.Recorder = (&journal{ctx: ctx}).recorder(p, c)
				if len(in.Children) == 1 {
					h.frame = c.Frame
				}
				o := p.ResumeChild(h, c.Frame, in.Until)
				if errors.Is(o.Err, errContinue) {
					goesOn = &onward{Frame: c.Frame, Events: c.Frame.Recorder.Newest()}
				}
				outcomes[i] = outcomeOf(o)
				if o.Err != nil && c.Frame.Context.Execution.Type != asl.Express {
					outcomes[i].Again = h.onward()
				}
				h.awaitStops()
			})
		}
		detached, _ := workflow.NewDisconnectedContext(ctx)
		group.Wait(detached)
		if goesOn != nil {
			in.Children = []onward{*goesOn}
			return nil, workflow.NewContinueAsNewError(ctx, workflow.GetInfo(ctx).WorkflowType.Name, in)
		}
		return outcomes, nil
	}
}

// shelf runs each child in a workflow of its own, so that the workflow of the Map has the events of the shelf alone.
func (e *Engine) shelf(ctx workflow.Context, p asl.Program, in family) ([]outcome, error) {
	h := e.newHost(ctx, p)
	outcomes := make([]outcome, len(in.Children))
	group := workflow.NewWaitGroup(ctx)
	for i, c := range in.Children {
		group.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer group.Done()
			s := &sheet{family: family{Children: []onward{c}, Until: in.Until}}
			var all []outcome
			if err := h.root.pages.start(ctx, s, i+1).Get(ctx, &all); err != nil {
				outcomes[i] = cutOff(c.Frame, orFailure(err), workflow.Now(ctx))
				return
			}
			outcomes[i] = all[0]
		})
	}
	group.Wait(h.scope.detached())
	return outcomes, nil
}

func outcomeOf(o asl.Outcome) outcome {
	w := outcome{Output: o.Output, Last: o.Last, Succeeded: o.Succeeded, Child: o.Child}
	if o.Err != nil {
		saved, _ := asl.SaveError(o.Err)
		w.Err = &saved
	}
	return w
}

func (w outcome) outcome() asl.Outcome {
	o := asl.Outcome{Output: w.Output, Last: w.Last, Succeeded: w.Succeeded, Child: w.Child}
	if w.Err != nil {
		o.Err = w.Err.Err()
	}
	return o
}

// pages gathers children into workflows.
type pages struct {
	root    *root
	waiting *sheet
	count   int
	open    int // workflows that run
}

// sheet is a page that is gathered.
type sheet struct {
	family
	bytes  int
	scope  *scope
	future workflow.Future
	set    workflow.Settable
	begun  bool
}

// mostBytes is how much the frames of a page may have together.
const mostBytes = 256 << 10

// child runs a child of a Map Run that has so many children in a workflow: an EXPRESS one shares it with others. until is when the time
// of the execution around it is over.
func (h *host) child(from onward, of int, until time.Time) outcome {
	f := from.Frame
	h.entries = 0
	p, most := &h.root.pages, 1
	apart := f.Context.Execution.Type != asl.Express
	switch o := h.root.engine.options; {
	case !apart:
		most = o.page
	case of > o.shelf:
		most = o.page
	default:
		apart = false
	}
	s := p.waiting
	if s != nil && s.scope != h.scope.outer { // of another Map Run
		p.begin(s)
		s = nil
	}
	if s == nil {
		s = &sheet{family: family{Until: until, Apart: apart}, scope: h.scope.outer}
		s.future, s.set = workflow.NewFuture(s.scope.ctx)
		p.waiting = s
		workflow.Go(s.scope.ctx, func(workflow.Context) { p.begin(s) }) // once all have come that can
	}
	i := len(s.Children)
	s.Children = append(s.Children, from)
	if s.bytes += f.Document.Size() + 600; i+1 >= most || s.bytes > mostBytes {
		p.begin(s)
	}
	var all []outcome
	err := s.future.Get(h.scope.ctx, &all)
	ended := h.scope.err()
	switch {
	case err == nil && ended != nil && all[i].Err != nil: // it was told to end
		w := all[i]
		saved, _ := asl.SaveError(ended)
		w.Err = &saved
		return w
	case err == nil:
		return all[i]
	case ended != nil:
		err = ended
	}
	return cutOff(f, orFailure(err), h.Now())
}

// cutOff is the outcome of a child whose workflow has none.
func cutOff(f *asl.Frame, err error, now time.Time) outcome {
	x := &f.Context.Execution
	return outcomeOf(asl.Outcome{Err: err, Child: &asl.ChildEnd{ARN: x.ID(), Name: x.Name, Started: f.Began, Done: now}})
}

// begin starts the workflow of a page.
func (p *pages) begin(s *sheet) {
	if s.begun {
		return
	}
	s.begun = true
	if p.waiting == s {
		p.waiting = nil
	}
	p.count++
	number := p.count
	workflow.Go(s.scope.ctx, func(ctx workflow.Context) {
		if err := workflow.Await(ctx, func() bool { return p.open < p.root.engine.options.most }); err != nil {
			s.set.SetError(err)
			return
		}
		p.open++
		p.root.room(ctx, s.bytes)
		var all []outcome
		err := p.start(ctx, s, number).Get(ctx, &all)
		p.open--
		s.set.Set(all, err)
	})
}

// start starts the workflow of a page, whose number makes its id.
func (p *pages) start(ctx workflow.Context, s *sheet, number int) workflow.ChildWorkflowFuture {
	first := s.Children[0].Frame
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:          p.root.info.WorkflowExecution.ID + "/" + strconv.Itoa(number),
		ParentClosePolicy:   enums.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		WaitForCancellation: true,
		StaticSummary:       fmt.Sprintf("%s: %d", first.Context.Execution.Machine, len(s.Children)),
	})
	return workflow.ExecuteChildWorkflow(ctx, p.root.engine.typeOf(p.root.program)+childrenSuffix, s.family)
}
