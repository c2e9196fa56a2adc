package jsonpath_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

var fuzzSeeds = []string{
	"$", "$$.a", "$x[0]", "$..a[?(@.b == 'x' || !@.c && $.d =~ /x/i)].e", "$['a','b']", "$[1:2,3]", "$.[*].*",
	"$[(@.length-1)]", `$.a\.b`, "$.a.length()", "$[?(@[0]['b','c'] >= -1e3)]", "$[?]", " $.é ", "$[?(((@.a)))]",
	"$[-1:]..*", strings.Repeat("$[?(@", 50),
}

// FuzzParse checks that no text makes the parser or an evaluation panic, and that a path is what its text says.
func FuzzParse(f *testing.F) {
	for _, seed := range fuzzSeeds {
		f.Add(seed)
	}
	root := value.MustParse(document)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := jsonpath.Parse(text)
		var syntax *jsonpath.SyntaxError
		if err != nil {
			if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(text) {
				t.Fatalf("%q: error %v", text, err)
			}
			return
		}
		again := jsonpath.MustParse(p.String())
		got, err := p.Get(root)
		same, errAgain := again.Get(root)
		if again.Definite() != p.Definite() || !got.Equal(same) || (err == nil) != (errAgain == nil) {
			t.Fatalf("%q means something else when it is parsed again", text)
		}
		if err != nil && !errors.As(err, new(*jsonpath.NotFoundError)) {
			t.Fatalf("%q: error %v", text, err)
		}
		if err == nil && !p.Definite() && got.Kind() != value.ArrayKind {
			t.Fatalf("%q is indefinite and gave %s", text, got)
		}
	})
}

// FuzzSet checks that a Reference Path is a Path, and finds again what it stores.
func FuzzSet(f *testing.F) {
	for _, seed := range fuzzSeeds {
		f.Add(seed)
	}
	root, marker := value.MustParse(document), value.String("marker")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := jsonpath.ParseReference(text)
		if err != nil {
			return
		}
		if !reflect.DeepEqual(p, jsonpath.MustParse(text)) {
			t.Fatalf("%q means something else as a Path", text)
		}
		changed, err := p.Set(root, marker)
		if err != nil {
			if !errors.As(err, new(*jsonpath.SetError)) {
				t.Fatalf("%q: error %v", text, err)
			}
			return
		}
		if got, err := p.Get(changed); err != nil || !got.Equal(marker) {
			t.Fatalf("%q stored the marker and found %s, %v", text, got, err)
		}
	})
}
