package query

import (
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// contextObject returns the context object as paths see it.
func (s *Scope) contextObject() value.Value {
	c, v := s.Context, s.GivenContext
	if v.IsAbsent() {
		v = s.execution()
	}
	if c.Item != nil {
		v = v.With("Map", value.Object(value.Field("Item", value.Object(
			value.Field("Index", value.Int(int64(c.Item.Index))),
			value.Field("Value", c.Item.Value),
			value.Field("Key", c.Item.Key),
			value.Field("Source", c.Item.Source),
		))))
	}
	if c.Task.Token != "" {
		v = v.With("Task", value.Object(value.Field("Token", value.String(c.Task.Token))))
	}
	return v
}

// execution returns the part of the context object that every state has.
func (s *Scope) execution() value.Value {
	c := s.Context
	state := value.Object(
		value.Field("EnteredTime", value.String(c.State.EnteredTime())),
		value.Field("Name", value.String(c.State.Name)),
	)
	if s.Retries {
		state = state.With("RetryCount", value.Int(int64(c.State.RetryCount)))
	}
	execution := value.Object(
		value.Field("Id", value.String(c.Execution.ID())),
		value.Field("Input", c.Execution.Input),
		value.Field("StartTime", value.String(c.Execution.StartTime())),
		value.Field("Name", value.String(c.Execution.Name)),
		value.Field("RoleArn", value.String(c.Execution.RoleARN)),
	)
	if c.Execution.RoleARN == "" {
		execution = execution.With("RoleArn", value.Null)
	}
	if !c.Execution.Synchronous {
		execution = execution.With("RedriveCount", value.Int(int64(c.Execution.RedriveCount)))
	}
	if !c.Execution.Redriven.IsZero() {
		execution = execution.With("RedriveTime", value.String(c.Execution.RedriveTime()))
	}
	return value.Object(
		value.Field("Execution", execution),
		value.Field("StateMachine", value.Object(
			value.Field("Id", value.String(c.Execution.StateMachine())),
			value.Field("Name", value.String(c.Execution.Machine)),
		)),
		value.Field("State", state),
	)
}
