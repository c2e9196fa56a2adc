package intrinsic_test

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/intrinsic"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// recordings calls do with each row of files recorded on AWS, if they are there.
func recordings(t *testing.T, do func(id string, row value.Value), names ...string) {
	for _, name := range names {
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
			do(id, row)
		}
	}
}

// TestRecordedResults evaluates what AWS evaluated: machines of one Pass state, as are all those of the intrinsic functions.
func TestRecordedResults(t *testing.T) {
	count := 0
	recordings(t, func(id string, row value.Value) {
		group, _ := row.Get("group").AsString()
		states := row.Get("definition").Get("States")
		if !strings.HasPrefix(group, "intrinsic.") || strings.HasSuffix(group, "jsonata") || states.Len() != 1 {
			return
		}
		for _, state := range states.Members() {
			count++
			e := newEnv(row.Get("input").String())
			e.context = value.Object(
				value.Field("Execution", value.Object(value.Field("Input", e.input))),
				value.Field("StateMachine", value.Object(value.Field("Name", value.String("x-<ArnPart_0idx>")))),
			)
			got, err := pass(state, e)
			want := row.Get("expected").Get("output")
			if slices.Contains(strings.Split(row.Get("nondeterministic").String(), `"`), "random") {
				want = got
			}
			if err != nil || !got.Equal(want) {
				t.Errorf("%s: got %s, %v; want %s", id, got, err, want)
			}
		}
	}, "corpus/executions.jsonl")
	if count < 60 {
		t.Errorf("only %d recordings", count)
	}
}

// pass runs a Pass state whose Parameters hold calls.
func pass(state value.Value, e *env) (value.Value, error) {
	result := value.EmptyObject
	for name, m := range state.Get("Parameters").Members() {
		text, _ := m.AsString()
		c, err := intrinsic.Parse(text)
		if err != nil {
			return value.Value{}, err
		}
		v, err := c.Eval(e)
		if err != nil {
			return value.Value{}, err
		}
		result = result.With(strings.TrimSuffix(name, ".$"), v)
	}
	if text, ok := state.Get("ResultPath").AsString(); ok {
		var err error
		if result, err = jsonpath.MustParse(text).Set(e.input, result); err != nil {
			return value.Value{}, err
		}
	}
	if text, ok := state.Get("OutputPath").AsString(); ok {
		return jsonpath.MustParse(text).Get(result)
	}
	return result, nil
}

// TestRecordedCalls parses the calls of machines that AWS accepted, and of one that it refused.
func TestRecordedCalls(t *testing.T) {
	count := 0
	recordings(t, func(id string, row value.Value) {
		refused := false
		for _, text := range calls(row.Get("definition")) {
			count++
			_, err := intrinsic.Parse(text)
			if err != nil && row.Get("expected").Get("exception").IsAbsent() {
				t.Errorf("%s: %s: %v", id, text, err)
			}
			refused = refused || err != nil
		}
		if strings.Contains(id, "ILLEGAL_INTRINSIC_FUNCTION") && !refused {
			t.Errorf("%s: no error", id)
		}
	}, "corpus/executions.jsonl", "corpus/validation.jsonl", "wild/machines.jsonl", "wild/ecs.jsonl")
	if count < 150 {
		t.Errorf("only %d calls", count)
	}
}

// calls returns the texts that are calls because of their key.
func calls(v value.Value) (texts []string) {
	for name, m := range v.Members() {
		if name == "Result" { // of a Pass state: never evaluated
			continue
		}
		if text, _ := m.AsString(); strings.HasSuffix(name, ".$") && !strings.HasPrefix(text, "$") && text != "" {
			texts = append(texts, text)
		}
		texts = append(texts, calls(m)...)
	}
	for _, element := range v.Elements() {
		texts = append(texts, calls(element)...)
	}
	return texts
}
