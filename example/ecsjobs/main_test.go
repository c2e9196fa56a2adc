package ecsjobs

import (
	"os"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/asltest"
)

// TestMain says how much of the machines the tests run.
func TestMain(m *testing.M) { os.Exit(asltest.Cover(m)) }
