package sfnapi

import (
	"context"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// mapRuns returns the Map Runs of an execution and of those inside it.
func mapRuns(ctx context.Context, x asl.Running) ([]asl.MapRun, error) {
	r, ok := x.(asl.MapRunner)
	if !ok {
		return nil, &asl.APIError{Code: "UnknownOperationException", Message: "the engine does not tell of Map Runs"}
	}
	return r.MapRuns(ctx)
}

func (a *api) listMapRuns(ctx context.Context, in value.Value) (value.Value, error) {
	x, err := a.execution(ctx, in)
	if err != nil {
		return value.Value{}, err
	}
	around := x
	if _, child := x.(*hosts.Child); child {
		if _, around, err = a.child(ctx, x.ID()); err != nil {
			return value.Value{}, err
		}
	}
	all, err := mapRuns(ctx, around)
	if err != nil {
		return value.Value{}, err
	}
	slices.Reverse(all) // the newest first
	return page(in, "mapRuns", all, 100, func(r asl.MapRun) (value.Value, bool, error) {
		members := []value.Member{
			field("executionArn", r.Execution), field("mapRunArn", r.ARN), field("stateMachineArn", a.mapRunMachine(r.ARN)),
			value.Field("startDate", seconds(r.Started)),
		}
		if !r.Stopped.IsZero() {
			members = append(members, value.Field("stopDate", seconds(r.Stopped)))
		}
		return value.Object(members...), r.Execution == x.ID(), nil
	})
}

// mapRunName returns what a Map Run's ARN says after "mapRun": Machine/Label:UUID.
func mapRunName(arn string) (name string, ok bool) {
	parts := strings.SplitN(arn, ":", 7)
	if len(parts) < 7 || parts[5] != "mapRun" || !strings.Contains(parts[6], "/") || !strings.Contains(parts[6], ":") {
		return "", false
	}
	return parts[6], true
}

// mapRunMachine returns the ARN of the state machine that the children of a Map Run are said to be of.
func (a *api) mapRunMachine(arn string) string {
	name, _ := mapRunName(arn)
	return a.keeper.Account().StateMachineARN(name[:strings.LastIndexByte(name, ':')])
}

func (a *api) describeMapRun(ctx context.Context, in value.Value) (value.Value, error) {
	arn, err := text(in, "mapRunArn")
	if err != nil {
		return value.Value{}, err
	}
	_, r, err := a.mapRun(ctx, arn)
	if err != nil {
		return value.Value{}, err
	}
	return describedMapRun(r), nil
}

// mapRun returns the Map Run with an ARN, and the execution that it is part of.
func (a *api) mapRun(ctx context.Context, arn string) (x asl.MapRunner, r *asl.MapRun, err error) {
	name, ok := mapRunName(arn)
	if !ok {
		return nil, nil, &asl.APIError{Code: asl.CodeInvalidArn, Message: "Invalid Arn: '" + arn + "'"}
	}
	machine, _, _ := strings.Cut(name, "/")
	for _, x := range a.keeper.Executions(machine) {
		all, err := mapRuns(ctx, x)
		if err != nil {
			return nil, nil, err
		}
		if i := slices.IndexFunc(all, func(r asl.MapRun) bool { return r.ARN == arn }); i >= 0 {
			return x.(asl.MapRunner), &all[i], nil
		}
	}
	return nil, nil, &asl.APIError{Code: "ResourceNotFound", Message: "Resource not found: '" + arn + "'"}
}

// listChildren answers ListExecutions for the children of a Map Run.
func (a *api) listChildren(ctx context.Context, in value.Value, arn, filter string) (value.Value, error) {
	x, _, err := a.mapRun(ctx, arn)
	if err != nil {
		return value.Value{}, err
	}
	all, err := x.Children(ctx, arn)
	if err != nil {
		return value.Value{}, err
	}
	slices.Reverse(all) // the newest first
	return page(in, "executions", all, 100, func(c asl.Running) (value.Value, bool, error) {
		d, err := c.Describe(ctx)
		return value.Object(a.summary(c, d)...), filter == "" || filter == string(d.Status), err
	})
}

// child returns the child of a Map Run that has an ARN, and the execution that is around it; nil if there is none: the name of its machine has
// the Map's label.
func (a *api) child(ctx context.Context, arn string) (c, around asl.Running, err error) {
	of, _ := hosts.ExecutionNames(arn)
	machine, _, is := strings.Cut(of, "/")
	if !is {
		return nil, nil, nil
	}
	for _, x := range a.keeper.Executions(machine) {
		r, runs := x.(asl.MapRunner)
		if !runs {
			return nil, nil, nil
		}
		if err := context.Cause(ctx); err != nil {
			return nil, nil, err
		}
		all, err := r.MapRuns(ctx)
		if err != nil {
			return nil, nil, err
		}
		for _, run := range all {
			if name, _ := mapRunName(run.ARN); !strings.HasPrefix(name, of+":") {
				continue
			}
			children, err := r.Children(ctx, run.ARN)
			if err != nil {
				return nil, nil, err
			}
			if i := slices.IndexFunc(children, func(c asl.Running) bool { return c.ID() == arn }); i >= 0 {
				return children[i], x, nil
			}
		}
	}
	return nil, nil, nil
}

func describedMapRun(r *asl.MapRun) value.Value {
	members := []value.Member{
		field("mapRunArn", r.ARN), field("executionArn", r.Execution), field("status", string(r.Status)), value.Field("startDate", seconds(r.Started)),
		value.Field("maxConcurrency", value.Int(int64(r.MaxConcurrency))),
		value.Field("toleratedFailurePercentage", value.Float(r.ToleratedFailurePercentage)),
		value.Field("toleratedFailureCount", value.Int(r.ToleratedFailureCount)),
		value.Field("itemCounts", counted(r.Items)), value.Field("executionCounts", counted(r.Executions)),
		value.Field("redriveCount", value.Int(int64(r.RedriveCount))),
	}
	if !r.Stopped.IsZero() {
		members = append(members, value.Field("stopDate", seconds(r.Stopped)))
	}
	if !r.Redriven.IsZero() {
		members = append(members, value.Field("redriveDate", seconds(r.Redriven)))
	}
	return value.Object(members...)
}

func counted(c asl.MapRunCount) value.Value {
	number := func(name string, n int) value.Member { return value.Field(name, value.Int(int64(n))) }
	return value.Object(
		number("pending", c.Pending), number("running", c.Running), number("succeeded", c.Succeeded), number("failed", c.Failed),
		number("timedOut", c.TimedOut), number("aborted", c.Aborted), number("total", c.Total), number("resultsWritten", c.ResultsWritten),
		number("failuresNotRedrivable", 0), number("pendingRedrive", c.PendingRedrive),
	)
}
