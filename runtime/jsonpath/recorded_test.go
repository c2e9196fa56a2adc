package jsonpath_test

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// TestRecordedPaths parses the paths of machines that AWS accepted.
func TestRecordedPaths(t *testing.T) {
	count := 0
	for _, name := range []string{"corpus/executions.jsonl", "wild/machines.jsonl", "wild/ecs.jsonl"} {
		data, err := os.ReadFile(filepath.Join("../../../shared", name))
		if os.IsNotExist(err) {
			t.Skipf("no recordings: %v", err)
		}
		lines := bufio.NewScanner(bytes.NewReader(data))
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			row, err := value.Parse(lines.Bytes())
			if err != nil {
				continue // a recording with a name twice
			}
			id, _ := row.Get("id").AsString()
			count += parsePaths(t, id, row.Get("definition"))
		}
	}
	if count < 500 {
		t.Errorf("only %d paths", count)
	}
}

func parsePaths(t *testing.T, id string, v value.Value) (count int) {
	for name, m := range v.Members() {
		count += parsePaths(t, id, m)
		text, _ := m.AsString()
		if !strings.HasPrefix(text, "$") || !strings.HasSuffix(name, ".$") && !strings.HasSuffix(name, "Path") {
			continue
		}
		count++
		parse := jsonpath.Parse
		if name == "ResultPath" || name == "ItemsPath" || strings.HasSuffix(name, "SecondsPath") {
			parse = jsonpath.ParseReference
		}
		if _, err := parse(text); err != nil {
			t.Errorf("%s: %s: %s: %v", id, name, text, err)
		}
	}
	for _, element := range v.Elements() {
		count += parsePaths(t, id, element)
	}
	return count
}
