package runtime

import (
	"context"
	"errors"
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Machine is a state machine with the types of its input and output.
type Machine[In, Out any] struct {
	program *Program
	engine  Engine
}

// Option changes how a machine is made.
type Option func(*Program)

// Observe has an observer told of all that the machine's executions do.
func Observe(o Observer) Option {
	return func(p *Program) { p.observers = append(p.observers, o) }
}

// NewMachine returns the machine of a definition, to run on an engine. Generated code calls it. Its error names every
// state that lacks something.
func NewMachine[In, Out any](engine Engine, d Definition, options ...Option) (*Machine[In, Out], error) {
	p, err := newProgram(d)
	if err != nil {
		return nil, err
	}
	if engine == nil {
		return nil, fmt.Errorf("asl: %s: it needs an engine to run on, such as memory.New()", d.Name)
	}
	for _, o := range options {
		o(p)
	}
	return &Machine[In, Out]{program: p, engine: engine}, nil
}

// Program returns the machine without its types.
func (m *Machine[In, Out]) Program() *Program { return m.program }

// StartOption changes how an execution is started.
type StartOption func(*StartRequest)

// Named gives the execution a name (1…80 characters, docs/rules.md 1.20). Without it the engine chooses one.
func Named(name string) StartOption { return func(s *StartRequest) { s.Name = name } }

// Synchronous starts an execution of an EXPRESS machine as StartSyncExecution does. What it changes is what the execution
// sees: such a one cannot be redriven, so its context object has no RedriveCount.
func Synchronous() StartOption { return func(s *StartRequest) { s.Synchronous = true } }

// Start begins an execution. The end of ctx detaches from it; Stop ends it.
func (m *Machine[In, Out]) Start(ctx context.Context, input In, options ...StartOption) (*Execution[Out], error) {
	document, err := encode(input)
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
		e.Stop("", context.Cause(ctx).Error())
		_, _ = e.Document(context.WithoutCancel(ctx)) // its jobs are stopped before the caller goes on, or ends
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

// Status returns how far the execution is.
func (e *Execution[Out]) Status() Status { return e.running.Status() }

// History returns the events so far.
func (e *Execution[Out]) History() []Event { return e.running.History() }

// Wait waits until the execution has ended and returns its output. If the execution failed or timed out, the error is an
// [*Error] (errors.As); if it was stopped, an [*Aborted]. If ctx ends first the error is its cause, and the execution
// goes on.
func (e *Execution[Out]) Wait(ctx context.Context) (Out, error) {
	var out Out
	document, err := e.running.Wait(ctx)
	if err != nil {
		return out, err
	}
	if err := decode(document, &out); err != nil {
		return out, fmt.Errorf("asl: the output of %s: %w", e.Name(), err)
	}
	return out, nil
}

// Document waits as Wait does and returns the output as the exact document.
func (e *Execution[Out]) Document(ctx context.Context) (value.Value, error) {
	return e.running.Wait(ctx)
}

// Stop aborts the execution, with an error and a cause to remember, which may be empty. Its running tasks are stopped as
// far as they can be. An execution that has ended stays as it is.
func (e *Execution[Out]) Stop(name, cause string) { e.running.Stop(name, cause) }
