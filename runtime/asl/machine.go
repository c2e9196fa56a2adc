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

// Machine is a state machine with the types of its input and output. What its types do not matter to is done by code that has
// none: a compiler makes every method of a generic type again for every machine.
type Machine[In, Out any] struct{ untyped *untyped }

type untyped struct {
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
	m, err := register(engine, p)
	if err != nil {
		return nil, err
	}
	return &Machine[In, Out]{m}, nil
}

func register(engine Engine, p Program) (*untyped, error) {
	if engine == nil {
		return nil, fmt.Errorf("asl: %s: it needs an engine to run on, such as memory.New()", p.Name())
	}
	if err := engine.Register(p); err != nil {
		return nil, err
	}
	return &untyped{p, engine}, nil
}

// Program returns the machine without its types.
func (m *Machine[In, Out]) Program() Program { return m.untyped.program }

// StartOption changes how an execution is started.
type StartOption func(*StartRequest)

// Named gives the execution a name (1…80 characters, docs/rules.md 1.20). Without it the engine chooses one.
func Named(name string) StartOption { return func(s *StartRequest) { s.Name = name } }

// Synchronous starts an execution of an EXPRESS machine as StartSyncExecution does. What it changes is what the execution
// sees: such a one cannot be redriven, so its context object has no RedriveCount.
func Synchronous() StartOption { return func(s *StartRequest) { s.Synchronous = true } }

// Start begins an execution. The end of ctx detaches from it; Stop ends it.
func (m *Machine[In, Out]) Start(ctx context.Context, input In, options ...StartOption) (*Execution[Out], error) {
	running, err := m.untyped.start(ctx, input, options)
	if err != nil {
		return nil, err
	}
	return &Execution[Out]{running}, nil
}

// StartDocument begins an execution whose input is any document: one with null or with members that In does not know.
func (m *Machine[In, Out]) StartDocument(ctx context.Context, input value.Value, options ...StartOption) (*Execution[Out], error) {
	running, err := m.untyped.startDocument(ctx, input, options)
	if err != nil {
		return nil, err
	}
	return &Execution[Out]{running}, nil
}

// Run starts an execution and waits for its output. The execution is stopped if ctx ends first. An engine may carry it out in the caller's
// goroutine if nobody else can know of it: the one of package memory does if it has no name, no observer and is not kept after its end.
func (m *Machine[In, Out]) Run(ctx context.Context, input In, options ...StartOption) (out Out, err error) {
	err = m.untyped.run(ctx, input, &out, options)
	return out, err
}

func (m *untyped) start(ctx context.Context, input any, options []StartOption) (Running, error) {
	document, err := awsshape.Document(input)
	if err != nil {
		return nil, fmt.Errorf("asl: %s: input: %w", m.program.Name(), err)
	}
	return m.startDocument(ctx, document, options)
}

func (m *untyped) startDocument(ctx context.Context, input value.Value, options []StartOption) (Running, error) {
	s, err := m.request(input, options)
	if err != nil {
		return nil, err
	}
	return m.engine.Start(ctx, m.program, s)
}

// request returns the request of an execution, which no engine refuses for what it asks.
func (m *untyped) request(input value.Value, options []StartOption) (StartRequest, error) {
	s := StartRequest{Input: input}
	if len(options) > 0 {
		s = s.with(options)
	}
	if s.Input.IsAbsent() {
		s.Input = value.EmptyObject
	}
	if s.Synchronous && m.program.Type() != Express {
		return s, fmt.Errorf("asl: %s: only an execution of an EXPRESS machine is started synchronously", m.program.Name())
	}
	if s.Input.Size() > DataLimit {
		return s, fmt.Errorf("asl: %s: the input has %d bytes, more than the %d that Step Functions allows", m.program.Name(), s.Input.Size(), DataLimit)
	}
	return s, nil
}

// with is a function of its own, so that a request without options needs no memory.
func (s StartRequest) with(options []StartOption) StartRequest {
	for _, o := range options {
		o(&s)
	}
	return s
}

// here is an engine that can carry out an execution in the goroutine of who runs it, if nobody else is to know of it; ran is false if it
// must be started.
type here interface {
	RunHere(ctx context.Context, p Program, s StartRequest) (output value.Value, ran bool, err error)
}

func (m *untyped) run(ctx context.Context, input, output any, options []StartOption) error {
	document, err := awsshape.Document(input)
	if err != nil {
		return fmt.Errorf("asl: %s: input: %w", m.program.Name(), err)
	}
	if e, ok := m.engine.(here); ok {
		s, err := m.request(document, options)
		if err != nil {
			return err
		}
		if result, ran, err := e.RunHere(ctx, m.program, s); ran {
			if err != nil {
				return err
			}
			return store(result, m.program.Name(), output)
		}
	}
	running, err := m.startDocument(context.WithoutCancel(ctx), document, options)
	if err != nil {
		return err
	}
	err = wait(ctx, running, output)
	if ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
		ctx := context.WithoutCancel(ctx)
		if stopped := running.Stop(ctx, "", err.Error()); stopped != nil {
			return stopped
		}
		_, _ = running.Wait(ctx) // its jobs are stopped before the caller goes on, or ends
	}
	return err
}

// wait waits for the end of an execution and stores its output, to which a pointer is given.
func wait(ctx context.Context, running Running, output any) error {
	document, err := running.Wait(ctx)
	if err != nil {
		return err
	}
	return store(document, running.Name(), output)
}

// store stores an output, whose execution or machine has a name.
func store(document value.Value, of string, output any) error {
	if err := awsshape.Store(document, output); err != nil {
		return fmt.Errorf("asl: the output of %s: %w", of, err)
	}
	return nil
}

// Execution is one run of a machine.
type Execution[Out any] struct {
	running Running
}

// Running returns the execution without its types.
func (e *Execution[Out]) Running() Running { return e.running }

// Wait waits until the execution has ended and returns its output. If the execution failed or timed out, the error is an
// [*Error] (errors.As); if it was stopped, an [*Aborted]. If ctx ends first the error is its cause, and the execution
// goes on.
func (e *Execution[Out]) Wait(ctx context.Context) (out Out, err error) {
	err = wait(ctx, e.running, &out)
	return out, err
}
