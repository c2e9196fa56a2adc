package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// defaultEndpoint is where the program that init -engine durable writes serves the API unless it is told otherwise.
const defaultEndpoint = "http://127.0.0.1:8083"

const endpointHelp = `
It asks the Step Functions API of a program that keeps executions, such as the one that init -engine durable writes. The
environment variable API_SECRET is sent as "Authorization: Bearer …", if it is set.
`

// endpoint is the API of a program that keeps executions.
type endpoint struct{ url string }

// endpoint defines the flag that says where the API is.
func (f *flags) endpoint() *endpoint {
	e := &endpoint{}
	f.StringVar(&e.url, "endpoint", cmp.Or(os.Getenv("AWS_ENDPOINT_URL_SFN"), defaultEndpoint), "`URL` of the API; AWS_ENDPOINT_URL_SFN is the default, if it is set")
	return e
}

// call makes a request and stores the answer in out. The error has the name of the API's.
func (e *endpoint) call(ctx context.Context, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "AWSStepFunctions."+operation)
	if secret := os.Getenv("API_SECRET"); secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	data, err := io.ReadAll(w.Body)
	if err != nil {
		return err
	}
	if w.StatusCode != http.StatusOK {
		var refused struct {
			Type    string `json:"__type"`
			Message string `json:"message"`
		}
		if json.Unmarshal(data, &refused) != nil || refused.Type == "" {
			return fmt.Errorf("%s answers %s, so it is no Step Functions API", e.url, w.Status)
		}
		return fmt.Errorf("%s: %s", refused.Type, refused.Message)
	}
	return json.Unmarshal(data, out)
}

// execution is what lists and descriptions say of an execution.
type execution struct {
	ARN        string   `json:"executionArn"`
	MachineARN string   `json:"stateMachineArn"`
	Name       string   `json:"name"`
	Status     string   `json:"status"`
	Start      float64  `json:"startDate"`
	Stop       *float64 `json:"stopDate,omitempty"`
	Output     string   `json:"output,omitempty"`
	Error      string   `json:"error,omitempty"`
	Cause      string   `json:"cause,omitempty"`
}

func (x execution) machine() string { return x.MachineARN[strings.LastIndex(x.MachineARN, ":")+1:] }

func (x execution) since() time.Time { return time.UnixMilli(int64(x.Start * 1000)) }

// machines returns the ARNs of the machines, by their names.
func (e *endpoint) machines(ctx context.Context) (arns map[string]string, err error) {
	arns = map[string]string{}
	for token := ""; ; {
		var page struct {
			StateMachines []struct {
				ARN  string `json:"stateMachineArn"`
				Name string `json:"name"`
			} `json:"stateMachines"`
			NextToken string `json:"nextToken"`
		}
		if err := e.call(ctx, "ListStateMachines", pageOf(nil, token), &page); err != nil {
			return nil, err
		}
		for _, m := range page.StateMachines {
			arns[m.Name] = m.ARN
		}
		if token = page.NextToken; token == "" {
			return arns, nil
		}
	}
}

func pageOf(in map[string]any, token string) map[string]any {
	if in == nil {
		in = map[string]any{}
	}
	if token != "" {
		in["nextToken"] = token
	}
	return in
}

// executions calls f with the executions of a machine that have a status, or all if that is "", the newest first.
func (e *endpoint) executions(ctx context.Context, machine, status string, f func(execution) error) error {
	in := map[string]any{"stateMachineArn": machine}
	if status != "" {
		in["statusFilter"] = status
	}
	for token := ""; ; {
		var page struct {
			Executions []execution `json:"executions"`
			NextToken  string      `json:"nextToken"`
		}
		if err := e.call(ctx, "ListExecutions", pageOf(in, token), &page); err != nil {
			return err
		}
		for _, x := range page.Executions {
			if err := f(x); err != nil {
				return err
			}
		}
		if token = page.NextToken; token == "" {
			return nil
		}
	}
}

// errFound ends the search for an execution.
var errFound = errors.New("found")

// find returns the ARN of an execution that is named by its ARN, as MACHINE/NAME, or by a name that only one has.
func (e *endpoint) find(ctx context.Context, text string) (arn string, err error) {
	if strings.HasPrefix(text, "arn:") {
		return text, nil
	}
	machines, err := e.machines(ctx)
	if err != nil {
		return "", err
	}
	machine, name, both := strings.Cut(text, "/")
	if !both {
		name = text
	}
	var found []string
	for of, machineARN := range machines {
		if both && of != machine {
			continue
		}
		err := e.executions(ctx, machineARN, "", func(x execution) error {
			if x.Name == name {
				found = append(found, x.ARN)
				return errFound
			}
			return nil
		})
		if err != nil && !errors.Is(err, errFound) {
			return "", err
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("there is no execution %q", text)
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%d machines have an execution %q: name it as MACHINE/%s", len(found), name, name)
}

// event is an event of a history, with what a line shows of it.
type event struct {
	ID        int64   `json:"id"`
	Type      string  `json:"type"`
	Timestamp float64 `json:"timestamp"`
	details   map[string]any
	text      json.RawMessage
}

// UnmarshalJSON implements the interface of encoding/json: the details are a member whose name depends on the type.
func (v *event) UnmarshalJSON(data []byte) error {
	type plain event
	if err := json.Unmarshal(data, (*plain)(v)); err != nil {
		return err
	}
	v.text = bytes.Clone(data)
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	for name, member := range members {
		if strings.HasSuffix(name, "EventDetails") {
			return json.Unmarshal(member, &v.details)
		}
	}
	return nil
}

// history returns a page of a history and what leads to the next one.
func (e *endpoint) history(ctx context.Context, arn, token string, reverse bool) (events []event, next string, err error) {
	var page struct {
		Events    []event `json:"events"`
		NextToken string  `json:"nextToken"`
	}
	err = e.call(ctx, "GetExecutionHistory", pageOf(map[string]any{"executionArn": arn, "reverseOrder": reverse, "maxResults": 100}, token), &page)
	return page.Events, page.NextToken, err
}
