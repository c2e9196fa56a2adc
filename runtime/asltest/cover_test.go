package asltest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asltest"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func TestCover(t *testing.T) {
	file := filepath.Join(t.TempDir(), "profile")
	t.Setenv(asltest.ProfileVariable, file)
	var said bytes.Buffer
	err := asltest.Covered(&said, func() {
		engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
		if _, err := machine(t, engine, "f", function()).Run(t.Context(), value.MustParse(items)); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = "Calls: states 5/6, transitions 3/5, rules 1/2, retriers 1/1, catchers 1/1\n"
	if got, _, _ := bytes.Cut(said.Bytes(), []byte("\t")); string(got) != want {
		t.Errorf("%s", said.String())
	}
	text, err := os.ReadFile(file)
	if err != nil || !bytes.Contains(text, []byte("calls.asl.json:14.23,14.88 1 1\n")) {
		t.Errorf("%s, %v", text, err)
	}
}
