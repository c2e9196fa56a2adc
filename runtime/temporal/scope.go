package temporal

import (
	"go.temporal.io/sdk/workflow"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// scope is a context with the reason for which it has ended.
type scope struct {
	ctx    workflow.Context
	cancel workflow.CancelFunc
	outer  *scope
	cause  error
}

func newScope(ctx workflow.Context, outer *scope) *scope {
	s := &scope{outer: outer}
	s.ctx, s.cancel = workflow.WithCancel(ctx)
	return s
}

// end ends the scope; the first reason counts.
func (s *scope) end(cause error) {
	if s.err() == nil {
		s.cause = cause
	}
	s.cancel()
}

// err returns what a frame ends with if its scope has ended.
func (s *scope) err() error {
	if s.ctx.Err() == nil {
		return nil
	}
	for p := s; p != nil; p = p.outer {
		if p.cause != nil {
			return p.cause
		}
	}
	return &asl.Aborted{} // Temporal's own cancellation
}

// detached is the scope's context for what must be done though it has ended.
func (s *scope) detached() workflow.Context {
	ctx, _ := workflow.NewDisconnectedContext(s.ctx)
	return ctx
}
