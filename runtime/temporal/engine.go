package temporal

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// Engine is an [asl.Engine] whose executions are workflows of Temporal. It takes the answers to their tasks' tokens ([asl.Callbacks]), and can be
// asked for executions, so that package sfnapi can serve it.
type Engine struct {
	client  client.Client // nil in the SDK's test environment
	queue   string
	options options
	tokens  completer

	mu       sync.Mutex
	programs map[string]map[string]asl.Program // by name and version
	newest   map[string]asl.Program            // by names
	workers  map[worker.Registry]bool          // those that have the activities
}

// New returns an engine that starts executions on a task queue.
func New(c client.Client, queue string, of ...Option) *Engine {
	e := newEngine(queue, of)
	e.client = c
	e.tokens = byClient{e}
	return e
}

func newEngine(queue string, of []Option) *Engine {
	return &Engine{
		queue: queue, options: newOptions(of), programs: map[string]map[string]asl.Program{}, newest: map[string]asl.Program{},
		workers: map[worker.Registry]bool{},
	}
}

// Register implements [asl.Engine]: executions of the program can be started. A worker runs them ([Engine.RegisterWorker]).
func (e *Engine) Register(p asl.Program) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.newest[p.Name()] = p
	return nil
}

// RegisterWorker has a worker run the executions of programs, and carry out their tasks. Programs of one name can be registered beside each
// other: executions go on with the version that they were started with.
func (e *Engine) RegisterWorker(w worker.Registry, programs ...asl.Program) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, p := range programs {
		versions := e.programs[p.Name()]
		if versions == nil {
			versions = map[string]asl.Program{}
			e.programs[p.Name()] = versions
		}
		versions[e.versionOf(p)] = p
		// What Worker Versioning does with them, if the worker uses it: executions stay with the version that they began with.
		pinned := workflow.RegisterOptions{Name: e.typeOf(p), VersioningBehavior: workflow.VersioningBehaviorPinned}
		w.RegisterWorkflowWithOptions(e.execution(p), pinned)
		pinned.Name += childrenSuffix
		w.RegisterWorkflowWithOptions(e.children(p), pinned)
	}
	if !e.workers[w] {
		e.workers[w] = true
		e.registerActivities(w)
	}
}

// typeOf is the workflow type of a machine.
func (e *Engine) typeOf(p asl.Program) string {
	if v := e.versionOf(p); v != "" {
		return p.Name() + "@" + v
	}
	return p.Name()
}

// versionLength is how much of a checksum makes a version.
const versionLength = 12

func (e *Engine) versionOf(p asl.Program) string {
	if e.options.unversioned {
		return ""
	}
	return p.Checksum()[:min(versionLength, len(p.Checksum()))]
}

func (e *Engine) program(machine, version string) asl.Program {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.programs[machine][version]
}

// Account returns where executions are said to run.
func (e *Engine) Account() asl.Account { return e.options.account }

// Programs returns the programs that machines were made of, by their names.
func (e *Engine) Programs() (all []asl.Program) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(e.newest)) {
		all = append(all, e.newest[name])
	}
	return all
}

// Start implements [asl.Engine]. A name that was used before is refused for as long as Temporal keeps the execution, but for one that runs
// still, with the same input: that is returned.
func (e *Engine) Start(ctx context.Context, p asl.Program, s asl.StartRequest) (asl.Running, error) {
	f, err := e.options.account.NewFrame(p, s, timeless, random)
	if err != nil {
		return nil, err
	}
	of := *f.Context.Execution
	x := &execution{engine: e, program: p, of: of, workflow: workflowID(&of)}
	run, err := x.launch(ctx, enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE, e.typeOf(p),
		label{Protocol: protocol, Name: of.Name, Unique: of.Unique, Synchronous: s.Synchronous}, f.Document)
	if started, ok := errors.AsType[*serviceerror.WorkflowExecutionAlreadyStarted](err); ok {
		if x.first = started.RunId; x.same(ctx, f.Document) {
			return x, nil
		}
		return nil, &asl.APIError{Code: asl.CodeExecutionAlreadyExists, Message: fmt.Sprintf("%s has an execution named %q", p.Name(), of.Name)}
	}
	if err != nil {
		return nil, err
	}
	x.first = run.GetRunID()
	return x, nil
}

// launch starts a run of the execution's workflow.
func (x *execution) launch(ctx context.Context, reuse enums.WorkflowIdReusePolicy, kind string, l label, arguments ...any) (client.WorkflowRun, error) {
	return x.engine.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: x.workflow, TaskQueue: x.engine.queue,
		WorkflowIDReusePolicy:                    reuse,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		Memo:                                     map[string]any{memoKey: l},
		StaticSummary:                            x.of.Machine + " " + x.of.Name,
	}, kind, arguments...)
}

// describe returns what the server says of a run of a workflow, "" is the newest one.
func (e *Engine) describe(ctx context.Context, id, run string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	d, err := e.client.DescribeWorkflow(ctx, id, run)
	if err != nil {
		return nil, err
	}
	return d.RawResponse, nil
}

// workflowID is the machine and the execution's name; EXPRESS executions may share a name.
func workflowID(x *asl.ContextExecution) string {
	id := x.Machine + "/" + x.Name
	if x.Unique != "" {
		id += "/" + x.Unique
	}
	return id
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: the process ends first
	return b
}
