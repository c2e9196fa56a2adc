package services

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// wild are machines that others have published, where they lie beside the module.
const wild = "../../../shared/wild"

// wildMachines returns the machines of a file, by their names; none if they are not there.
func wildMachines(t *testing.T, name string) map[string][]byte {
	t.Helper()
	f, err := os.Open(filepath.Join(wild, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all := map[string][]byte{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var m struct {
			ID         string          `json:"id"`
			Definition json.RawMessage `json:"definition"`
		}
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		all[m.ID] = m.Definition
	}
	return all
}

// Most tasks of real machines are wired to a client of the AWS SDK, with its types.
func TestWild(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	tasks, wired, unwired := 0, 0, map[string]int{}
	for _, file := range []string{"machines.jsonl", "ecs.jsonl"} {
		for id, definition := range wildMachines(t, file) {
			files := fstest.MapFS{"machine.asl.json": {Data: definition}}
			m, err := gen.Describe(t.Context(), files, gen.Config{
				Files: []string{"machine.asl.json"}, Package: "services", Machine: "Wild", Output: filepath.Join(here, "wild_asl.go"),
			})
			if err != nil {
				t.Logf("%s: %v", id, err)
				continue
			}
			for _, task := range m.Tasks {
				if task.Effect == "Objects" {
					continue
				}
				if tasks++; task.Wired {
					wired++
				} else {
					unwired[service(task.Resource)]++
				}
			}
		}
	}
	if tasks == 0 {
		t.Skip("the machines that others have published are not there")
	}
	share := float64(wired) / float64(tasks)
	t.Logf("%d of %d Task states are wired (%.1f %%); not: %s", wired, tasks, 100*share, fmt.Sprint(unwired))
	if share < 0.84 {
		t.Errorf("%.1f %% of the Task states are wired, fewer than 84", 100*share)
	}
}

// service is what a Resource ends in, without the action.
func service(resource string) string {
	parts := strings.Split(resource, ":")
	if len(parts) > 6 && parts[5] != "" {
		return strings.Join(parts[5:len(parts)-1], ":") + ":" + parts[len(parts)-1]
	}
	return resource
}
