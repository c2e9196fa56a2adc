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
			var all []outcome
			if err := h.root.pages.start(ctx, family{Children: []onward{c}, Until: in.Until}, i+1).Get(ctx, &all); err != nil {
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

// pages are the workflows of children.
type pages struct {
	root  *root
	count int
	open  int // those that run
}

// pageOf returns how many of so many children share a workflow, and whether each then has one of its own beneath it.
func (p *pages) pageOf(as asl.Type, children int) (most int, apart bool) {
	switch o := p.root.engine.options; {
	case as == asl.Express:
		return o.page, false
	case children > o.shelf:
		return o.page, true
	}
	return 1, false
}

// childType returns the type of the children, the first of which begins for that.
func (k *fork) childType() asl.Type {
	for i := range k.outcomes {
		if !k.done[i] {
			if from := k.begin(k.scope.ctx, i); from != nil {
				k.again[i] = from
				return from.Frame.Context.Execution.Type
			}
		}
	}
	return asl.Express
}

// begin returns where a child stands: where it is redriven, or else at its first state. It is nil if it has failed before that.
func (k *fork) begin(ctx workflow.Context, i int) *onward {
	if from := k.again[i]; from != nil {
		return from
	}
	begun := &beginning{host: k.inner(ctx)}
	if o := k.run(begun, i, nil); !errors.Is(o.Err, errBegun) {
		k.end(i, o)
		return nil
	}
	return &onward{Frame: begun.frame, Events: begun.frame.Recorder.Newest()}
}

// page runs children of a Map Run, whose numbers are in order, in one workflow.
func (k *fork) page(ctx workflow.Context, numbers []int) {
	h := k.inner(ctx)
	h.entries = 0
	var page family
	var of []int
	bytes := 0
	for _, i := range numbers {
		from := k.begin(ctx, i)
		if from == nil {
			continue
		}
		delete(k.again, i)
		page.Children, of = append(page.Children, *from), append(of, i)
		bytes += from.Frame.Document.Size() + 600
	}
	if len(of) == 0 {
		return
	}
	_, page.Apart = h.root.pages.pageOf(page.Children[0].Frame.Context.Execution.Type, len(k.outcomes))
	page.Until = k.frame.Deadline
	var all []outcome
	err := h.root.pages.run(ctx, page, bytes, &all)
	for n, i := range of {
		var w outcome
		switch ended := h.scope.err(); {
		case err == nil && ended != nil && all[n].Err != nil: // it was told to end
			w = all[n]
			saved, _ := asl.SaveError(ended)
			w.Err = &saved
		case err == nil:
			w = all[n]
		case ended != nil:
			w = cutOff(page.Children[n].Frame, ended, h.Now())
		default:
			w = cutOff(page.Children[n].Frame, orFailure(err), h.Now())
		}
		if w.Again != nil {
			k.again[i] = w.Again
		}
		k.end(i, w.outcome())
	}
}

// cutOff is the outcome of a child whose workflow has none.
func cutOff(f *asl.Frame, err error, now time.Time) outcome {
	x := f.Context.Execution
	return outcomeOf(asl.Outcome{Err: err, Child: &asl.ChildEnd{ARN: x.ID(), Name: x.Name, Started: f.Began, Done: now}})
}

// run runs a page to its end.
func (p *pages) run(ctx workflow.Context, f family, bytes int, all *[]outcome) error {
	if err := workflow.Await(ctx, func() bool { return p.open < p.root.engine.options.most }); err != nil {
		return err
	}
	p.open++
	defer func() { p.open-- }()
	p.root.room(ctx, bytes)
	p.count++
	return p.start(ctx, f, p.count).Get(ctx, all)
}

// start starts the workflow of a page, whose number makes its id.
func (p *pages) start(ctx workflow.Context, f family, number int) workflow.ChildWorkflowFuture {
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:          p.root.info.WorkflowExecution.ID + "/" + strconv.Itoa(number),
		ParentClosePolicy:   enums.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		WaitForCancellation: true,
		StaticSummary:       fmt.Sprintf("%s: %d", f.Children[0].Frame.Context.Execution.Machine, len(f.Children)),
	})
	return workflow.ExecuteChildWorkflow(ctx, p.root.engine.typeOf(p.root.program)+childrenSuffix, f)
}
