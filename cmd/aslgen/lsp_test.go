package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sourcegraph/jsonrpc2"
)

// client is an editor, with what it was told of each document.
type client struct {
	testing.TB
	*jsonrpc2.Conn
	told chan published
}

type published struct {
	URI         string
	Diagnostics []lspDiagnostic
}

// newClient returns an editor that a server serves, which it has greeted.
func newClient(t testing.TB, encodings ...string) *client {
	t.Helper()
	here, there := net.Pipe()
	served := make(chan error, 1)
	go func() { served <- serveLSP(context.Background(), there) }()
	c := &client{TB: t, told: make(chan published, 100)}
	c.Conn = jsonrpc2.NewConn(context.Background(), jsonrpc2.NewBufferedStream(here, jsonrpc2.VSCodeObjectCodec{}), jsonrpc2.HandlerWithError(
		func(_ context.Context, _ *jsonrpc2.Conn, r *jsonrpc2.Request) (any, error) {
			var p published
			if err := json.Unmarshal(*r.Params, &p); err != nil {
				return nil, err
			}
			c.told <- p
			return nil, nil
		}))
	c.ask("initialize", map[string]any{"capabilities": map[string]any{"general": map[string]any{"positionEncodings": encodings}}}, nil)
	t.Cleanup(func() {
		c.ask("shutdown", nil, nil)
		c.tell("exit", nil)
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return c
}

func (c *client) ask(method string, params, answer any) {
	c.Helper()
	if err := c.Call(context.Background(), method, params, answer); err != nil {
		c.Fatalf("%s: %v", method, err)
	}
}

func (c *client) tell(method string, params any) {
	c.Helper()
	if err := c.Notify(context.Background(), method, params); err != nil {
		c.Fatal(err)
	}
}

// open has the server know a file, and returns its URI and what is found in it.
func (c *client) open(name, text string) (uri string, found []lspDiagnostic) {
	c.Helper()
	uri = "file://" + filepath.ToSlash(name)
	c.tell("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": uri, "text": text}})
	return uri, (<-c.told).Diagnostics
}

// where returns the parameters for the place behind a part of a text.
func where(uri, text, part string) map[string]any {
	before := text[:strings.Index(text, part)+len(part)]
	line := strings.Count(before, "\n")
	return map[string]any{"textDocument": map[string]any{"uri": uri}, "position": lspPosition{line, len(before) - strings.LastIndexByte(before, '\n') - 1}}
}

// part returns what a range of a text has.
func part(text string, r lspRange) string {
	lines := strings.Split(text, "\n")
	if r.Start.Line != r.End.Line {
		return lines[r.Start.Line][r.Start.Character:] + "…"
	}
	return lines[r.Start.Line][r.Start.Character:r.End.Character]
}

const editedJSON = `{"StartAt": "Make", "States": {
  "Make": {"Type": "Pass", "Parameters": {"size": 1, "name": "n"}, "Next": "Put it"},
  "Put it": {
    "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem",
    "Parameters": {
      "TableName.$": "$.name",
      "ReturnValues": "NONE",
      "Item": {"id": {"S.$": "$.name"}}
    },
    "Retry": [{"ErrorEquals": ["DynamoDB.X"]}],
    "Next": "Dne"
  },
  "Done": {"Type": "Succeed"}
}}
`

const editedYAML = `StartAt: Make
States:
  Make: {Type: Pass, Parameters: {size: 1, name: n}, Next: Put it}
  Put it:
    Type: Task
    Resource: arn:aws:states:::dynamodb:putItem
    Parameters:
      TableName.$: $.name
      ReturnValues: NONE
      Item: {id: {S.$: $.name}}
    Retry: [{ErrorEquals: [DynamoDB.X]}]
    Next: Dne
  Done: {Type: Succeed}
`

func TestLSP(t *testing.T) {
	for name, text := range map[string]string{"job.asl.json": editedJSON, "job.asl.yaml": editedYAML} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, "utf-8")
			folder := t.TempDir()
			uri, found := c.open(filepath.Join(folder, name), text)
			if !slices.ContainsFunc(found, func(d lspDiagnostic) bool {
				return d.Code == "ASL0203" && d.Severity == 1 && strings.Trim(part(text, d.Range), `"`) == "Dne" && d.Message == "Next names \"Dne\", which is not a state\ndid you mean \"Done\"?"
			}) {
				t.Errorf("found %+v", found)
			}

			// The hint is applied: the document is sound then.
			var actions []struct {
				Title string
				Edit  struct{ Changes map[string][]textEdit }
			}
			at := where(uri, text, "Dne")["position"].(lspPosition)
			c.ask("textDocument/codeAction", map[string]any{"textDocument": map[string]any{"uri": uri}, "range": lspRange{at, at}}, &actions)
			if len(actions) != 1 || actions[0].Title != "Write Done" || part(text, actions[0].Edit.Changes[uri][0].Range) != "Dne" {
				t.Fatalf("actions %+v", actions)
			}
			text := strings.Replace(text, "Dne", "Done", 1)
			c.tell("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": uri}, "contentChanges": []any{map[string]any{"text": text}}})
			if found := (<-c.told).Diagnostics; slices.ContainsFunc(found, func(d lspDiagnostic) bool { return d.Severity == 1 }) {
				t.Errorf("found %+v", found)
			}

			var l location
			c.ask("textDocument/definition", where(uri, text, "Put"), &l)
			if part(text, l.Range) != "Put it" || l.Range.Start.Line == 0 {
				t.Errorf("definition %+v", l)
			}
			var edits struct{ Changes map[string][]textEdit }
			rename := where(uri, text, "Put")
			rename["newName"] = "Save"
			c.ask("textDocument/rename", rename, &edits)
			if all := edits.Changes[uri]; len(all) != 2 || part(text, all[0].Range) != "Put it" || part(text, all[1].Range) != "Put it" || all[0].NewText != "Save" {
				t.Errorf("rename %+v", edits)
			}
			var hover struct{ Contents struct{ Value string } }
			c.ask("textDocument/hover", where(uri, text, "$.na"), &hover)
			if hover.Contents.Value != "`$.name` is \"n\"" {
				t.Errorf("hover %q", hover.Contents.Value)
			}
			c.ask("textDocument/hover", where(uri, text, "dynamodb:"), &hover)
			if !strings.Contains(hover.Contents.Value, "Given  the parameters of PutItem, which needs Item, TableName") {
				t.Errorf("hover %q", hover.Contents.Value)
			}
			var symbols []struct {
				Name   string
				Detail string
			}
			c.ask("textDocument/documentSymbol", where(uri, text, "Put"), &symbols)
			if fmt.Sprint(symbols) != "[{Make Pass} {Put it Task} {Done Succeed}]" {
				t.Errorf("symbols %v", symbols)
			}
			for before, want := range map[string]string{
				"Next\": \"": "Make Put it Done", "Next: ": "Make Put it Done", "ReturnValues\": \"": "NONE ALL_OLD", "ReturnValues: ": "NONE ALL_OLD",
				"ErrorEquals\": [\"": "DynamoDB", "ErrorEquals: [": "States.ALL", "Type\": \"T": "Task Wait", "Type: T": "Task Wait",
			} {
				if !strings.Contains(text, before) {
					continue
				}
				c.completes(t, where(uri, text, before), want)
			}
			c.completes(t, where(uri, text, strings.Split(text, "TableName")[0]+"Ta"), "TableName ReturnValues ConditionExpression")
			c.tell("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": uri}})
			if p := <-c.told; len(p.Diagnostics) > 0 {
				t.Error(p)
			}
		})
	}
}

// completes holds the words that may come at a place to be some of those wanted.
func (c *client) completes(t *testing.T, at map[string]any, want string) {
	t.Helper()
	var all []struct{ Label string }
	c.ask("textDocument/completion", at, &all)
	var labels []string
	for _, c := range all {
		labels = append(labels, c.Label)
	}
	for _, word := range strings.Fields(want) {
		if !slices.ContainsFunc(labels, func(l string) bool { return strings.Contains(l, word) }) {
			t.Errorf("at %v: %q, without %s", at["position"], labels, word)
		}
	}
}

// A document that is being typed keeps what was known of it, and positions may be counted in UTF-16.
func TestLSPUnsound(t *testing.T) {
	c := newClient(t)
	folder := t.TempDir()
	const sound = "{\"StartAt\": \"😀 A\", \"States\": {\n\"😀 A\": {\"Type\": \"Pass\", \"Next\": \"B\"},\n\"B\": {\"Type\": \"Succeed\"}}}"
	uri, found := c.open(filepath.Join(folder, "a.asl.json"), sound)
	if len(found) > 0 {
		t.Error(found)
	}
	text := strings.Replace(sound, `"Next": "B"}`, `"Next": "`, 1)
	c.tell("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": uri}, "contentChanges": []any{map[string]any{"text": text}}})
	if found := (<-c.told).Diagnostics; len(found) == 0 || !strings.HasPrefix(found[0].Code, "ASL01") {
		t.Error(found)
	}
	c.completes(t, map[string]any{"textDocument": map[string]any{"uri": uri}, "position": lspPosition{1, 32}}, "A B")
	var symbols []struct{ SelectionRange lspRange }
	c.ask("textDocument/documentSymbol", where(uri, text, "A"), &symbols)
	if r := symbols[0].SelectionRange; r != (lspRange{lspPosition{1, 1}, lspPosition{1, 5}}) {
		t.Errorf("the name is at %+v", r)
	}
	if err := c.Call(t.Context(), "textDocument/hover", where("file:///nowhere", "a", "a"), nil); err == nil || !strings.Contains(err.Error(), "is not open") {
		t.Error(err)
	}
	if err := c.Call(t.Context(), "textDocument/nothing", nil, nil); err == nil || !strings.Contains(err.Error(), "there is no method") {
		t.Error(err)
	}
}

// A state leads to its constant in the generated code.
func TestLSPGenerated(t *testing.T) {
	c := newClient(t, "utf-8")
	name, err := filepath.Abs("../../example/ecsjobs/run_job.asl.json")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	uri, _ := c.open(name, string(text))
	var l location
	c.ask("textDocument/definition", where(uri, string(text), "\n   \"Run an"), &l)
	if !strings.HasSuffix(l.URI, "example/ecsjobs/run_job_asl.go") || l.Range.Start.Line < 20 {
		t.Errorf("%+v", l)
	}
}

// BenchmarkLSP types a letter into a machine of 1,000 states.
func BenchmarkLSP(b *testing.B) {
	var states []string
	for i := range 1000 {
		states = append(states, fmt.Sprintf(`"State %d": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "t", "Item": {"id": {"S.$": "$.id"}}},
			"Comment": "%s", "ResultPath": null, "Next": "State %d"}`, i, strings.Repeat("x", 800), i+1))
	}
	text := `{"StartAt": "State 0", "States": {` + strings.Join(states, ",\n") + `, "State 1000": {"Type": "Succeed"}}}`
	c := newClient(b, "utf-8")
	uri, _ := c.open(filepath.Join(b.TempDir(), "a.asl.json"), text)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		c.tell("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": uri}, "contentChanges": []any{map[string]any{"text": text}}})
		<-c.told
	}
}

// A machine in JSON is formatted as a whole; YAML and what cannot be read stay.
func TestLSPFormatting(t *testing.T) {
	c := newClient(t)
	for name, want := range map[string]string{
		"a.asl.json": "{\n  \"StartAt\": \"Ä\",\n  \"States\": {}\n}\n",
		"a.asl.yaml": "",
		"b.asl.json": "",
	} {
		text := map[string]string{"a.asl.json": "{\"States\": {},\n\"StartAt\": \"Ä\"}", "a.asl.yaml": "States: {}\n", "b.asl.json": "{"}[name]
		uri, _ := c.open(filepath.Join(t.TempDir(), name), text)
		var edits []textEdit
		c.ask("textDocument/formatting", where(uri, text, ""), &edits)
		switch {
		case want == "" && len(edits) == 0:
		case len(edits) != 1 || edits[0].NewText != want || edits[0].Range.End != lspPosition{1, 15}:
			t.Errorf("%s: %+v", name, edits)
		}
	}
}
