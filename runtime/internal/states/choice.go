package states

import (
	"errors"
	"fmt"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/covered"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Choice goes where the first rule that holds says (R90–R102).
type Choice struct {
	Name          string
	QueryLanguage QueryLanguage
	InputPath     string
	Choices       []Rule
	Default       string
	OutputPath    string
	Output        *query.Template // in a JSONata state, as a rule's
	Assign        *query.Template // evaluated if no rule holds

	inputPath, outputPath query.Path
}

// Rule is a rule of a Choice: And, Or, Not, or a test of Variable. Next is set in the rules of Choices alone.
type Rule struct {
	And, Or []Rule
	Not     *Rule

	Variable string
	Operator Operator
	Value    any    // what Variable is compared with: a string, a number, a boolean, or
	Path     string // where that is found, for the …Path operators

	Condition string // in a JSONata state: true, false or an expression

	Next   string
	Output *query.Template // in a JSONata state
	Assign *query.Template

	location, field   string // in the state, and with a slash behind it
	variable, operand query.Path
	literal           value.Value
	at                time.Time // the literal of a Timestamp operator
	test              test
	condition         *query.Query
}

// Operator is a comparison of the language, such as StringEquals or NumericLessThanPath (R94).
type Operator string

func (s *Choice) name() string { return s.Name }
func (s *Choice) kind() string { return "Choice" }

func (s *Choice) language() QueryLanguage { return s.QueryLanguage }

func (s *Choice) prepare() error {
	var faults [4]error
	s.inputPath, faults[0] = query.ParsePath("InputPath", s.InputPath)
	s.outputPath, faults[1] = query.ParsePath("OutputPath", s.OutputPath)
	faults[2] = prepareRules(s.Choices, "Choices")
	faults[3] = prepareTemplates(s.Output, s.Assign)
	return errors.Join(faults[:]...)
}

// prepareRules prepares the rules that stand at a location in the state.
func prepareRules(rules []Rule, at string) error {
	var faults []error
	for i := range rules {
		rules[i].location = fmt.Sprintf("%s[%d]", at, i)
		rules[i].field = rules[i].location + "/"
		faults = append(faults, rules[i].prepare())
	}
	return errors.Join(faults...)
}

func (t *Rule) prepare() (err error) {
	if err := prepareTemplates(t.Output, t.Assign); err != nil {
		return err
	}
	switch {
	case query.IsQuery(t.Condition):
		t.condition, err = query.ParseQuery(t.Condition)
		return err
	case t.Condition != "":
		return nil
	case t.And != nil:
		return prepareRules(t.And, t.location+"/And")
	case t.Or != nil:
		return prepareRules(t.Or, t.location+"/Or")
	case t.Not != nil:
		t.Not.location = t.location + "/Not"
		return t.Not.prepare()
	}
	if t.variable, err = query.ParsePath("Variable", t.Variable); err != nil {
		return err
	}
	var ok bool
	if t.test, ok = testOf(t.Operator); !ok {
		return fmt.Errorf("there is no operator %s", t.Operator)
	}
	if t.Path != "" {
		t.operand, err = query.ParsePath(string(t.Operator), t.Path)
		return err
	}
	if t.literal, err = awsshape.Document(t.Value); err == nil && t.test.family == timestamps {
		if t.at, ok = t.literal.AsTimestamp(); !ok {
			err = fmt.Errorf("%s: %s is not a timestamp", t.Operator, t.literal)
		}
	}
	return err
}

func (s *Choice) run(r *run, input value.Value) (value.Value, string, error) {
	effective, err := r.effective(s.inputPath, input)
	if err != nil {
		return effective, "", err
	}
	next, makeOutput, assign, of := s.Default, s.Output, s.Assign, ""
	part, index := covered.Default, 0
	for i := range s.Choices {
		holds, err := s.Choices[i].holds(r, i, effective)
		if err != nil {
			return effective, "", err
		}
		if holds {
			next, makeOutput, assign = s.Choices[i].Next, s.Choices[i].Output, s.Choices[i].Assign
			of = s.Choices[i].field
			part, index = covered.Rule, i
			break
		}
	}
	if next == "" { // X2
		return effective, "", r.fault("", "Failed to transition out of the state. The state does not point to a next state.")
	}
	r.tell(part, index)
	if r.jsonata {
		output, err := r.output(of, assign, makeOutput, input)
		return output, next, err
	}
	if err := r.assign(of, assign, effective); err != nil {
		return effective, "", err
	}
	output, err := r.apply(s.outputPath, effective)
	return output, next, err
}

// holds evaluates a rule, of the number; And and Or look no further than they must (R91).
func (t *Rule) holds(r *run, number int, input value.Value) (bool, error) {
	switch {
	case t.condition != nil:
		v, err := r.evaluate(t.condition, fmt.Sprintf("Choices[%d]/Condition", number), value.BoolKind)
		holds, _ := v.AsBool()
		return holds, err
	case t.Condition != "":
		return t.Condition == "true", nil
	case t.And != nil:
		for i := range t.And {
			if ok, err := t.And[i].holds(r, number, input); err != nil || !ok {
				return false, err
			}
		}
		return true, nil
	case t.Or != nil:
		for i := range t.Or {
			if ok, err := t.Or[i].holds(r, number, input); err != nil || ok {
				return ok, err
			}
		}
		return false, nil
	case t.Not != nil:
		ok, err := t.Not.holds(r, number, input)
		return !ok, err
	}
	return t.compare(r, input)
}

func (t *Rule) compare(r *run, input value.Value) (bool, error) {
	v, err := t.variable.Value(r.scope(input))
	if t.test.family == presence {
		want, _ := t.literal.AsBool()
		return (err == nil) == want, nil
	}
	if err != nil {
		return false, r.fault(t.location+"/Variable", fmt.Sprintf("Invalid path '%s': The choice state's condition path references an invalid value.", t.Variable))
	}
	operand := t.literal
	if t.Path != "" {
		if operand, err = t.operand.Value(r.scope(input)); err != nil {
			return false, r.fault(t.location+"/"+string(t.Operator), fmt.Sprintf("Invalid path '%s': The choice state's condition path references an invalid value.", t.Path))
		}
	}
	return t.test.holds(v, operand, t.at), nil
}
