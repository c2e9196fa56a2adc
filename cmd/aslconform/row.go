package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// header is what rows of all kinds have.
type header struct {
	ID            string `json:"id"`
	Group         string `json:"group"`
	QueryLanguage string `json:"queryLanguage"`
	Trust         string `json:"trust"`
}

// row is a recorded execution: a line of a file.
type row struct {
	header           `json:",inline"`
	Type             string        `json:"type"` // STANDARD or EXPRESS
	Definition       value.Value   `json:"definition"`
	Input            value.Value   `json:"input"`
	Mocks            []mock        `json:"mocks"`
	Expected         value.Value   `json:"expected"`
	History          []value.Value `json:"history"`
	AWSValidated     string        `json:"awsValidated"` // when it was recorded
	Nondeterministic []string      `json:"nondeterministic"`
	Placeholders     []string      `json:"placeholders"`
	Fixtures         struct {
		S3     []runner.Object `json:"s3"`
		Lambda []struct {
			Name    string `json:"name"`
			Handler string `json:"handler"`
		} `json:"lambda"`
	} `json:"fixtures"`
}

// mock is a recorded call of a task.
type mock struct {
	State           string      `json:"state"`
	StateCandidates []string    `json:"stateCandidates"`
	Parameters      value.Value `json:"parameters"`
	Input           value.Value `json:"input"`
	SubmittedOutput value.Value `json:"submittedOutput"`
	Outcome         struct {
		Kind        string      `json:"kind"`
		Output      value.Value `json:"output"`
		Error       *string     `json:"error"`
		Cause       value.Value `json:"cause"`
		CauseIsJSON bool        `json:"causeIsJson"`
	} `json:"outcome"`
}

// sent is what the call was given, absent if that was not recorded.
func (m *mock) sent() value.Value {
	if !m.Parameters.IsAbsent() {
		return m.Parameters
	}
	return m.Input
}

// rows are the rows of all files, by what they record.
type rows struct {
	executions []*row
	tests      []*testRow
	references []*referenceRow
	answers    []*answerRow
	// validations are definitions and inputs of which it is compared whether they are refused.
	validations []*validationRow
	diagnostics []*diagnosticRow
}

func (r *rows) empty() bool {
	return len(r.executions)+len(r.tests)+len(r.references)+len(r.answers)+len(r.validations)+len(r.diagnostics) == 0
}

// readRows reads the rows that are asked for.
func readRows(o *options) (*rows, error) {
	all := &rows{}
	for _, name := range o.files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for decoder := jsontext.NewDecoder(bytes.NewReader(text)); ; {
			v, err := decoder.ReadValue()
			if errors.Is(err, io.EOF) {
				break
			}
			at := decoder.InputOffset() - int64(len(v))
			if err == nil {
				err = all.add(v, o)
			}
			if err != nil {
				return nil, fault(name, text, at, err)
			}
		}
	}
	return all, nil
}

// fault is an error in a row that begins at an offset of a file, with the place as exact as it is known.
func fault(name string, text []byte, at int64, err error) error {
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		at = max(at, syntax.ByteOffset)
	}
	if meaning, ok := errors.AsType[*json.SemanticError](err); ok {
		at += meaning.ByteOffset
	}
	before := text[:min(int(at), len(text))]
	line, column := 1+bytes.Count(before, []byte("\n")), len(before)-bytes.LastIndexByte(before, '\n')
	return fmt.Errorf("%s:%d:%d: %w", name, line, column, err)
}

// add adds a row if it is asked for.
func (r *rows) add(text jsontext.Value, o *options) error {
	var shape struct {
		header             `json:",inline"`
		Op                 string         `json:"op"`
		VariableReferences jsontext.Value `json:"variableReferences"`
		Evidence           string         `json:"evidence"`
		AWS                struct {
			Status      string         `json:"status"`
			Diagnostics jsontext.Value `json:"diagnostics"`
		} `json:"aws"`
	}
	if err := json.Unmarshal(text, &shape); err != nil {
		return err
	}
	shape.Trust = cmp.Or(shape.Trust, shape.Evidence)
	if !o.takes(shape.header) {
		return nil
	}
	switch {
	case shape.AWS.Diagnostics != nil:
		return read(text, &r.diagnostics)
	case shape.Op == "test_state":
		return read(text, &r.tests)
	case shape.Op != "":
		return read(text, &r.validations)
	case shape.AWS.Status != "":
		return read(text, &r.answers)
	case shape.VariableReferences != nil:
		return read(text, &r.references)
	}
	return read(text, &r.executions)
}

// read adds a row to those of its kind.
func read[T any](text jsontext.Value, to *[]*T) error {
	r := new(T)
	*to = append(*to, r)
	return json.Unmarshal(text, r)
}

// maskedActivity is what the recorder put in place of an activity's ARN, and ours for it.
const (
	maskedActivity = `"activity_arn"`
	activityARN    = `"arn:aws:states:us-east-1:111111111111:activity:activity_arn"`
)

// compilable returns a machine as it can be compiled.
func compilable(definition value.Value) []byte {
	return []byte(strings.ReplaceAll(definition.String(), `"Resource":`+maskedActivity, `"Resource":`+activityARN))
}

func (r *row) machine() batch.Machine {
	return batch.Machine{Definition: compilable(r.Definition), Express: r.Type == "EXPRESS"}
}

// spec returns how to run the row.
func (r *row) spec() (runner.Spec, error) {
	s := runner.Spec{Input: r.Input, Objects: r.Fixtures.S3}
	for _, m := range r.Mocks {
		states := m.StateCandidates
		if m.State != "" {
			states = []string{m.State}
		}
		s.Mocks = append(s.Mocks, runner.Mock{
			States: states, Sent: m.sent(), Kind: m.Outcome.Kind, Output: m.Outcome.Output, Error: m.Outcome.Error, Cause: causeText(m.Outcome.Cause),
			Submitted: m.SubmittedOutput,
		})
	}
	for _, f := range r.Fixtures.Lambda { // calls in children of a DISTRIBUTED Map were not recorded
		if path.Base(f.Handler) == "id_function.py" {
			s.Echoes = append(s.Echoes, f.Name)
		}
	}
	// The recorder shows by the placeholder for the ARN how an Express execution was started.
	s.Synchronous = slices.ContainsFunc(r.Placeholders, func(p string) bool { return strings.HasPrefix(p, "<SyncExecArn") })
	if status, _ := r.Expected.Get("status").AsString(); status == "ABORTED" {
		s.StopAfter = 1
	}
	return s, nil
}

// causeText returns a cause as it was on the wire: text, of JSON where the recorder parsed it.
func causeText(v value.Value) *string {
	if v.IsAbsent() {
		return nil
	}
	text, ok := v.AsString()
	if !ok {
		text = v.String()
	}
	return &text
}
