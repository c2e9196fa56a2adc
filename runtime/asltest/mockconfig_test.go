package asltest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asltest"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
)

// config has a test case for each form that a file has.
const config = `{
  "StateMachines": {
    "Calls": {"TestCases": {
      "Happy": {"Call": "Good"},
      "Retried": {"Call": "Busy"},
      "Real": {}
    }}
  },
  "MockedResponses": {
    "Good": {"0-2": {"Return": {"ok": true}}},
    "Busy": {
      "0": {"Throw": {"Error": "Busy", "Cause": "a moment"}},
      "1-2": {"Return": {"ok": false}},
      "3": {"Return": {"ok": false}}
    }
  }
}`

func TestMockConfig(t *testing.T) {
	file := filepath.Join(t.TempDir(), "MockConfigFile.json")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	m := machine(t, memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), "f", function())
	want := map[string]string{
		"Happy": `[{"ok":true},{"ok":true},{"ok":true}]`, "Retried": "Odd", "Real": `[{"ok":true},{"ok":true},{"Error":"Gone","Cause":"for ever"}]`,
	}
	ran := 0
	asltest.MockConfig(t, m, file, func(t *testing.T, c *asltest.MockCase) {
		ran++
		output, err := c.Run(t.Context(), items)
		got := output.String()
		if err != nil {
			got = asl.ErrorOf(err).Name
		}
		if got != want[c.Name] {
			t.Errorf("%s, %v", got, err)
		}
	})
	if ran != len(want) {
		t.Errorf("%d cases have run", ran)
	}
}

// What does not fit is told of before anything runs.
func TestMisfits(t *testing.T) {
	p := machine(t, memory.NewDriven(time.Time{}), "f", function()).Program()
	for _, c := range []struct{ old, new, want string }{
		{`"Calls": {`, `"Call": {`, `StateMachines has no "Calls", only "Call"`},
		{`"Happy": {"Call"`, `"Happy": {"Cal"`, `StateMachines.Calls.TestCases.Happy: the machine has no state "Cal"`},
		{`{"Call": "Good"}`, `{"Call": "God"}`, `StateMachines.Calls.TestCases.Happy.Call: MockedResponses has no "God"`},
		{`"0-2"`, `"2-0"`, `MockedResponses.Good: "2-0" is no attempt, from 0, and no range of them, such as 1-2`},
		{`"1-2"`, `"0-2"`, `MockedResponses.Busy: 0-2: there is another response for attempt 0`},
		{`"1-2"`, `"2"`, `MockedResponses.Busy: there is no response for attempt 1, though there are later ones`},
		{`"Return": {"ok": true}`, `"Retrun": 1`, `MockedResponses.Good: 0-2: it must have a Return or a Throw`},
		{`"Error": "Busy", `, ``, `MockedResponses.Busy: 0: Throw must have an Error, which is a text`},
		{`"Cause": "a moment"`, `"Cause": 1`, `MockedResponses.Busy: 0: the Cause of Throw must be a text`},
	} {
		if _, err := asltest.ReadMockConfig(p, []byte(strings.Replace(config, c.old, c.new, 1))); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v\nnot %s", c.new, err, c.want)
		}
	}
}
