package temporal

import (
	"path/filepath"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/r-seed-632eed22/aslgen/internal/cases"
	_ "github.com/r-seed-632eed22/aslgen/internal/cases/compiled"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
)

// simulate runs an execution on the test environment, and returns in how many workflows.
func simulate(s *runner.Spec, of ...Option) (r runner.Result, runs int) {
	e := newSim(runner.Start, append([]Option{WithRegion("us-east-1", "111111111111")}, of...)...)
	e.stopAfter = time.Duration(s.StopAfter) * time.Second
	r = runner.On(s, e, activity.ErrResultPending)
	return r, e.runs
}

// TestCases runs the executions of testdata as workflows of the test environment, as they are and continued as new between all states: they go
// as in memory.
func TestCases(t *testing.T) {
	for name, of := range map[string][]Option{"whole": nil, "continued": {WithContinueAfter(0)}} {
		t.Run(name, func(t *testing.T) {
			runs := 0
			cases.RunOn(t, filepath.Join("..", ".."), func(t *testing.T, s *runner.Spec) runner.Result {
				r, n := simulate(s, of...)
				runs += n
				return r
			})
			t.Logf("%d workflows", runs)
		})
	}
}
