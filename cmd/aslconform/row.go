package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// row is a recorded execution: a line of a file.
type row struct {
	ID               string        `json:"id"`
	Group            string        `json:"group"`
	Type             string        `json:"type"` // STANDARD or EXPRESS
	QueryLanguage    string        `json:"queryLanguage"`
	Trust            string        `json:"trust"`
	Definition       value.Value   `json:"definition"`
	Input            value.Value   `json:"input"`
	Mocks            []mock        `json:"mocks"`
	Expected         value.Value   `json:"expected"`
	History          []value.Value `json:"history"`
	AWSValidated     string        `json:"awsValidated"` // when it was recorded
	Nondeterministic []string      `json:"nondeterministic"`
	Fixtures         struct {
		S3 []runner.Object `json:"s3"`
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

func readRows(names []string) (rows []*row, err error) {
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for decoder := jsontext.NewDecoder(bytes.NewReader(text)); ; {
			r := &row{}
			if err := json.UnmarshalDecode(decoder, r); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			rows = append(rows, r)
		}
	}
	return rows, nil
}

// maskedActivity is what the recorder put in place of an activity's ARN, and ours for it.
const (
	maskedActivity = `"activity_arn"`
	activityARN    = `"arn:aws:states:us-east-1:111111111111:activity:activity_arn"`
)

// definition returns the machine as it can be compiled.
func (r *row) definition() []byte {
	return []byte(strings.ReplaceAll(r.Definition.String(), `"Resource":`+maskedActivity, `"Resource":`+activityARN))
}

// spec returns how to run the row.
func (r *row) spec() runner.Spec {
	s := runner.Spec{ID: r.ID, Machine: r.ID, Input: r.Input, Objects: r.Fixtures.S3}
	for _, m := range r.Mocks {
		states := m.StateCandidates
		if m.State != "" {
			states = []string{m.State}
		}
		s.Mocks = append(s.Mocks, runner.Mock{
			States: states, Kind: m.Outcome.Kind, Output: m.Outcome.Output, Error: m.Outcome.Error, Cause: causeText(m.Outcome.Cause),
			Submitted: m.SubmittedOutput,
		})
	}
	if status, _ := r.Expected.Get("status").AsString(); status == "ABORTED" {
		s.StopAfter = 1
	}
	return s
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
