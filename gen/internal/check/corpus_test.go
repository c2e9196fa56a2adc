package check_test

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/gen/internal/check"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
)

// row is a line of a file of recorded or collected machines.
type row struct {
	ID             string         `json:"id"`
	Type           string         `json:"type"`
	Definition     jsontext.Value `json:"definition"`
	DefinitionText *string        `json:"definitionText"`
	KnownDefects   []defect       `json:"knownDefects"`
	Expected       struct {
		Result string `json:"result"` // of a validation
	} `json:"expected"`
}

type defect struct {
	Rule string `json:"rule"`
}

func (r *row) options() check.Options {
	if r.Type == "EXPRESS" {
		return check.Options{Type: check.Express}
	}
	return check.Options{}
}

// text returns the definition indented, so that a finding's line says something. The recorder put the word activity_arn in
// the place of an ARN.
func (r *row) text(t *testing.T) []byte {
	if r.DefinitionText != nil {
		return []byte(*r.DefinitionText)
	}
	text := bytes.ReplaceAll(r.Definition.Clone(), []byte(`"activity_arn"`), []byte(`"arn:aws:states:us-east-1:111111111111:activity:a"`))
	v := jsontext.Value(text)
	if err := v.Indent(); err != nil {
		t.Fatalf("%s: %v", r.ID, err)
	}
	return v
}

// rows reads a file beside the project, and skips the test where there is none.
func rows(t *testing.T, name string) (all []*row) {
	path := filepath.Join("..", "..", "..", "..", "shared", filepath.FromSlash(name))
	file, err := os.Open(path)
	if err != nil {
		t.Skipf("no recorded machines here: %v", err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		r := new(row)
		if err := json.Unmarshal(lines.Bytes(), r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// What AWS ran has no error.
func TestExecuted(t *testing.T) {
	for _, name := range []string{"corpus/executions.jsonl", "corpus/variable_references.jsonl"} {
		for _, r := range rows(t, name) {
			if l := findings(r.ID, r.text(t), r.options()); l.HasErrors() {
				t.Errorf("%s", printed(l))
			}
		}
	}
}

// What AWS refused has an error, and what it accepted has none.
func TestValidated(t *testing.T) {
	for _, r := range rows(t, "corpus/validation.jsonl") {
		if len(r.Definition) == 0 {
			continue // no definition but the input of an execution
		}
		refused := r.Expected.Result != "OK"
		if l := findings(r.ID, r.text(t), r.options()); l.HasErrors() != refused {
			t.Errorf("%s: errors %v, want %v\n%s", r.ID, l.HasErrors(), refused, printed(l))
		}
	}
}

// Real machines have only the errors that they are known to have.
func TestWild(t *testing.T) {
	for _, name := range []string{"wild/machines.jsonl", "wild/ecs.jsonl"} {
		for _, r := range rows(t, name) {
			for _, d := range findings(r.ID, r.text(t), check.Options{}).All() {
				known := slices.ContainsFunc(r.KnownDefects, func(k defect) bool { return k.Rule == d.Code.Rule })
				if d.Severity == diag.Error && !known {
					t.Error(d)
				}
			}
		}
	}
}
