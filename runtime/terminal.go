package runtime

import (
	"errors"
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Succeed ends the machine with its input as the output (R121).
type Succeed struct {
	Name       string
	InputPath  string
	OutputPath string

	inputPath, outputPath path
}

func (s *Succeed) name() string { return s.Name }
func (s *Succeed) kind() string { return "Succeed" }

func (s *Succeed) prepare(c Config) error {
	var faults [2]error
	s.inputPath, faults[0] = parsePath("InputPath", s.InputPath)
	s.outputPath, faults[1] = parsePath("OutputPath", s.OutputPath)
	return errors.Join(faults[:]...)
}

func (s *Succeed) run(r *run, input value.Value) (value.Value, string, error) {
	output, err := r.effective(s.inputPath, input)
	if err == nil {
		output, err = s.outputPath.apply(r, output)
	}
	return output, "", err
}

// Fail ends the machine with an error and a cause, each of which may be missing (R122). Unnamed and Causeless say that
// the state has neither Error nor ErrorPath, or neither Cause nor CausePath.
type Fail struct {
	Name      string
	Error     string
	ErrorPath string // a path or a call of an intrinsic function that gives a string (R45)
	Cause     string
	CausePath string
	Unnamed   bool
	Causeless bool

	errorPath, causePath *expression
}

func (s *Fail) name() string { return s.Name }
func (s *Fail) kind() string { return "Fail" }

func (s *Fail) prepare(c Config) error {
	var faults [2]error
	s.errorPath, faults[0] = parseTextField("ErrorPath", s.ErrorPath)
	s.causePath, faults[1] = parseTextField("CausePath", s.CausePath)
	return errors.Join(faults[:]...)
}

func parseTextField(field, text string) (*expression, error) {
	if text == "" {
		return nil, nil
	}
	e, err := parseExpression(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", field, err)
	}
	return &e, nil
}

func (s *Fail) run(r *run, input value.Value) (value.Value, string, error) {
	failed := &Error{Name: s.Error, Cause: s.Cause, Unnamed: s.Unnamed, Causeless: s.Causeless}
	for _, field := range []struct {
		name string
		expr *expression
		text *string
	}{{"ErrorPath", s.errorPath, &failed.Name}, {"CausePath", s.causePath, &failed.Cause}} {
		if field.expr == nil {
			continue
		}
		v, err := r.scope(input).eval(*field.expr, field.name)
		if err != nil {
			return v, "", r.templateFault(err)
		}
		text, ok := v.AsString()
		if !ok {
			return v, "", r.fault(fmt.Sprintf("The %s field must be a string but was: %s", field.name, v))
		}
		*field.text = text
	}
	return value.Value{}, "", failed
}
