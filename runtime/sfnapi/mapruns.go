package sfnapi

import (
	"context"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/names"
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

// mapRunMachine returns the ARN of the state machine that the children of a Map Run are said to be of.
func (a *api) mapRunMachine(arn string) string {
	machine, _ := names.MapRun(arn)
	return a.keeper.Account().StateMachineARN(machine)
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

// around returns the executions that may be around a Map Run, or a child of one, by its name and that of its machine, Machine/Label: one, but for
// chance. By the names that a folder has from before they began with an origin it is any of the machine.
func (a *api) around(of, name string) []asl.MapRunner {
	machine, _, _ := strings.Cut(of, "/")
	var all, likely []asl.MapRunner
	for _, x := range a.keeper.Executions(machine) {
		r, runs := x.(asl.MapRunner)
		if !runs {
			continue
		}
		if all = append(all, r); strings.HasPrefix(name, names.Origin(x.ID())) {
			likely = append(likely, r)
		}
	}
	if len(likely) > 0 {
		return likely
	}
	return all
}

// mapRun returns the Map Run with an ARN, and the execution that it is part of.
func (a *api) mapRun(ctx context.Context, arn string) (x asl.MapRunner, r *asl.MapRun, err error) {
	machine, name := names.MapRun(arn)
	if machine == "" {
		return nil, nil, &asl.APIError{Code: asl.CodeInvalidArn, Message: "Invalid Arn: '" + arn + "'"}
	}
	for _, x := range a.around(machine, name) {
		if err := context.Cause(ctx); err != nil {
			return nil, nil, err
		}
		all, err := x.MapRuns(ctx)
		if err != nil {
			return nil, nil, err
		}
		if i := slices.IndexFunc(all, func(r asl.MapRun) bool { return r.ARN == arn }); i >= 0 {
			return x, &all[i], nil
		}
	}
	return nil, nil, &asl.APIError{Code: "ResourceNotFound", Message: "Resource not found: '" + arn + "'"}
}

// listChildren answers ListExecutions for the children of a Map Run. The filters are "" for all.
func (a *api) listChildren(ctx context.Context, in value.Value, arn, status, redriven string) (value.Value, error) {
	if redriven != "" && redriven != "REDRIVEN" && redriven != "NOT_REDRIVEN" {
		return value.Value{}, invalid("redriveFilter", "must be REDRIVEN or NOT_REDRIVEN")
	}
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
		shown := (status == "" || status == string(d.Status)) && (redriven == "" || (redriven == "REDRIVEN") == (d.RedriveCount > 0))
		return value.Object(a.summary(c, d)...), shown, err
	})
}

// child returns the child of a Map Run that has an ARN, and the execution that is around it.
func (a *api) child(ctx context.Context, arn string) (c, around asl.Running, err error) {
	for _, x := range a.around(names.Execution(arn)) {
		if err := context.Cause(ctx); err != nil {
			return nil, nil, err
		}
		if c, err := x.Child(ctx, arn); c != nil || err != nil {
			return c, x, err
		}
	}
	return nil, nil, &asl.APIError{Code: asl.CodeExecutionDoesNotExist, Message: "Execution Does Not Exist: '" + arn + "'"}
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
