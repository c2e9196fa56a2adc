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

// TestCases runs the executions of testdata as workflows of the test environment, as they are and continued as new between all states: they go
// as in memory.
func TestCases(t *testing.T) {
	for name, of := range map[string][]Option{"whole": nil, "continued": {WithContinueAfter(0)}} {
		t.Run(name, func(t *testing.T) {
			runs := 0
			cases.RunOn(t, filepath.Join("..", ".."), func(t *testing.T, s *runner.Spec) runner.Result {
				e := newSim(t, runner.Start, append([]Option{WithRegion("us-east-1", "111111111111")}, of...)...)
				e.stopAfter = time.Duration(s.StopAfter) * time.Second
				r := runner.On(s, e, activity.ErrResultPending)
				runs += e.runs
				return r
			})
			t.Logf("%d workflows", runs)
		})
	}
}
