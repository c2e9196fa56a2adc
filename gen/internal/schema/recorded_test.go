package schema_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/r-seed-632eed22/aslgen/gen/internal/check"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/parse"
	"github.com/r-seed-632eed22/aslgen/gen/internal/schema"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape/infer"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

var checkedAs = map[string]check.Type{"STANDARD": check.Standard, "EXPRESS": check.Express}

// What AWS took and gave is valid by the schemas of machines: what was inferred allows what happens.
func TestRecorded(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "corpus", "executions.jsonl"))
	if err != nil {
		t.Skip(err)
	}
	inputs, outputs, known := 0, 0, 0
	for line := range bytes.Lines(data) {
		var row struct {
			ID, Type          string
			Definition, Input json.RawMessage
			Expected          struct {
				Status string
				Output json.RawMessage
			}
			History []json.RawMessage
		}
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		if row.Expected.Status != "SUCCEEDED" {
			continue
		}
		var found diag.List
		f := source.New(row.ID, row.Definition)
		m := parse.File(f, &found)
		if m == nil {
			continue
		}
		if check.Machine(f, m, check.Options{Type: checkedAs[row.Type]}, &found); found.HasErrors() {
			continue
		}
		p := infer.Machine(f, m, infer.Options{}, &found)
		// The records lack events of Parallel states.
		if free := regexp.MustCompile(`"(Catch|Parallel)"`).Match(row.Definition); !free && len(row.History) > 0 && p.Events > len(row.History) {
			t.Errorf("%s: the history has %d events, not at least %d", row.ID, len(row.History), p.Events)
		}
		// A comparison passes by what is of another type, and a catcher what is missing.
		if free := regexp.MustCompile(`"(Choice|Catch)"`).Match(row.Definition); len(row.Input) > 0 && !free {
			inputs++
			if !newValidator(t, schema.Input(p.Input)).document(t, row.Input) {
				t.Errorf("%s: the input %s is not valid", row.ID, row.Input)
			}
		}
		if p.Output == nil || len(row.Expected.Output) == 0 {
			continue
		}
		outputs++
		if v := newValidator(t, schema.Data(p.Output, false)); !v.document(t, row.Expected.Output) {
			t.Errorf("%s: the output %s is not valid", row.ID, row.Expected.Output)
		} else if len(v.root) > 1 {
			known++
		}
	}
	t.Logf("%d inputs and %d outputs are valid; of %d outputs something is known", inputs, outputs, known)
}

func (v *validator) document(t *testing.T, text []byte) bool {
	t.Helper()
	var value any
	// The record has words where the time or chance made a number.
	text = regexp.MustCompile(`:"(time|RandomNumberGenerated)"`).ReplaceAll(text, []byte(":1"))
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return v.valid(v.root, value)
}
