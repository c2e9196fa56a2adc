package sfnapi_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// TestMapRuns has the AWS SDK ask for a Map Run of batches while it runs, after it has failed, and after a redrive.
func TestMapRuns(t *testing.T) {
	for name, engine := range keepers(t) {
		t.Run(name, func(t *testing.T) {
			var broken atomic.Bool
			broken.Store(true)
			in, release := make(chan bool), make(chan bool)
			load := &table.Task{Name: "Load", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true,
				Run: table.RequestResponse("Load", table.Input, asl.CallFunc(func(_ context.Context, batch asl.Value) (asl.Value, error) {
					in <- true
					<-release
					if strings.Contains(batch.String(), "3") && broken.Load() {
						return asl.Value{}, errors.New("three")
					}
					return batch, nil
				}))}
			m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Loads", Checksum: "1", StartAt: "Each", States: []table.State{&table.Map{
				Name: "Each", End: true, MaxConcurrency: 1, ItemProcessor: table.Branch{StartAt: "Load", States: []table.State{load}},
				Distributed: &table.Distributed{ExecutionType: asl.Standard, Label: "Shelf", ItemBatcher: &table.ItemBatcher{MaxItemsPerBatch: 2}},
			}}})
			if err != nil {
				t.Fatal(err)
			}
			c := apiClient(t, sfnapi.NewAPIHandler(engine))
			x, err := m.StartDocument(t.Context(), value.MustParse(`[1,2,3,4,5]`))
			if err != nil {
				t.Fatal(err)
			}
			arn := x.Running().ID()
			<-in
			list, err := c.ListMapRuns(t.Context(), &sfn.ListMapRunsInput{ExecutionArn: &arn})
			if err != nil || len(list.MapRuns) != 1 || !strings.Contains(*list.MapRuns[0].MapRunArn, ":mapRun:Loads/Shelf:") ||
				!strings.HasSuffix(*list.MapRuns[0].StateMachineArn, ":stateMachine:Loads/Shelf") || *list.MapRuns[0].ExecutionArn != arn {
				t.Fatalf("%+v, %v", list, err)
			}
			run := list.MapRuns[0].MapRunArn
			described := func(want string) {
				t.Helper()
				d, err := c.DescribeMapRun(t.Context(), &sfn.DescribeMapRunInput{MapRunArn: run})
				if err != nil {
					t.Fatal(err)
				}
				i, e := d.ItemCounts, d.ExecutionCounts
				got := fmt.Sprintf("%s %d: %d %d %d %d %d of %d, %d %d %d %d %d of %d", d.Status, *d.RedriveCount,
					i.Pending, i.Running, i.Succeeded, i.Failed, *i.PendingRedrive, i.Total, e.Pending, e.Running, e.Succeeded, e.Failed, *e.PendingRedrive, e.Total)
				if got != want || d.MaxConcurrency != 1 || (d.StopDate == nil) != (d.Status == types.MapRunStatusRunning) || *d.ExecutionArn != arn {
					t.Errorf("it is %s, not %s: %+v", got, want, d)
				}
			}
			described("RUNNING 0: 3 2 0 0 0 of 5, 2 1 0 0 0 of 3")
			release <- true
			<-in
			described("RUNNING 0: 1 2 2 0 0 of 5, 1 1 1 0 0 of 3")
			release <- true
			if _, err := x.Running().Wait(t.Context()); err == nil {
				t.Error("a Map Run that tolerates no failure succeeds")
			}
			described("FAILED 0: 1 0 2 2 0 of 5, 1 0 1 1 0 of 3")
			children(t, c, run, "FAILED [3,4] 0", "SUCCEEDED [1,2] 0")
			broken.Store(false)
			if err := x.Running().(asl.Redrivable).Redrive(t.Context(), ""); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				<-in
				release <- true
			}
			if _, err := x.Running().Wait(t.Context()); err != nil {
				t.Error(err)
			}
			described("SUCCEEDED 1: 0 0 5 0 0 of 5, 0 0 3 0 0 of 3")
			children(t, c, run, "SUCCEEDED [5] 0", "SUCCEEDED [3,4] 1", "SUCCEEDED [1,2] 0")
			filtered(t, c, run)
			for _, bad := range []struct{ arn, want string }{
				{"x", "InvalidArn"}, {"arn:aws:states:us-east-1:123456789012:mapRun:Loads/Shelf:0", "ResourceNotFound"},
			} {
				_, err := c.DescribeMapRun(t.Context(), &sfn.DescribeMapRunInput{MapRunArn: aws.String(bad.arn)})
				if failed, ok := errors.AsType[smithy.APIError](err); !ok || failed.ErrorCode() != bad.want {
					t.Errorf("%s: %v", bad.arn, err)
				}
			}
		})
	}
}

// filtered has the AWS SDK ask for the children of a Map Run of which one was redriven, and two were not.
func filtered(t *testing.T, c *sfn.Client, run *string) {
	t.Helper()
	for filter, want := range map[types.ExecutionRedriveFilter][]int32{"REDRIVEN": {1}, "NOT_REDRIVEN": {0, 0}} {
		list, err := c.ListExecutions(t.Context(), &sfn.ListExecutionsInput{MapRunArn: run, RedriveFilter: filter})
		if err != nil {
			t.Fatal(err)
		}
		var got []int32
		for _, x := range list.Executions {
			got = append(got, *x.RedriveCount)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: children that were redriven so often: %d, not %d", filter, got, want)
		}
	}
	machine := aws.String("arn:aws:states:us-east-1:123456789012:stateMachine:Loads")
	for _, in := range []*sfn.ListExecutionsInput{{MapRunArn: run, RedriveFilter: "ALL"}, {StateMachineArn: machine, RedriveFilter: "REDRIVEN"}} {
		_, err := c.ListExecutions(t.Context(), in)
		if failed, ok := errors.AsType[smithy.APIError](err); !ok || failed.ErrorCode() != "ValidationException" {
			t.Errorf("%+v: %v", in, err)
		}
	}
}

// distributed returns a DISTRIBUTED Map over what is in the state.
func distributed(name string, of asl.Type, inside table.State, start string) *table.Map {
	return &table.Map{
		Name: name, End: true, MaxConcurrency: 1, ItemProcessor: table.Branch{StartAt: start, States: []table.State{inside}},
		Distributed: &table.Distributed{ExecutionType: of},
	}
}

// all has the AWS SDK ask for the Map Runs of an execution, and for all children of the first, in small pages.
func all(t *testing.T, c *sfn.Client, execution string) (runs []types.MapRunListItem, children []types.ExecutionListItem) {
	t.Helper()
	list, err := c.ListMapRuns(t.Context(), &sfn.ListMapRunsInput{ExecutionArn: &execution})
	if err != nil || len(list.MapRuns) == 0 {
		t.Fatalf("%+v, %v", list, err)
	}
	pages := sfn.NewListExecutionsPaginator(c, &sfn.ListExecutionsInput{MapRunArn: list.MapRuns[0].MapRunArn, MaxResults: 2})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		children = append(children, page.Executions...)
	}
	return list.MapRuns, children
}

// TestRedrivenExpressChildren: a child of an EXPRESS Map that a redrive has started again is listed once, and found; the one before it is gone.
func TestRedrivenExpressChildren(t *testing.T) {
	for name, engine := range keepers(t) {
		t.Run(name, func(t *testing.T) {
			var broken atomic.Bool
			broken.Store(true)
			load := &table.Task{Name: "Load", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true,
				Run: table.RequestResponse("Load", table.Input, asl.CallFunc(func(_ context.Context, item asl.Value) (asl.Value, error) {
					if item.String() == "3" && broken.Load() {
						return asl.Value{}, errors.New("three")
					}
					return item, nil
				}))}
			m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Loads", Checksum: "1", StartAt: "Each", States: []table.State{distributed("Each", asl.Express, load, "Load")}})
			if err != nil {
				t.Fatal(err)
			}
			c := apiClient(t, sfnapi.NewAPIHandler(engine))
			x, err := m.StartDocument(t.Context(), value.MustParse(`[1,2,3]`))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := x.Running().Wait(t.Context()); err == nil {
				t.Fatal("it succeeds")
			}
			_, before := all(t, c, x.Running().ID())
			broken.Store(false)
			if err := x.Running().(asl.Redrivable).Redrive(t.Context(), ""); err != nil {
				t.Fatal(err)
			}
			if _, err := x.Running().Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, after := all(t, c, x.Running().ID())
			if len(before) != 3 || len(after) != 3 || before[0].Status != "FAILED" || *after[0].ExecutionArn == *before[0].ExecutionArn || *after[1].ExecutionArn != *before[1].ExecutionArn {
				t.Fatalf("the children are %+v, and were %+v", after, before)
			}
			d, err := c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: after[0].ExecutionArn})
			if err != nil || *d.Input != "3" || d.Status != "SUCCEEDED" {
				t.Errorf("%+v, %v", d, err)
			}
			_, err = c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: before[0].ExecutionArn})
			if _, gone := errors.AsType[*types.ExecutionDoesNotExist](err); !gone {
				t.Error(err)
			}
		})
	}
}

// TestRetriedExpressChildren: children of a Map Run that a redrive has started again do not replace those of the Map Run of another try.
func TestRetriedExpressChildren(t *testing.T) {
	for name, engine := range keepers(t) {
		t.Run(name, func(t *testing.T) {
			var broken atomic.Bool
			broken.Store(true)
			load := &table.Task{Name: "Load", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true,
				Run: table.RequestResponse("Load", table.Input, asl.CallFunc(func(_ context.Context, item asl.Value) (asl.Value, error) {
					if item.String() == "3" && broken.Load() {
						return asl.Value{}, errors.New("three")
					}
					return item, nil
				}))}
			each := distributed("Each", asl.Express, load, "Load")
			each.Retry = []table.Retrier{{ErrorEquals: []string{asl.ErrorAll}, IntervalSeconds: 1, MaxAttempts: 1, BackoffRate: 1}}
			m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Tried", Checksum: "1", StartAt: "Each", States: []table.State{each}})
			if err != nil {
				t.Fatal(err)
			}
			c := apiClient(t, sfnapi.NewAPIHandler(engine))
			x, err := m.StartDocument(t.Context(), value.MustParse(`[1,2,3]`))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := x.Running().Wait(t.Context()); err == nil {
				t.Fatal("it succeeds")
			}
			broken.Store(false)
			if err := x.Running().(asl.Redrivable).Redrive(t.Context(), ""); err != nil {
				t.Fatal(err)
			}
			if _, err := x.Running().Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			runs, _ := all(t, c, x.Running().ID())
			for i, want := range []string{"SUCCEEDED SUCCEEDED SUCCEEDED", "FAILED SUCCEEDED SUCCEEDED"} {
				list, err := c.ListExecutions(t.Context(), &sfn.ListExecutionsInput{MapRunArn: runs[i].MapRunArn})
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, child := range list.Executions {
					got = append(got, string(child.Status))
				}
				if len(runs) != 2 || strings.Join(got, " ") != want {
					t.Errorf("%d: %q", i, got)
				}
			}
		})
	}
}

// otherwise has the executions of a keeper under other ARNs, from which the names of their Map Runs and children do not follow.
type otherwise struct{ sfnapi.Keeper }

func (o otherwise) Executions(machine string) (all []asl.Running) {
	for _, x := range o.Keeper.Executions(machine) {
		all = append(all, renamed{x.(asl.MapRunner)})
	}
	return all
}

type renamed struct{ asl.MapRunner }

func (r renamed) ID() string { return r.MapRunner.ID() + "-" }

// TestOlderNames finds Map Runs and children whose names say nothing of what they are part of, as those of older folders.
func TestOlderNames(t *testing.T) {
	for name, engine := range keepers(t) {
		t.Run(name, func(t *testing.T) {
			m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Old", Checksum: "1", StartAt: "Each", States: []table.State{
				distributed("Each", asl.Standard, &table.Pass{Name: "Leave", End: true}, "Leave"),
			}})
			if err != nil {
				t.Fatal(err)
			}
			c := apiClient(t, sfnapi.NewAPIHandler(otherwise{engine}))
			for range 2 {
				x, err := m.StartDocument(t.Context(), value.MustParse(`[1,2,3]`))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := x.Running().Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
				_, children := all(t, c, x.Running().ID())
				if len(children) != 3 {
					t.Fatalf("%+v", children)
				}
				if d, err := c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: children[2].ExecutionArn}); err != nil || *d.Input != "1" {
					t.Errorf("%+v, %v", d, err)
				}
			}
		})
	}
}

// TestTooLargeChild: a child whose input is too large is one that has failed, also after a redrive.
func TestTooLargeChild(t *testing.T) {
	for name, engine := range keepers(t) {
		t.Run(name, func(t *testing.T) {
			each := distributed("Each", asl.Standard, &table.Pass{Name: "Leave", End: true}, "Leave")
			each.ItemSelector = table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
				item := r.Value("$$.Map.Item.Value", "/a.$")
				return value.Array(item, item)
			})
			m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Loads", Checksum: "1", StartAt: "Each", States: []table.State{each}})
			if err != nil {
				t.Fatal(err)
			}
			c := apiClient(t, sfnapi.NewAPIHandler(engine))
			x, err := m.StartDocument(t.Context(), value.Array(value.True, value.String(strings.Repeat("x", asl.DataLimit/2))))
			if err != nil {
				t.Fatal(err)
			}
			for redrives := range 2 {
				if _, err := x.Running().Wait(t.Context()); err == nil || !strings.Contains(err.Error(), "States.ExceedToleratedFailureThreshold") {
					t.Fatal(err)
				}
				runs, children := all(t, c, x.Running().ID())
				if len(children) != 2 {
					t.Fatalf("%+v", children)
				}
				run, err := c.DescribeMapRun(t.Context(), &sfn.DescribeMapRunInput{MapRunArn: runs[0].MapRunArn})
				if err != nil || run.ItemCounts.Failed != 1 || run.ItemCounts.Succeeded != 1 || run.ItemCounts.Pending != 0 || *run.RedriveCount != int32(redrives) {
					t.Errorf("%+v, %v", run.ItemCounts, err)
				}
				d, err := c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: children[0].ExecutionArn})
				if err != nil || d.Status != "FAILED" || *d.Error != "States.DataLimitExceeded" {
					t.Errorf("%+v, %v", d, err)
				}
				if redrives == 0 {
					if err := x.Running().(asl.Redrivable).Redrive(t.Context(), ""); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

// TestInnerMapRuns finds Map Runs in children of a Map Run, and their children, by their ARNs, beside another execution of the machine.
func TestInnerMapRuns(t *testing.T) {
	for name, engine := range keepers(t) {
		t.Run(name, func(t *testing.T) {
			inner := distributed("Inner", asl.Standard, &table.Pass{Name: "Leave", End: true}, "Leave")
			m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Deep", Checksum: "1", StartAt: "Outer", States: []table.State{distributed("Outer", asl.Standard, inner, "Inner")}})
			if err != nil {
				t.Fatal(err)
			}
			c := apiClient(t, sfnapi.NewAPIHandler(engine))
			for _, n := range []int{1, 2} {
				x, err := m.StartDocument(t.Context(), value.MustParse(fmt.Sprintf(`[[%d,0,0]]`, n)))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := x.Running().Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
				_, children := all(t, c, x.Running().ID())
				runs, leaves := all(t, c, *children[0].ExecutionArn)
				if len(children) != 1 || len(runs) != 1 || len(leaves) != 3 || *runs[0].ExecutionArn != *children[0].ExecutionArn {
					t.Fatalf("%+v, %+v, %+v", children, runs, leaves)
				}
				if d, err := c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: leaves[2].ExecutionArn}); err != nil || *d.Input != fmt.Sprint(n) {
					t.Errorf("%+v, %v", d, err)
				}
			}
		})
	}
}

// children has the AWS SDK ask for the children of a Map Run, the newest first: their status, their items and how often they were redriven.
func children(t *testing.T, c *sfn.Client, run *string, want ...string) {
	t.Helper()
	list, err := c.ListExecutions(t.Context(), &sfn.ListExecutionsInput{MapRunArn: run})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range list.Executions {
		d, err := c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: x.ExecutionArn})
		if err != nil {
			t.Fatal(err)
		}
		items := value.MustParse(*d.Input).Get("Items")
		got = append(got, fmt.Sprint(x.Status, " ", items, " ", *d.RedriveCount))
		h, err := c.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: x.ExecutionArn, ReverseOrder: true})
		if err != nil {
			t.Fatal(err)
		}
		last, redrive := types.HistoryEventTypeExecutionSucceeded, types.ExecutionRedriveStatusNotRedrivable
		if x.Status == types.ExecutionStatusFailed {
			last, redrive = types.HistoryEventTypeExecutionFailed, types.ExecutionRedriveStatusRedrivableByMapRun
		}
		m, err := c.DescribeStateMachineForExecution(t.Context(), &sfn.DescribeStateMachineForExecutionInput{ExecutionArn: x.ExecutionArn})
		if err != nil || *m.MapRunArn != *run || *m.Label != "Shelf" || *m.Name != "Loads" {
			t.Errorf("%+v, %v", m, err)
		}
		inner, err := c.ListMapRuns(t.Context(), &sfn.ListMapRunsInput{ExecutionArn: x.ExecutionArn})
		if err != nil || len(inner.MapRuns) != 0 {
			t.Errorf("%+v, %v", inner, err)
		}
		if h.Events[0].Type != last || d.RedriveStatus != redrive || *x.ItemCount != int32(items.Len()) || *x.MapRunArn != *run || *d.MapRunArn != *run || x.StopDate == nil ||
			*d.Name != *x.Name || !strings.HasSuffix(*d.StateMachineArn, ":stateMachine:Loads/Shelf") {
			t.Errorf("%+v\n%+v\nends with %s", x, d, h.Events[0].Type)
		}
		if _, err := c.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: x.ExecutionArn}); err == nil || !strings.Contains(err.Error(), "Map Run") {
			t.Error(err)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the children are %q, not %q", got, want)
	}
}
