package gen_test

import (
	"bufio"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// realMachines returns machines that somebody wrote, if they lie beside the project, and those of the test cases.
func realMachines(t *testing.T) (texts []string) {
	t.Helper()
	for _, text := range cleanMachines(t) {
		texts = append(texts, text)
	}
	for _, name := range []string{"wild/machines.jsonl", "wild/ecs.jsonl", "corpus/executions.jsonl"} {
		file, err := os.Open(filepath.Join("..", "..", "shared", filepath.FromSlash(name)))
		if err != nil {
			continue
		}
		defer file.Close()
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			var row struct {
				Definition jsontext.Value `json:"definition"`
			}
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, string(row.Definition))
		}
	}
	return texts
}

// Every machine has a policy, and no change from itself; what changes to another one can be said of any two.
func TestEveryMachine(t *testing.T) {
	texts := realMachines(t)
	for i, text := range texts {
		files := fstest.MapFS{"old.asl.json": {Data: []byte(text)}, "new.asl.json": {Data: []byte(texts[(i+1)%len(texts)])}}
		for _, worker := range []bool{false, true} {
			policy, found, err := gen.Permissions(t.Context(), files, gen.Config{Files: []string{"old.asl.json"}}, gen.PermissionOptions{Worker: worker})
			if err != nil || !found.HasErrors() && !jsontext.Value(policy).IsValid() {
				t.Errorf("%v: %s\n%.200s", err, policy, text)
			}
		}
		if changes, _, err := gen.Breaking(t.Context(), files, gen.Config{}, gen.Versions{Old: "old.asl.json", New: "old.asl.json"}); err != nil || len(changes) > 0 {
			t.Errorf("%v: from itself: %v\n%.200s", err, changes, text)
		}
		if _, _, err := gen.Breaking(t.Context(), files, gen.Config{}, gen.Versions{Old: "old.asl.json", New: "new.asl.json"}); err != nil {
			t.Error(err)
		}
	}
}
