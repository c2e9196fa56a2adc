package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/visible"
)

const startHelp = `Usage: aslgen start [flags] MACHINE

Starts an execution of a machine, by its name or its ARN, and prints the execution's ARN. The input is JSON: that of -input, or {}.
With -wait it waits for the end and prints the output; the exit code is 1 if the execution does not succeed.
` + endpointHelp

func startExecution(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen start", startHelp)
	e := f.endpoint()
	name := f.String("name", "", "`name` of the execution (without it one is chosen)")
	input := f.String("input", "", "`file` of the input; - is standard input")
	wait := f.Bool("wait", false, "wait for the end, and print the output")
	words, err := f.parse(args, stdout)
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return errors.New("start takes one MACHINE")
	}
	machine := words[0]
	if !strings.HasPrefix(machine, "arn:") {
		arns, err := e.machines(ctx)
		if err != nil {
			return err
		}
		if machine = arns[words[0]]; machine == "" {
			return fmt.Errorf("there is no machine %q, but %s", words[0], strings.Join(slices.Sorted(maps.Keys(arns)), ", "))
		}
	}
	in := map[string]any{"stateMachineArn": machine}
	if *name != "" {
		in["name"] = *name
	}
	if *input != "" {
		text, err := readInput(*input)
		if err != nil {
			return err
		}
		in["input"] = text
	}
	var started struct {
		ARN string `json:"executionArn"`
	}
	if err := e.call(ctx, "StartExecution", in, &started); err != nil {
		return err
	}
	if !*wait {
		fmt.Fprintln(stdout, visible.Line(started.ARN))
		return nil
	}
	return e.wait(ctx, started.ARN, stdout, stderr)
}

// readInput returns what is in a file, or comes from standard input.
func readInput(name string) (string, error) {
	if name == "-" {
		text, err := io.ReadAll(os.Stdin)
		return string(text), err
	}
	text, err := os.ReadFile(name)
	return string(text), err
}

// pollEvery is how often an execution is asked for that is waited for.
const pollEvery = time.Second / 2

// wait waits for the end of an execution and prints its output, or its error.
func (e *endpoint) wait(ctx context.Context, arn string, stdout, stderr io.Writer) error {
	for {
		var x execution
		if err := e.call(ctx, "DescribeExecution", map[string]string{"executionArn": arn}, &x); err != nil {
			return err
		}
		switch x.Status {
		case "RUNNING":
		case "SUCCEEDED":
			fmt.Fprintln(stdout, x.Output)
			return nil
		default:
			fmt.Fprintln(stderr, visible.Line(strings.Trim(x.Status+": "+x.Error+": "+x.Cause, ": ")))
			return errFindings
		}
		if err := sleep(ctx, pollEvery); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}

const stopHelp = `Usage: aslgen stop [flags] EXECUTION

Stops an execution and the tasks that it waits for. EXECUTION is an ARN, MACHINE/NAME, or a name.
` + endpointHelp

func stopExecution(ctx context.Context, args []string, stdout, _ io.Writer) error {
	f := newFlags("aslgen stop", stopHelp)
	e := f.endpoint()
	name := f.String("error", "", "`error` that it ends with")
	cause := f.String("cause", "", "`cause` that it ends with")
	arn, err := f.execution(ctx, e, args, stdout)
	if err != nil {
		return err
	}
	return e.call(ctx, "StopExecution", map[string]string{"executionArn": arn, "error": *name, "cause": *cause}, &struct{}{})
}

const redriveHelp = `Usage: aslgen redrive [flags] EXECUTION

Has an execution go on that has failed, timed out or was stopped, with the states that it has not left: what has succeeded does not run
again. That goes until 14 days after its end. EXECUTION is an ARN, MACHINE/NAME, or a name.
` + endpointHelp

func redriveExecution(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen redrive", redriveHelp)
	e := f.endpoint()
	wait := f.Bool("wait", false, "wait for the end, and print the output")
	arn, err := f.execution(ctx, e, args, stdout)
	if err != nil {
		return err
	}
	if err := e.call(ctx, "RedriveExecution", map[string]string{"executionArn": arn, "clientToken": rand.Text()}, &struct{}{}); err != nil || !*wait {
		return err
	}
	return e.wait(ctx, arn, stdout, stderr)
}

// execution parses the arguments of a command that takes one execution, and returns its ARN.
func (f *flags) execution(ctx context.Context, e *endpoint, args []string, stdout io.Writer) (string, error) {
	words, err := f.parse(args, stdout)
	if err != nil {
		return "", err
	}
	if len(words) != 1 {
		return "", fmt.Errorf("%s takes one EXECUTION", strings.TrimPrefix(f.Name(), "aslgen "))
	}
	return e.find(ctx, words[0])
}

const psHelp = `Usage: aslgen ps [flags] [MACHINE...]

Lists the executions that run, with the state that each has entered last and since when, how many items of a Map are done, and the ECS task
that it waits for; or with -all also those that have ended.
` + endpointHelp

// shown is an execution as ps shows it.
type shown struct {
	Machine string    `json:"machine"`
	Name    string    `json:"name"`
	ARN     string    `json:"executionArn"`
	Status  string    `json:"status"`
	State   string    `json:"state,omitempty"`
	Task    string    `json:"taskArn,omitempty"` // of ECS, that the state waits for
	Map     *progress `json:"map,omitempty"`     // of the Map that it is in
	Since   time.Time `json:"since"`
}

// progress is how many items of a Map have ended.
type progress struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

func (p *progress) String() string {
	if p == nil {
		return ""
	}
	return fmt.Sprintf("%d/%d", p.Done, p.Total)
}

func listExecutions(ctx context.Context, args []string, stdout, _ io.Writer) error {
	f := newFlags("aslgen ps", psHelp)
	e := f.endpoint()
	all := f.Bool("all", false, "list those too that have ended")
	asJSON := f.Bool("json", false, "print each execution as a line of JSON")
	watch := f.Bool("watch", false, "list them again every two seconds, until it is interrupted")
	words, err := f.parse(args, stdout)
	if err != nil {
		return err
	}
	for {
		rows, err := e.list(ctx, words, *all)
		if err != nil {
			return err
		}
		if err := printExecutions(stdout, rows, *asJSON); err != nil || !*watch {
			return err
		}
		if sleep(ctx, 2*time.Second) != nil {
			return nil
		}
		fmt.Fprintln(stdout)
	}
}

// list returns the executions of the named machines, or of all.
func (e *endpoint) list(ctx context.Context, names []string, all bool) (rows []shown, err error) {
	machines, err := e.machines(ctx)
	if err != nil {
		return nil, err
	}
	status := "RUNNING"
	if all {
		status = ""
	}
	for _, name := range slices.Sorted(maps.Keys(machines)) {
		if len(names) > 0 && !slices.Contains(names, name) {
			continue
		}
		if err := e.executions(ctx, machines[name], status, func(x execution) error {
			row, err := e.show(ctx, x)
			rows = append(rows, row)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func printExecutions(stdout io.Writer, rows []shown, asJSON bool) error {
	if asJSON {
		for _, row := range rows {
			text, err := json.Marshal(row)
			if err != nil {
				return err
			}
			fmt.Fprintf(stdout, "%s\n", text)
		}
		return nil
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "MACHINE\tNAME\tSTATUS\tSTATE\tSINCE\tMAP\tTASK")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", visible.Line(r.Machine), visible.Line(r.Name), r.Status, visible.Line(r.State),
			r.Since.Format(time.DateTime), r.Map, visible.Line(r.Task))
	}
	return w.Flush()
}

// show returns what ps shows of an execution: of one that runs, the state that it has entered last.
func (e *endpoint) show(ctx context.Context, x execution) (shown, error) {
	row := shown{Machine: x.machine(), Name: x.Name, ARN: x.ARN, Status: x.Status, Since: x.since()}
	if x.Status != "RUNNING" {
		return row, nil
	}
	events, _, err := e.history(ctx, x.ARN, "", true)
	for _, v := range events {
		if v.Type == "TaskSubmitted" && row.Task == "" {
			row.Task = v.task()
		}
		if name, ok := v.details["name"].(string); ok && strings.HasSuffix(v.Type, "StateEntered") {
			row.State, row.Since = name, time.UnixMilli(int64(v.Timestamp*1000))
			break
		}
	}
	if err != nil {
		return row, err
	}
	slices.Reverse(events)
	if len(events) > 0 && events[0].ID > 1 && slices.ContainsFunc(events, func(v event) bool { return strings.HasPrefix(v.Type, "Map") }) {
		if events, err = e.wholeHistory(ctx, x.ARN); err != nil {
			return row, err
		}
	}
	row.Map = e.progress(ctx, events)
	return row, nil
}

// wholeHistory returns all events of an execution.
func (e *endpoint) wholeHistory(ctx context.Context, arn string) (all []event, err error) {
	for token := ""; ; {
		events, next, err := e.history(ctx, arn, token, false)
		if err != nil {
			return nil, err
		}
		if all = append(all, events...); next == "" {
			return all, nil
		}
		token = next
	}
}

// progress returns how far the Map is in which an execution stands, by its events; nil if it is in none.
func (e *endpoint) progress(ctx context.Context, events []event) *progress {
	var of progress
	var entered, name, run string // the newest Map entered, the outermost, and the ARN of its Map Run if it is not inline
	for _, v := range events {
		state, _ := v.details["name"].(string)
		switch v.Type {
		case "MapStateEntered":
			entered = state
		case "MapStateStarted":
			if length, _ := v.details["length"].(float64); name == "" || name == entered { // or it is tried again
				of, name = progress{Total: int(length)}, entered
			}
		case "MapRunStarted", "MapRunRedriven":
			if name == entered {
				run, _ = v.details["mapRunArn"].(string)
			}
		case "MapIterationSucceeded", "MapIterationFailed", "MapIterationAborted":
			if state == name {
				of.Done++
			}
		case "MapStateExited", "MapStateAborted":
			if state == name {
				name, run = "", ""
			}
		}
	}
	switch {
	case name == "":
		return nil
	case run == "":
		return &of
	}
	return e.mapRunProgress(ctx, run)
}

// mapRunProgress returns how far a Map Run is, nil if the engine does not tell.
func (e *endpoint) mapRunProgress(ctx context.Context, arn string) *progress {
	var run struct {
		Items struct{ Pending, Running, PendingRedrive, Total int } `json:"itemCounts"`
	}
	if err := e.call(ctx, "DescribeMapRun", map[string]string{"mapRunArn": arn}, &run); err != nil {
		return nil
	}
	i := run.Items
	return &progress{Done: i.Total - i.Pending - i.Running - i.PendingRedrive, Total: i.Total}
}

const logsHelp = `Usage: aslgen logs [flags] EXECUTION

Prints the history of an execution, a line an event, and with -f the events to come until it ends. EXECUTION is an ARN,
MACHINE/NAME, or a name.
` + endpointHelp

func printHistory(ctx context.Context, args []string, stdout, _ io.Writer) error {
	f := newFlags("aslgen logs", logsHelp)
	e := f.endpoint()
	follow := f.Bool("f", false, "follow: go on until the execution ends")
	asJSON := f.Bool("json", false, "print each event as GetExecutionHistory has it")
	arn, err := f.execution(ctx, e, args, stdout)
	if err != nil {
		return err
	}
	for seen := int64(0); ; {
		ended := false
		events, err := e.wholeHistory(ctx, arn)
		if err != nil {
			return err
		}
		for _, v := range events {
			if v.ID <= seen {
				continue
			}
			seen = v.ID
			ended = slices.Contains([]string{"ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"}, v.Type)
			if *asJSON {
				fmt.Fprintf(stdout, "%s\n", v.text)
			} else {
				fmt.Fprintln(stdout, v.line())
			}
		}
		if ended || !*follow {
			return nil
		}
		if err := sleep(ctx, pollEvery); err != nil {
			return err
		}
	}
}

// task returns the ARN of the ECS task that RunTask has answered with, "" if there is none.
func (v event) task() string {
	var answer struct{ Tasks []struct{ TaskArn string } }
	text, _ := v.details["output"].(string)
	if json.Unmarshal([]byte(text), &answer) != nil || len(answer.Tasks) == 0 { // of another service
		return ""
	}
	return answer.Tasks[0].TaskArn
}

// line is an event on one line: its time, its type, and what its details say.
func (v event) line() string {
	line := fmt.Sprintf("%s  %4d  %s", time.UnixMilli(int64(v.Timestamp*1000)).UTC().Format("2006-01-02T15:04:05.000Z"), v.ID, v.Type)
	for _, name := range []string{"name", "resourceType", "resource", "error", "cause", "input", "parameters", "output"} {
		if text, ok := v.details[name].(string); ok {
			if name == "name" || name == "resourceType" || name == "resource" {
				line += "  " + text
				continue
			}
			line += "  " + name + "=" + short(text)
		}
	}
	return visible.Line(line)
}

// short returns the beginning of a text.
func short(text string) string {
	const most = 160
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
