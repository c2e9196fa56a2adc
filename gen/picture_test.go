package gen_test

import (
	"os"
	"testing"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// The picture in the docs is that of the example.
func TestPicture(t *testing.T) {
	got, found, err := gen.Picture(t.Context(), gen.OS, gen.Config{Files: []string{"../example/orders/order.asl.json"}}, "svg")
	if err != nil || found.HasErrors() {
		t.Fatal(found.Err(), err)
	}
	want, err := os.ReadFile("../docs/order.svg")
	if err != nil || got != string(want) {
		t.Errorf("docs/order.svg is another picture (%v): aslgen graph -format svg example/orders/order.asl.json draws it", err)
	}
}
