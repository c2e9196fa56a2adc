package temporal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	enums "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// execution is an [asl.Running].
type execution struct {
	engine          *Engine
	program         asl.Program
	of              asl.ContextExecution // as far as its ARN says
	workflow, first string               // id and first run, "" if that is not known
}

func (x *execution) ID() string   { return x.of.ID() }
func (x *execution) Name() string { return x.of.Name }

// Execution returns the execution with the ARN.
func (e *Engine) Execution(arn string) (asl.Running, error) {
	parts := strings.Split(arn, ":") // arn:aws:states:us-east-1:123456789012:execution:Machine:Name
	if len(parts) < 8 {
		return nil, &asl.APIError{Code: asl.CodeInvalidArn, Message: "Invalid Arn: '" + arn + "'"}
	}
	e.mu.Lock()
	p := e.newest[parts[6]]
	e.mu.Unlock()
	x := &execution{engine: e, program: p, of: asl.ContextExecution{Account: e.options.account, Machine: parts[6], Name: parts[7], Type: asl.Standard}}
	if len(parts) == 9 {
		x.of.Type, x.of.Unique = asl.Express, parts[8]
	}
	x.workflow = workflowID(&x.of)
	if p != nil && x.ID() == arn {
		ctx, cancel := context.WithTimeout(context.Background(), askTime)
		defer cancel()
		if _, err := e.describe(ctx, x.workflow, ""); err == nil {
			return x, nil
		} else if !isGone(err) {
			return nil, err
		}
	}
	return nil, &asl.APIError{Code: asl.CodeExecutionDoesNotExist, Message: "Execution Does Not Exist: '" + arn + "'"}
}

const (
	askTime    = 10 * time.Second // for what is asked of the server without a context
	mostListed = 1000
)

// Executions returns executions of a machine, the newest first: the newest 1,000 that Temporal's visibility store has. It is empty if that
// does not answer.
func (e *Engine) Executions(machine string) (all []asl.Running) {
	e.mu.Lock()
	p := e.newest[machine]
	e.mu.Unlock()
	if p == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), askTime)
	defer cancel()
	query := fmt.Sprintf("WorkflowType STARTS_WITH '%s@'", machine)
	if e.options.unversioned {
		query = fmt.Sprintf("WorkflowType = '%s'", machine)
	}
	seen := map[string]bool{}
	for token := []byte(nil); ; {
		r, err := e.client.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{
			Namespace: e.options.namespace, PageSize: mostListed, NextPageToken: token, Query: query,
		})
		if err != nil {
			return all
		}
		for _, i := range r.Executions {
			id := i.Execution.WorkflowId
			parts := strings.Split(id, "/")
			if strings.HasSuffix(i.Type.Name, childrenSuffix) || seen[id] || len(parts) < 2 { // or a run before the newest
				continue
			}
			seen[id] = true
			x := &execution{engine: e, program: p, of: asl.ContextExecution{Account: e.options.account, Machine: machine, Name: parts[1], Type: p.Type()}, workflow: id}
			if len(parts) > 2 {
				x.of.Unique = parts[2]
			}
			all = append(all, x)
		}
		if token = r.NextPageToken; len(token) == 0 || len(all) >= mostListed {
			return all
		}
	}
}

// Describe implements [asl.Running]. Temporal has no status for an execution whose time is over: its failure tells.
func (x *execution) Describe(ctx context.Context) (d asl.Description, err error) {
	newest, err := x.run(ctx, "")
	if err != nil {
		return d, err
	}
	return x.described(ctx, newest)
}

// described is the execution as its newest run says.
func (x *execution) described(ctx context.Context, newest *workflowpb.WorkflowExecutionInfo) (d asl.Description, err error) {
	x.first = newest.FirstRunId
	d = asl.Description{Machine: x.of.Machine, Status: asl.StatusRunning}
	if d.Input, err = x.input(ctx); err != nil {
		return d, err
	}
	firsts, err := x.firsts(ctx, newest)
	if err != nil {
		return d, err
	}
	d.Started = firsts[0].StartTime.AsTime()
	if d.RedriveCount = len(firsts) - 1; d.RedriveCount > 0 {
		d.Redriven = firsts[d.RedriveCount].StartTime.AsTime()
	}
	if newest.Status != enums.WORKFLOW_EXECUTION_STATUS_RUNNING {
		d.Stopped = newest.CloseTime.AsTime()
		d.Output, d.Err = x.Wait(ctx)
		d.Status = statusOf(newest, d.Err)
	}
	d.NotRedrivable = d.WhyNotRedrivable(x.of.Type, 0, time.Now())
	return d, nil
}

func statusOf(i *workflowpb.WorkflowExecutionInfo, err error) asl.Status {
	switch i.Status {
	case enums.WORKFLOW_EXECUTION_STATUS_CANCELED, enums.WORKFLOW_EXECUTION_STATUS_TERMINATED:
		return asl.StatusAborted
	case enums.WORKFLOW_EXECUTION_STATUS_TIMED_OUT:
		return asl.StatusTimedOut
	}
	return asl.StatusOf(err)
}

// Wait implements [asl.Running].
func (x *execution) Wait(ctx context.Context) (output asl.Value, err error) {
	err = x.engine.client.GetWorkflow(ctx, x.workflow, "").Get(ctx, &output)
	switch {
	case err == nil:
		return output, nil
	case ctx.Err() != nil:
		return output, context.Cause(ctx)
	}
	return output, orFailure(err)
}

// Stop implements [asl.Running].
func (x *execution) Stop(ctx context.Context, name, cause string) error {
	err := x.engine.client.SignalWorkflow(ctx, x.workflow, "", stopSignal, stopRequest{name, cause})
	if isGone(err) { // it has ended
		if _, err := x.engine.describe(ctx, x.workflow, ""); err == nil {
			return nil
		}
	}
	return err
}

// History implements [asl.Running]: the workflow code is run again here, on the history of each of its runs.
func (x *execution) History(ctx context.Context) (all []asl.Event, err error) {
	_, _, err = x.replay(ctx, &all)
	return all, err
}

// replay runs the workflow code again, on the history of each run, and returns what the last one came to, and how many events there are.
func (x *execution) replay(ctx context.Context, all *[]asl.Event) (j *journal, count int, err error) {
	newest, err := x.run(ctx, "")
	if err != nil {
		return nil, 0, err
	}
	firsts, err := x.firsts(ctx, newest)
	if err != nil {
		return nil, 0, err
	}
	for _, first := range firsts {
		for run := first.Execution.RunId; run != ""; {
			if j, err = x.replayRun(ctx, run); err != nil {
				return j, count, err
			}
			if count += len(j.events); all != nil {
				*all = append(*all, j.events...)
			}
			run = j.next
		}
	}
	return j, count, nil
}

// replayRun runs the workflow code again on the history of a run.
func (x *execution) replayRun(ctx context.Context, run string) (*journal, error) {
	h, err := x.engine.historyOf(ctx, x.workflow, run)
	if err != nil {
		return nil, err
	}
	p, err := x.engine.programOfType(x.program, h.Events[0].GetWorkflowExecutionStartedEventAttributes().GetWorkflowType().GetName())
	if err != nil {
		return nil, err
	}
	j, err := x.engine.replay(p, h)
	j.next = h.Events[len(h.Events)-1].GetWorkflowExecutionContinuedAsNewEventAttributes().GetNewExecutionRunId()
	return j, err
}

// firsts returns the first run of the execution and those that redrives have begun, to which the newest one leads.
func (x *execution) firsts(ctx context.Context, newest *workflowpb.WorkflowExecutionInfo) (runs []*workflowpb.WorkflowExecutionInfo, err error) {
	for i := newest; ; {
		if i.FirstRunId != i.Execution.RunId { // it has continued as new
			if i, err = x.run(ctx, i.FirstRunId); err != nil {
				return nil, err
			}
		}
		l, err := x.engine.labelOf(i.Memo)
		if err != nil {
			return nil, err
		}
		if runs = append(runs, i); l.Before == "" {
			slices.Reverse(runs)
			return runs, nil
		}
		if i, err = x.run(ctx, l.Before); err != nil {
			return nil, err
		}
	}
}

// run returns what the server says of a run, "" is the newest one.
func (x *execution) run(ctx context.Context, id string) (*workflowpb.WorkflowExecutionInfo, error) {
	r, err := x.engine.describe(ctx, x.workflow, id)
	if err != nil {
		return nil, err
	}
	return r.WorkflowExecutionInfo, nil
}

// programOfType returns the version of a program that a workflow type names.
func (e *Engine) programOfType(p asl.Program, name string) (asl.Program, error) {
	if name == e.typeOf(p) {
		return p, nil
	}
	_, version, _ := strings.Cut(name, "@")
	if other := e.program(p.Name(), version); other != nil {
		return other, nil
	}
	return nil, fmt.Errorf("temporal: the program does not have the version %s of %s", version, p.Name())
}

// same reports whether the execution runs still and has the input.
func (x *execution) same(ctx context.Context, input asl.Value) bool {
	r, err := x.engine.describe(ctx, x.workflow, "")
	if err != nil || r.WorkflowExecutionInfo.Status != enums.WORKFLOW_EXECUTION_STATUS_RUNNING {
		return false
	}
	in, err := x.input(ctx)
	return err == nil && in.Equal(input)
}
