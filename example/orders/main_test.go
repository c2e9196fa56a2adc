package orders

import (
	"os"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/asltest"
)

// TestMain says how much of the machine the tests run.
func TestMain(m *testing.M) { os.Exit(asltest.Cover(m)) }
