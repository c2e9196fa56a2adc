package states

import (
	"errors"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Pass hands its input on, or what Parameters or Result make of it (R21, R120).
type Pass struct {
	Name          string
	QueryLanguage QueryLanguage
	InputPath     string
	Parameters    *query.Template
	Result        value.Value
	ResultPath    string
	OutputPath    string
	Output        *query.Template // in a JSONata state, which has none of the fields before
	Assign        *query.Template
	Next          string
	End           bool

	inputPath, resultPath, outputPath query.Path
}

func (s *Pass) name() string { return s.Name }
func (s *Pass) kind() string { return "Pass" }

func (s *Pass) language() QueryLanguage { return s.QueryLanguage }

func (s *Pass) prepare() error {
	var faults [4]error
	s.inputPath, faults[0] = query.ParsePath("InputPath", s.InputPath)
	s.resultPath, faults[1] = query.ParseReference("ResultPath", s.ResultPath)
	s.outputPath, faults[2] = query.ParsePath("OutputPath", s.OutputPath)
	faults[3] = prepareTemplates(s.Parameters, s.Output, s.Assign)
	return errors.Join(faults[:]...)
}

func (s *Pass) run(r *run, input value.Value) (value.Value, string, error) {
	if r.jsonata {
		output, err := r.output("", s.Assign, s.Output, input)
		return output, s.Next, err
	}
	result, err := s.result(r, input)
	if err != nil {
		return result, "", err
	}
	if err := r.assign("", s.Assign, result); err != nil {
		return result, "", err
	}
	r.inspect(asl.StepAfterResultSelector, result)
	output, err := r.merge(s.resultPath, input, result)
	if err != nil {
		return output, "", err
	}
	r.inspect(asl.StepAfterResultPath, output)
	output, err = r.apply(s.outputPath, output)
	return output, s.Next, err
}

// result is what Parameters make of the input, or Result, with which TestState does not show what comes before it.
func (s *Pass) result(r *run, input value.Value) (result value.Value, err error) {
	if s.Result.IsAbsent() {
		result, err = r.effective(s.inputPath, input)
	} else {
		result, err = r.apply(s.inputPath, input)
	}
	if err == nil && s.Parameters != nil {
		result, err = r.template(s.Parameters, "Parameters", result)
	}
	switch {
	case err != nil:
		return result, err
	case s.Result.IsAbsent():
		r.inspect(asl.StepAfterParameters, result)
		return result, nil
	}
	r.inspect(asl.StepResult, s.Result)
	return s.Result, nil
}
