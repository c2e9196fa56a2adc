package main

import (
	"context"
	"strconv"

	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
)

// board is what came of all rows of a kind.
type board struct {
	levels   []string // in the order of the scoreboard
	outcomes []*outcome
}

// compare compares all rows. How they run is what [runner.Spec] says of Cuts, Durable and Replay, for executions.
func (r *rows) compare(ctx context.Context, how runner.Spec) (boards []board, err error) {
	if len(r.executions) > 0 {
		b := board{levels: executionLevels}
		if b.outcomes, err = compareAll(ctx, r.executions, how); err != nil {
			return nil, err
		}
		boards = append(boards, b)
	}
	if len(r.tests) > 0 {
		b := board{levels: testLevels}
		if b.outcomes, err = compareAll(ctx, r.tests, runner.Spec{}); err != nil {
			return nil, err
		}
		boards = append(boards, b)
	}
	if len(r.answers) > 0 {
		b := board{levels: answerLevels}
		if b.outcomes, err = compareAll(ctx, r.answers, how); err != nil {
			return nil, err
		}
		boards = append(boards, b)
	}
	if len(r.references) > 0 {
		b := board{levels: referenceLevels}
		for _, row := range r.references {
			b.outcomes = append(b.outcomes, row.compare())
		}
		boards = append(boards, b)
	}
	if len(r.validations) > 0 {
		b := board{levels: validationLevels}
		for _, row := range r.validations {
			b.outcomes = append(b.outcomes, row.compare())
		}
		boards = append(boards, b)
	}
	if len(r.diagnostics) > 0 {
		b := board{levels: diagnosticLevels}
		for _, row := range r.diagnostics {
			b.outcomes = append(b.outcomes, row.compare())
		}
		boards = append(boards, b)
	}
	return boards, nil
}

// runnable is a row that a compiled program runs.
type runnable interface {
	machine() batch.Machine
	spec() (runner.Spec, error) // an error says what is wrong with the row's call
	// failed is the outcome if the row could not be run.
	failed(reason string) *outcome
	compare(got *runner.Result) *outcome
}

// compareAll compiles the machines of all rows into one program, and compares what that does with what was recorded. The
// ids of rows need not be unique. How they run is what [runner.Spec] says of Cuts, Durable and Replay.
func compareAll[R runnable](ctx context.Context, rows []R, how runner.Spec) (outcomes []*outcome, err error) {
	var machines []batch.Machine
	for i, r := range rows {
		m := r.machine()
		m.ID = strconv.Itoa(i)
		machines = append(machines, m)
	}
	build := batch.Build
	if how.Temporal {
		build = batch.BuildOnTemporal
	}
	p, err := build(ctx, machines)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	var specs []runner.Spec
	for i, m := range machines {
		if p.Refused[m.ID] != nil {
			continue
		}
		s, err := rows[i].spec()
		if err != nil {
			p.Refused[m.ID] = err
			continue
		}
		s.ID, s.Machine, s.Cuts, s.Durable, s.Here, s.Redrive, s.Replay = m.ID, m.ID, how.Cuts, how.Durable, how.Here, how.Redrive, how.Replay
		specs = append(specs, s)
	}
	results, err := p.Run(ctx, specs)
	if err != nil {
		return nil, err
	}
	byID := map[string]*runner.Result{}
	for i := range results {
		byID[results[i].ID] = &results[i]
	}
	for i, r := range rows {
		id := strconv.Itoa(i)
		outcomes = append(outcomes, outcomeOf(r, p.Refused[id], byID[id]))
	}
	return outcomes, nil
}

func outcomeOf(r runnable, refused error, got *runner.Result) *outcome {
	switch {
	case refused != nil:
		return r.failed(refused.Error())
	case got == nil:
		return r.failed("the program gave no result")
	case got.Fault != "":
		return r.failed(got.Fault)
	}
	return r.compare(got)
}
