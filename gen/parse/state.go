package parse

import "github.com/r-seed-632eed22/aslgen/gen/ast"

// stateFields decodes the fields of states, whatever the type of the state: which field belongs to which type and to which
// query language is not judged here.
var stateFields map[string]func(*decoder, *ast.State, *ast.Member)

func init() { // the table refers to itself through nested machines
	stateFields = map[string]func(*decoder, *ast.State, *ast.Member){
		"Type":    func(d *decoder, s *ast.State, m *ast.Member) { s.Type = d.string(m) },
		"Comment": func(d *decoder, s *ast.State, m *ast.Member) { s.Comment = d.string(m) },
		"Next":    func(d *decoder, s *ast.State, m *ast.Member) { s.Next = d.string(m) },
		"End":     func(d *decoder, s *ast.State, m *ast.Member) { s.End = d.boolean(m) },

		"InputPath":      func(d *decoder, s *ast.State, m *ast.Member) { s.InputPath = d.nullablePath(m, fullPath) },
		"OutputPath":     func(d *decoder, s *ast.State, m *ast.Member) { s.OutputPath = d.nullablePath(m, fullPath) },
		"ResultPath":     func(d *decoder, s *ast.State, m *ast.Member) { s.ResultPath = d.nullablePath(m, resultPath) },
		"Parameters":     func(d *decoder, s *ast.State, m *ast.Member) { s.Parameters = d.anyTemplate(m) },
		"ResultSelector": func(d *decoder, s *ast.State, m *ast.Member) { s.ResultSelector = d.anyTemplate(m) },
		"Assign":         func(d *decoder, s *ast.State, m *ast.Member) { s.Assign = d.template(m) },
		"Arguments":      func(_ *decoder, s *ast.State, m *ast.Member) { s.Arguments = m.Value },
		"Output":         func(_ *decoder, s *ast.State, m *ast.Member) { s.Output = m.Value },

		"Retry": func(d *decoder, s *ast.State, m *ast.Member) { s.Retry = d.retriers(m) },
		"Catch": func(d *decoder, s *ast.State, m *ast.Member) { s.Catch = d.catchers(m) },

		"Resource":             func(d *decoder, s *ast.State, m *ast.Member) { s.Resource = d.string(m) },
		"TimeoutSeconds":       func(d *decoder, s *ast.State, m *ast.Member) { s.TimeoutSeconds = d.numberOrExpression(m) },
		"HeartbeatSeconds":     func(d *decoder, s *ast.State, m *ast.Member) { s.HeartbeatSeconds = d.numberOrExpression(m) },
		"TimeoutSecondsPath":   timeoutSecondsPath,
		"HeartbeatSecondsPath": heartbeatSecondsPath,
		"Credentials":          func(d *decoder, s *ast.State, m *ast.Member) { s.Credentials = d.template(m) },

		"Result": func(_ *decoder, s *ast.State, m *ast.Member) { s.Result = m.Value },

		"Choices": func(d *decoder, s *ast.State, m *ast.Member) { s.Choices = d.rules(m) },
		"Default": func(d *decoder, s *ast.State, m *ast.Member) { s.Default = d.string(m) },

		"Seconds":       func(d *decoder, s *ast.State, m *ast.Member) { s.Seconds = d.numberOrExpression(m) },
		"Timestamp":     func(d *decoder, s *ast.State, m *ast.Member) { s.Timestamp = d.string(m) },
		"SecondsPath":   func(d *decoder, s *ast.State, m *ast.Member) { s.SecondsPath = d.path(m, referencePath) },
		"TimestampPath": func(d *decoder, s *ast.State, m *ast.Member) { s.TimestampPath = d.path(m, referencePath) },

		"Error":     func(d *decoder, s *ast.State, m *ast.Member) { s.Error = d.string(m) },
		"Cause":     func(d *decoder, s *ast.State, m *ast.Member) { s.Cause = d.string(m) },
		"ErrorPath": func(d *decoder, s *ast.State, m *ast.Member) { s.ErrorPath = d.path(m, stringPath) },
		"CausePath": func(d *decoder, s *ast.State, m *ast.Member) { s.CausePath = d.path(m, stringPath) },

		"Branches":      func(d *decoder, s *ast.State, m *ast.Member) { s.Branches = d.branches(m) },
		"ItemProcessor": func(d *decoder, s *ast.State, m *ast.Member) { s.ItemProcessor = d.processor(m) },
		"Iterator":      iterator,
	}
	for name, decode := range mapFields {
		stateFields[name] = func(d *decoder, _ *ast.State, m *ast.Member) { decode(d, m) }
	}
}

func timeoutSecondsPath(d *decoder, s *ast.State, m *ast.Member) {
	s.TimeoutSecondsPath = d.path(m, referencePath)
}

func heartbeatSecondsPath(d *decoder, s *ast.State, m *ast.Member) {
	s.HeartbeatSecondsPath = d.path(m, referencePath)
}

// iterator decodes the older name of ItemProcessor, which comes first if both are written.
func iterator(d *decoder, s *ast.State, m *ast.Member) {
	if processor := d.processor(m); s.Field("ItemProcessor") == nil {
		s.ItemProcessor = processor
	}
}
