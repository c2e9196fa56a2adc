package sfnapi

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/names"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Keeper is an engine that can be asked for what it runs, as those of packages memory and durable can.
type Keeper interface {
	asl.Engine
	asl.Callbacks
	// Programs returns the programs that machines were made of.
	Programs() []asl.Program
	// Execution returns the execution with the ARN; the error is an [*asl.APIError].
	Execution(arn string) (asl.Running, error)
	// Executions returns the executions of a machine, the newest first.
	Executions(machine string) []asl.Running
}

// longestRequest is how many bytes a request about executions may have: an input of which every byte is an escape.
const longestRequest = 6*asl.DataLimit + 64<<10

// api answers what is asked about executions.
type api struct {
	keeper     Keeper
	activities *Activities
	tasks      http.Handler    // answers of workers
	calls      map[string]call // by operation
	paged      paged

	admission   admission
	checkResult func(mode string) func(resource string, result value.Value) error // nil if states cannot be tested
	validate    func(definition string, express bool) []diagnostic                // nil if definitions cannot be validated
}

// APIOption changes what the API serves.
type APIOption func(*api)

// WithActivities has the API serve activities: GetActivityTask, CreateActivity, DescribeActivity and ListActivities.
func WithActivities(a *Activities) APIOption { return func(served *api) { served.activities = a } }

// NewAPIHandler returns a handler that serves machines and executions of an engine beside what [NewHandler] does: StartExecution,
// StartSyncExecution, StopExecution, RedriveExecution, DescribeExecution, ListExecutions, GetExecutionHistory, ListMapRuns, DescribeMapRun,
// ListStateMachines, DescribeStateMachine and DescribeStateMachineForExecution; and with options activities, TestState and
// ValidateStateMachineDefinition. Requests are not authenticated: whoever reaches it can start and stop executions, and read
// their documents. See [NewAPIServer], which [WithSecret] and [WithKeys] are for.
func NewAPIHandler(k Keeper, options ...APIOption) http.Handler { return newAPI(k, options) }

func newAPI(k Keeper, options []APIOption) *api {
	a := &api{keeper: k}
	for _, o := range options {
		o(a)
	}
	a.tasks = NewHandler(k)
	if a.activities != nil {
		a.tasks = NewHandler(answers{k, a.activities})
	}
	a.calls = a.operations()
	_ = k.Programs() // an engine may make executions known only once it is asked
	return a
}

// call answers a request.
type call = func(ctx context.Context, in value.Value) (value.Value, error)

// operations returns what answers the operations that are served.
func (a *api) operations() map[string]call {
	served := map[string]call{
		"StartExecution": a.start, "StartSyncExecution": a.startSync, "StopExecution": a.stop, "RedriveExecution": a.redrive, "DescribeExecution": a.describe,
		"ListExecutions": a.list, "GetExecutionHistory": a.history, "ListMapRuns": a.listMapRuns, "DescribeMapRun": a.describeMapRun,
		"ListStateMachines": a.listMachines, "DescribeStateMachine": a.describeMachine, "DescribeStateMachineForExecution": a.describeMachineFor,
	}
	if a.activities != nil {
		maps.Copy(served, map[string]call{
			"GetActivityTask": a.getActivityTask, "CreateActivity": a.createActivity, "DescribeActivity": a.describeActivity, "ListActivities": a.listActivities,
		})
	}
	if a.checkResult != nil {
		served["TestState"] = a.testState
	}
	if a.validate != nil {
		served["ValidateStateMachineDefinition"] = a.validateDefinition
	}
	return served
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := a.calls[strings.TrimPrefix(r.Header.Get("X-Amz-Target"), target)]
	if call == nil || r.Method != http.MethodPost {
		a.tasks.ServeHTTP(w, r)
		return
	}
	in, err := document(w, r)
	var out value.Value
	if err == nil {
		out, err = call(r.Context(), in)
	}
	if err != nil {
		answer(w, err)
		return
	}
	reply(w, http.StatusOK, out)
}

// document reads a request, which is a JSON object.
func document(w http.ResponseWriter, r *http.Request) (value.Value, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestRequest))
	if err != nil {
		return value.Value{}, errUnreadable
	}
	in, err := value.Parse(body)
	if err != nil || in.Kind() != value.ObjectKind {
		return value.Value{}, errUnreadable
	}
	return in, nil
}

// text returns a member that must be a string, "" if it is not given.
func text(in value.Value, name string) (string, error) {
	m := in.Get(name)
	s, ok := m.AsString()
	if !ok && !m.IsAbsent() && !m.IsNull() {
		return "", invalid(name, "must be a string")
	}
	return s, nil
}

// seconds writes a time as the protocol has it: seconds since 1970, to the millisecond.
func seconds(t time.Time) value.Value { return value.Float(float64(t.UnixMilli()) / 1000) }

func field(name, text string) value.Member { return value.Field(name, value.String(text)) }

func (a *api) machineARN(p asl.Program) string { return a.keeper.Account().StateMachineARN(p.Name()) }

// program returns the program of a state machine's ARN, which may end in a version or an alias.
func (a *api) program(in value.Value) (asl.Program, error) {
	arn, err := text(in, "stateMachineArn")
	if err != nil {
		return nil, err
	}
	if parts := strings.Split(arn, ":"); len(parts) < 7 || parts[5] != "stateMachine" {
		return nil, &asl.APIError{Code: asl.CodeInvalidArn, Message: "Invalid Arn: '" + arn + "'"}
	}
	for _, p := range a.keeper.Programs() {
		if own := a.machineARN(p); arn == own || strings.HasPrefix(arn, own+":") {
			return p, nil
		}
	}
	return nil, &asl.APIError{Code: asl.CodeStateMachineDoesNotExist, Message: "State Machine Does Not Exist: '" + arn + "'"}
}

// begin starts an execution.
func (a *api) begin(ctx context.Context, in value.Value, synchronous bool) (asl.Running, error) {
	p, err := a.program(in)
	if err != nil {
		return nil, err
	}
	name, err := text(in, "name")
	if err != nil {
		return nil, err
	}
	given, err := text(in, "input")
	if err != nil {
		return nil, err
	}
	input := value.EmptyObject
	if given != "" {
		if input, err = value.Parse([]byte(given)); err != nil {
			return nil, &asl.APIError{Code: asl.CodeInvalidExecutionInput, Message: fmt.Sprintf("Invalid State Machine Execution Input: '%v'", err)}
		}
	}
	if len(given) > asl.DataLimit {
		return nil, invalid("input", fmt.Sprintf("must have length less than or equal to %d", asl.DataLimit))
	}
	if synchronous && p.Type() != asl.Express {
		return nil, &asl.APIError{Code: "StateMachineTypeNotSupported", Message: "This operation is not supported by this type of state machine"}
	}
	return a.keeper.Start(context.WithoutCancel(ctx), p, asl.StartRequest{Name: name, Input: input, Synchronous: synchronous})
}

func (a *api) start(ctx context.Context, in value.Value) (value.Value, error) {
	x, err := a.begin(ctx, in, false)
	if err != nil {
		return value.Value{}, err
	}
	d, err := x.Describe(ctx)
	return value.Object(field("executionArn", x.ID()), value.Field("startDate", seconds(d.Started))), err
}

func (a *api) startSync(ctx context.Context, in value.Value) (value.Value, error) {
	x, err := a.begin(ctx, in, true)
	if err != nil {
		return value.Value{}, err
	}
	if _, err := x.Wait(ctx); err != nil && ctx.Err() != nil {
		return value.Value{}, err
	}
	d, err := x.Describe(ctx)
	if err != nil {
		return value.Value{}, err
	}
	return a.described(x, d), nil
}

// execution returns the execution that a request names.
func (a *api) execution(ctx context.Context, in value.Value) (asl.Running, error) {
	arn, err := text(in, "executionArn")
	if err != nil {
		return nil, err
	}
	if parts := strings.Split(arn, ":"); len(parts) < 8 {
		return nil, &asl.APIError{Code: asl.CodeInvalidArn, Message: "Invalid Arn: '" + arn + "'"}
	}
	if machine, _ := names.Execution(arn); strings.Contains(machine, "/") {
		c, _, err := a.child(ctx, arn)
		return c, err
	}
	return a.keeper.Execution(arn)
}

func (a *api) stop(ctx context.Context, in value.Value) (value.Value, error) {
	x, err := a.execution(ctx, in)
	if err != nil {
		return value.Value{}, err
	}
	name, err := text(in, "error")
	if err != nil {
		return value.Value{}, err
	}
	cause, err := text(in, "cause")
	if err != nil {
		return value.Value{}, err
	}
	if err := x.Stop(ctx, name, cause); err != nil {
		return value.Value{}, err
	}
	d, err := x.Describe(ctx)
	stopped := d.Stopped
	if stopped.IsZero() { // it is about to end
		stopped = time.Now()
	}
	return value.Object(value.Field("stopDate", seconds(stopped))), err
}

func (a *api) redrive(ctx context.Context, in value.Value) (value.Value, error) {
	x, err := a.execution(ctx, in)
	if err != nil {
		return value.Value{}, err
	}
	token, err := text(in, "clientToken")
	if err != nil {
		return value.Value{}, err
	}
	r, ok := x.(asl.Redrivable)
	if _, child := x.(*hosts.Child); child {
		return value.Value{}, hosts.NotRedrivable(x.ID(), "it was started by a Map Run, and is redriven with the execution that began it")
	}
	if !ok {
		return value.Value{}, hosts.NotRedrivable(x.ID(), "the engine cannot redrive executions")
	}
	if err := r.Redrive(ctx, token); err != nil {
		return value.Value{}, err
	}
	d, err := x.Describe(ctx)
	return value.Object(value.Field("redriveDate", seconds(d.Redriven))), err
}

func (a *api) describe(ctx context.Context, in value.Value) (value.Value, error) {
	x, err := a.execution(ctx, in)
	if err != nil {
		return value.Value{}, err
	}
	d, err := x.Describe(ctx)
	if err != nil {
		return value.Value{}, err
	}
	return a.described(x, d), nil
}

// described is an execution as DescribeExecution shows it.
func (a *api) described(x asl.Running, d asl.Description) value.Value {
	included := value.Object(value.Field("included", value.True))
	members := append(a.summary(x, d), value.Field("input", value.String(d.Input.String())), value.Field("inputDetails", included))
	if _, child := x.(*hosts.Child); child && d.NotRedrivable == "" {
		members = append(members, field("redriveStatus", "REDRIVABLE_BY_MAP_RUN"))
	} else if d.NotRedrivable == "" {
		members = append(members, field("redriveStatus", "REDRIVABLE"))
	} else {
		members = append(members, field("redriveStatus", "NOT_REDRIVABLE"), field("redriveStatusReason", d.NotRedrivable))
	}
	if !d.Output.IsAbsent() && d.Err == nil {
		members = append(members, value.Field("output", value.String(d.Output.String())), value.Field("outputDetails", included))
	}
	if failed, ok := errors.AsType[*asl.Error](d.Err); ok {
		if !failed.Unnamed {
			members = append(members, field("error", failed.Name))
		}
		if !failed.Causeless {
			members = append(members, field("cause", failed.Cause))
		}
	} else if aborted, ok := errors.AsType[*asl.Aborted](d.Err); ok {
		for _, m := range []value.Member{field("error", aborted.Name), field("cause", aborted.Cause)} {
			if s, _ := m.Value.AsString(); s != "" {
				members = append(members, m)
			}
		}
	}
	return value.Object(members...)
}

// summary is what lists and descriptions say of an execution.
func (a *api) summary(x asl.Running, d asl.Description) []value.Member {
	members := []value.Member{
		field("executionArn", x.ID()), field("stateMachineArn", a.keeper.Account().StateMachineARN(d.Machine)), field("name", x.Name()),
		field("status", string(d.Status)), value.Field("startDate", seconds(d.Started)), value.Field("redriveCount", value.Int(int64(d.RedriveCount))),
	}
	if c, is := x.(*hosts.Child); is {
		members = append(members, field("mapRunArn", c.MapRun()), value.Field("itemCount", value.Int(int64(c.Items()))))
	}
	if !d.Redriven.IsZero() {
		members = append(members, value.Field("redriveDate", seconds(d.Redriven)))
	}
	if !d.Stopped.IsZero() {
		members = append(members, value.Field("stopDate", seconds(d.Stopped)))
	}
	return members
}

func (a *api) list(ctx context.Context, in value.Value) (value.Value, error) {
	filter, err := text(in, "statusFilter")
	if err != nil {
		return value.Value{}, err
	}
	redriven, err := text(in, "redriveFilter")
	if err != nil {
		return value.Value{}, err
	}
	mapRun, err := text(in, "mapRunArn")
	switch {
	case err != nil:
		return value.Value{}, err
	case mapRun != "" && in.Get("stateMachineArn").IsAbsent():
		return a.listChildren(ctx, in, mapRun, filter, redriven)
	case mapRun != "":
		return value.Value{}, invalid("mapRunArn", "must not be given with stateMachineArn")
	case redriven != "":
		return value.Value{}, invalid("redriveFilter", "must not be given without mapRunArn")
	}
	p, err := a.program(in)
	if err != nil {
		return value.Value{}, err
	}
	return page(in, "executions", a.keeper.Executions(p.Name()), 100, func(x asl.Running) (value.Value, bool, error) {
		d, err := x.Describe(ctx)
		return value.Object(a.summary(x, d)...), filter == "" || filter == string(d.Status), err
	})
}

func (a *api) listMachines(_ context.Context, in value.Value) (value.Value, error) {
	return page(in, "stateMachines", a.keeper.Programs(), 100, func(p asl.Program) (value.Value, bool, error) {
		return value.Object(field("stateMachineArn", a.machineARN(p)), field("name", p.Name()), field("type", string(p.Type()))), true, nil
	})
}

func (a *api) describeMachine(_ context.Context, in value.Value) (value.Value, error) {
	p, err := a.program(in)
	if err != nil {
		return value.Value{}, err
	}
	return value.Object(
		field("stateMachineArn", a.machineARN(p)), field("name", p.Name()), field("status", "ACTIVE"), field("definition", p.Definition()),
		field("type", string(p.Type())), field("revisionId", p.Checksum()),
	), nil
}

func (a *api) describeMachineFor(ctx context.Context, in value.Value) (value.Value, error) {
	x, err := a.execution(ctx, in)
	if err != nil {
		return value.Value{}, err
	}
	d, err := x.Describe(ctx)
	if err != nil {
		return value.Value{}, err
	}
	c, child := x.(*hosts.Child)
	if !child {
		return a.describeMachine(ctx, value.Object(field("stateMachineArn", a.keeper.Account().StateMachineARN(d.Machine))))
	}
	machine, label, _ := strings.Cut(d.Machine, "/")
	out, err := a.describeMachine(ctx, value.Object(field("stateMachineArn", a.keeper.Account().StateMachineARN(machine))))
	if err != nil {
		return out, err
	}
	return out.With("mapRunArn", value.String(c.MapRun())).With("label", value.String(label[strings.LastIndex(label, "/")+1:])), nil
}

// page answers with a page of a list. A page begins where the token says that came with the one before, or at the beginning, and has
// no more than maxResults elements, or else most. show says whether an element is to be shown.
func page[T any](in value.Value, name string, all []T, most int, show func(T) (v value.Value, shown bool, err error)) (value.Value, error) {
	token, err := text(in, "nextToken")
	if err != nil {
		return value.Value{}, err
	}
	at, err := begins(token, name)
	if err != nil {
		return value.Value{}, err
	}
	if n, ok := in.Get("maxResults").AsInt(); ok && n > 0 {
		most = int(min(n, 1000))
	} else if ok && n < 0 || !ok && !in.Get("maxResults").IsAbsent() && !in.Get("maxResults").IsNull() {
		return value.Value{}, invalid("maxResults", "must be a number from 0 to 1000")
	}
	var shown []value.Value
	for ; at < len(all) && len(shown) < most; at++ {
		v, is, err := show(all[at])
		if err != nil {
			return value.Value{}, err
		}
		if is {
			shown = append(shown, v)
		}
	}
	out := value.Object(value.Field(name, value.Array(shown...)))
	if at < len(all) {
		out = out.With("nextToken", value.String(base64.RawURLEncoding.EncodeToString([]byte(name+" "+strconv.Itoa(at)))))
	}
	return out, nil
}

// begins returns where the page of a token begins.
func begins(token, name string) (int, error) {
	if token == "" {
		return 0, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(token)
	list, number, _ := strings.Cut(string(b), " ")
	at, bad := strconv.Atoi(number)
	if err != nil || bad != nil || list != name || at < 0 {
		return 0, &asl.APIError{Code: asl.CodeInvalidToken, Message: "Invalid Token: '" + token + "'"}
	}
	return at, nil
}
