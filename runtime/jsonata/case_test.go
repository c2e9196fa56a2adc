package jsonata_test

import (
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func TestCase(t *testing.T) {
	for expr, want := range map[string]string{
		`$uppercase("straße ﬀ")`: "STRASSE FF",
		`$uppercase("ᾳ ὖ ᾀ ᾡ")`:  "ΑΙ Υ̓͂ ἈΙ ὩΙ",
		`$lowercase("ΟΔΥΣΣΕΥΣ")`: "οδυσσευς",
		`$lowercase("İI")`:       "i̇i",
	} {
		v, err := jsonata.MustCompile(expr).Eval(nil, value.Value{}, nil)
		if got, _ := v.AsString(); err != nil || got != want {
			t.Errorf("%s: %q (%v), want %q", expr, got, err, want)
		}
	}
}
