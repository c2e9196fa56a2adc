package batch_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// realMachine is a line of a file of real machines.
type realMachine struct {
	ID             string      `json:"id"`
	Type           string      `json:"type"`
	QueryLanguage  string      `json:"queryLanguage"`
	Definition     value.Value `json:"definition"`
	DefinitionText *string     `json:"definitionText"`
	Expected       struct {
		Result string `json:"result"` // of a validation
	} `json:"expected"`
}

func (m *realMachine) text() []byte {
	if m.DefinitionText != nil {
		return []byte(*m.DefinitionText)
	}
	// The recorder put the word activity_arn in the place of an ARN.
	return bytes.ReplaceAll([]byte(m.Definition.String()), []byte(`"activity_arn"`), []byte(`"arn:aws:states:us-east-1:111111111111:activity:a"`))
}

// realMachines reads a file beside the module, and skips the test where there is none.
func realMachines(t *testing.T, name string) (all []*realMachine) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "..", "shared", filepath.FromSlash(name)))
	if err != nil {
		t.Skipf("no real machines here: %v", err)
	}
	for decoder := jsontext.NewDecoder(bytes.NewReader(text)); ; {
		m := new(realMachine)
		if err := json.UnmarshalDecode(decoder, m); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if m.DefinitionText != nil || !m.Definition.IsAbsent() && !m.Definition.IsNull() {
			all = append(all, m)
		}
	}
}

// refusedOf builds all machines into one program and returns the codes for which some were refused, by their ids.
func refusedOf(t *testing.T, all []*realMachine) map[string][]string {
	t.Helper()
	if testing.Short() {
		t.Skip("it builds many machines")
	}
	var machines []batch.Machine
	for _, m := range all {
		machines = append(machines, batch.Machine{ID: m.ID, Definition: m.text(), Express: m.Type == "EXPRESS"})
	}
	p, err := batch.Build(t.Context(), machines)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	codes := map[string][]string{}
	for id, err := range p.Refused {
		t.Logf("%s: %v", id, err)
		found := code.FindAllString(err.Error(), -1)
		if len(found) == 0 {
			found = []string{err.Error()} // of the Go compiler
		}
		slices.Sort(found)
		codes[id] = slices.Compact(found)
	}
	t.Logf("%d of %d machines are built", len(machines)-len(p.Refused), len(machines))
	return codes
}

var code = regexp.MustCompile(`ASL0[0-9]{3}`)

// defects are what is really wrong with some of the real machines: the codes, with the reason.
var defects = map[string][]string{
	"order-fulfilment-md": {"ASL0202"},            // IAMRolePath is no field of the language
	"slurm-sweeps":        {"ASL0313", "ASL0314"}, // two RunTasks have no TaskDefinition, but a Command, which is an override's
}

// TestWild builds real machines, but for those with defects.
func TestWild(t *testing.T) {
	for _, name := range []string{"wild/machines.jsonl", "wild/ecs.jsonl"} {
		t.Run(name, func(t *testing.T) {
			all := realMachines(t, name)
			refused := refusedOf(t, all)
			for _, m := range all {
				if want := defects[m.ID]; !slices.Equal(refused[m.ID], want) {
					t.Errorf("%s: refused for %q, want %q", m.ID, refused[m.ID], want)
				}
			}
		})
	}
}

// TestExecuted builds what AWS ran.
func TestExecuted(t *testing.T) {
	seen, all := map[string]bool{}, []*realMachine(nil)
	for _, m := range realMachines(t, "corpus/executions.jsonl") {
		if text := string(m.text()); !seen[text+m.Type] {
			seen[text+m.Type], all = true, append(all, m)
		}
	}
	for id, codes := range refusedOf(t, all) {
		t.Errorf("%s: refused for %q", id, codes)
	}
}

// TestValidated wants what AWS refused to be refused, and what it accepted to be built.
func TestValidated(t *testing.T) {
	all := realMachines(t, "corpus/validation.jsonl")
	refused := refusedOf(t, all)
	for _, m := range all {
		if bad := m.Expected.Result != "OK"; bad != (refused[m.ID] != nil) {
			t.Errorf("%s: refused for %q, want refused %t", m.ID, refused[m.ID], bad)
		}
	}
}
