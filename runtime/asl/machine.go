package asl

import (
	"context"
	"errors"
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// DataLimit is the most bytes that an input, an output or a result may have (1.20).
const DataLimit = 262144

// Machine is a state machine with the types of its input and output.
type Machine[In, Out any] struct {
	program Program
	engine  Engine
}

// Option changes how a machine is made.
type Option func(*Options)

// Options are what a machine is made with.
type Options struct {
	Observers  []Observer
	ItemMemory int64 // bytes, of the option [ItemMemory]; 0 is the usual
}

// Observe has an observer told of all that the machine's executions do.
func Observe(o Observer) Option {
	return func(all *Options) { all.Observers = append(all.Observers, o) }
}

// ItemMemory sets how many bytes of memory, by a rough count, the items may take that a DISTRIBUTED Map reads from objects:
// 160 MiB otherwise. A Map that reads more fails with States.ItemReaderFailed, for without memory every execution of the
// process would end.
func ItemMemory(bytes int64) Option { return func(all *Options) { all.ItemMemory = bytes } }

// NewMachine returns a program as a machine that runs on an engine. Generated code has a function for each machine, which
// knows its types. The error is the engine's, or that there is none.
func NewMachine[In, Out any](engine Engine, p Program) (*Machine[In, Out], error) {
	if engine == nil {
		return nil, fmt.Errorf("asl: %s: it needs an engine to run on, such as memory.New()", p.Name())
	}
	if err := engine.Register(p); err != nil {
		return nil, err
	}
	return &Machine[In, Out]{program: p, engine: engine}, nil
}

// Program returns the machine without its types.
func (m *Machine[In, Out]) Program() Program { return m.program }

// StartOption changes how an execution is started.
type StartOption func(*StartRequest)

// Named gives the execution a name (1…80 characters, docs/rules.md 1.20). Without it the engine chooses one.
func Named(name string) StartOption { return func(s *StartRequest) { s.Name = name } }

// Synchronous starts an execution of an EXPRESS machine as StartSyncExecution does. What it changes is what the execution
// sees: such a one cannot be redriven, so its context object has no RedriveCount.
func Synchronous() StartOption { return func(s *StartRequest) { s.Synchronous = true } }

// Start begins an execution. The end of ctx detaches from it; Stop ends it.
func (m *Machine[In, Out]) Start(ctx context.Context, input In, options ...StartOption) (*Execution[Out], error) {
	document, err := awsshape.Document(input)
	if err != nil {
		return nil, fmt.Errorf("asl: %s: input: %w", m.program.Name(), err)
	}
	return m.StartDocument(ctx, document, options...)
}

// StartDocument begins an execution whose input is any document: one with null or with members that In does not know.
func (m *Machine[In, Out]) StartDocument(ctx context.Context, input value.Value, options ...StartOption) (*Execution[Out], error) {
	s := StartRequest{Input: input}
	for _, o := range options {
		o(&s)
	}
	if s.Input.IsAbsent() {
		s.Input = value.EmptyObject
	}
	if s.Synchronous && m.program.Type() != Express {
		return nil, fmt.Errorf("asl: %s: only an execution of an EXPRESS machine is started synchronously", m.program.Name())
	}
	if s.Input.Size() > DataLimit {
		return nil, fmt.Errorf("asl: %s: the input has %d bytes, more than the %d that Step Functions allows", m.program.Name(), s.Input.Size(), DataLimit)
	}
	running, err := m.engine.Start(ctx, m.program, s)
	if err != nil {
		return nil, err
	}
	return &Execution[Out]{running}, nil
}

// Run starts an execution and waits for its output. The execution is stopped if ctx ends first.
func (m *Machine[In, Out]) Run(ctx context.Context, input In, options ...StartOption) (Out, error) {
	e, err := m.Start(context.WithoutCancel(ctx), input, options...)
	if err != nil {
		var none Out
		return none, err
	}
	out, err := e.Wait(ctx)
	if ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
		ctx := context.WithoutCancel(ctx)
		if stopped := e.Stop(ctx, "", err.Error()); stopped != nil {
			return out, stopped
		}
		_, _ = e.Document(ctx) // its jobs are stopped before the caller goes on, or ends
	}
	return out, err
}

// Execution is one run of a machine.
type Execution[Out any] struct {
	running Running
}

// Running returns the execution without its types.
func (e *Execution[Out]) Running() Running { return e.running }

// ID returns the ARN of the execution.
func (e *Execution[Out]) ID() string { return e.running.ID() }

// Name returns the name of the execution.
func (e *Execution[Out]) Name() string { return e.running.Name() }

// Status returns how far the execution is. The error is the engine's: in the memory engine there is none.
func (e *Execution[Out]) Status(ctx context.Context) (Status, error) {
	d, err := e.running.Describe(ctx)
	return d.Status, err
}

// History returns the events so far. The error is as for Status.
func (e *Execution[Out]) History(ctx context.Context) ([]Event, error) { return e.running.History(ctx) }

// Wait waits until the execution has ended and returns its output. If the execution failed or timed out, the error is an
// [*Error] (errors.As); if it was stopped, an [*Aborted]. If ctx ends first the error is its cause, and the execution
// goes on.
func (e *Execution[Out]) Wait(ctx context.Context) (Out, error) {
	var out Out
	document, err := e.running.Wait(ctx)
	if err != nil {
		return out, err
	}
	if err := awsshape.Store(document, &out); err != nil {
		return out, fmt.Errorf("asl: the output of %s: %w", e.Name(), err)
	}
	return out, nil
}

// Document waits as Wait does and returns the output as the exact document.
func (e *Execution[Out]) Document(ctx context.Context) (value.Value, error) {
	return e.running.Wait(ctx)
}

// Stop aborts the execution, with an error and a cause to remember, which may be empty. Its running tasks are stopped as
// far as they can be. An execution that has ended stays as it is. The error is as for Status.
func (e *Execution[Out]) Stop(ctx context.Context, name, cause string) error {
	return e.running.Stop(ctx, name, cause)
}
