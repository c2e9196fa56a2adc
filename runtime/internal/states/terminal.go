package states

import (
	"errors"
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Succeed ends the machine with its input as the output (R121).
type Succeed struct {
	Name          string
	QueryLanguage QueryLanguage
	InputPath     string
	OutputPath    string
	Output        *query.Template // in a JSONata state

	inputPath, outputPath query.Path
}

func (s *Succeed) name() string { return s.Name }
func (s *Succeed) kind() string { return "Succeed" }

func (s *Succeed) language() QueryLanguage { return s.QueryLanguage }

func (s *Succeed) prepare() error {
	var faults [3]error
	s.inputPath, faults[0] = query.ParsePath("InputPath", s.InputPath)
	s.outputPath, faults[1] = query.ParsePath("OutputPath", s.OutputPath)
	faults[2] = prepareTemplates(s.Output)
	return errors.Join(faults[:]...)
}

func (s *Succeed) run(r *run, input value.Value) (value.Value, string, error) {
	if r.jsonata {
		output, err := r.output("", nil, s.Output, input)
		return output, "", err
	}
	output, err := r.effective(s.inputPath, input)
	if err == nil {
		output, err = r.apply(s.outputPath, output)
	}
	return output, "", err
}

// Fail ends the machine with an error and a cause, each of which may be missing (R122). Unnamed and Causeless say that
// the state has neither Error nor ErrorPath, or neither Cause nor CausePath.
type Fail struct {
	Name          string
	QueryLanguage QueryLanguage
	Error         string // in a JSONata state it may be an expression, as Cause may
	ErrorPath     string // a path or a call of an intrinsic function that gives a string (R45)
	Cause         string
	CausePath     string
	Unnamed       bool
	Causeless     bool

	errorPath, causePath *query.Expression
}

func (s *Fail) name() string { return s.Name }
func (s *Fail) kind() string { return "Fail" }

func (s *Fail) language() QueryLanguage { return s.QueryLanguage }

func (s *Fail) prepare() error {
	var faults [2]error
	s.errorPath, faults[0] = parseTextField("ErrorPath", s.Error, s.ErrorPath)
	s.causePath, faults[1] = parseTextField("CausePath", s.Cause, s.CausePath)
	return errors.Join(faults[:]...)
}

// parseTextField reads the path of a field, or the expression that stands in place of its text.
func parseTextField(field, literal, text string) (*query.Expression, error) {
	if query.IsQuery(literal) {
		text = literal
	}
	if text == "" {
		return nil, nil
	}
	e, err := query.ParseExpression(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", field, err)
	}
	return &e, nil
}

func (s *Fail) run(r *run, input value.Value) (value.Value, string, error) {
	failed := &asl.Error{Name: s.Error, Cause: s.Cause, Unnamed: s.Unnamed, Causeless: s.Causeless}
	for _, field := range []struct {
		name string
		expr *query.Expression
		text *string
	}{{"ErrorPath", s.errorPath, &failed.Name}, {"CausePath", s.causePath, &failed.Cause}} {
		if field.expr == nil {
			continue
		}
		var err error
		if *field.text, err = r.textOf(field.name, field.expr, input); err != nil {
			return value.Value{}, "", err
		}
	}
	failed.Name, failed.Cause = beginning(failed.Name, longestError), beginning(failed.Cause, longestCause)
	return value.Value{}, "", failed
}

// textOf evaluates ErrorPath or CausePath, or in a JSONata state Error or Cause.
func (r *run) textOf(field string, e *query.Expression, input value.Value) (string, error) {
	if e.Query != nil {
		return r.evaluateText(e.Query, strings.TrimSuffix(field, "Path"))
	}
	v, err := r.scope(input).Eval(*e, query.Pointer{field})
	if err != nil {
		return "", r.templateFault(err)
	}
	text, ok := v.AsString()
	if !ok {
		return "", r.fault(field, fmt.Sprintf("The %s field must be a string but was: %s", field, v))
	}
	return text, nil
}
