package durable

import (
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/recordlog"
)

// A folder whose records have another format is refused.
func TestOtherFormat(t *testing.T) {
	folder := t.TempDir()
	log := recordlog.Open(folder)
	if err := log.Scan(nil); err != nil {
		t.Fatal(err)
	}
	record := append(make([]byte, recordlog.HeadSize), format-1)
	if err := log.Put(record, &recordlog.Place{}).Wait(); err != nil {
		t.Fatal(err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(folder); err == nil || !strings.Contains(err.Error(), "a record has the format 2: this program knows the format 3") {
		t.Error(err)
	}
}
