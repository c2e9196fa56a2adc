package jsonata_test

import (
	"sync"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// TestConcurrentEval: an expression may be evaluated many times at once, and its document does not change.
func TestConcurrentEval(t *testing.T) {
	e := jsonata.MustCompile(`($r := $replace(text, /(q)u/, "$1"); $f := function($n, $s) {$n = 0 ? $s : $f($n - 1, $s & $r)};
		$t := orders@$o.items@$i{$o.id & "": $f(2, sku)}; $ ~> |orders.items|{"x": $t, "3": qty}, "sku"|)`)
	input := value.MustParse(generatedInput)
	before := input.String()
	want, err := e.Eval(nil, input, nil)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				if got, err := e.Eval(nil, input, nil); err != nil || !got.Equal(want) {
					t.Errorf("got %v (%v), want %v", got, err, want)
				}
			}
		})
	}
	group.Wait()
	if input.String() != before {
		t.Error("the document has changed")
	}
}
