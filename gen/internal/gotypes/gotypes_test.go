package gotypes_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/gen/internal/gotypes"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

const code = `package own

import (
	"encoding/json"
	"time"
)

type Basic struct {
	Text   string
	Count  int32 ` + "`json:\"count\"`" + `
	Ratio  float64 ` + "`json:\"ratio,omitzero\"`" + `
	Yes    *bool
	Maybe  *bool ` + "`json:\",omitempty\"`" + `
	Hidden string ` + "`json:\"-\"`" + `
	quiet  int
}

type Nested struct {
	Basic
	List  []Basic
	Inner struct{ A int }
	Map   map[string]int
	Any   any
	Bytes []byte
	At    time.Time
	Raw   json.RawMessage
	Word  Word
	Own   Own
	Next  *Nested
	Lost  Missing
	Quote int ` + "`json:\"'a,b'\"`" + `
}

type Open struct {
	Text string
	Rest map[string]any ` + "`json:\",embed\"`" + `
}

type Word string

type Own struct{ X int }

func (Own) MarshalText() ([]byte, error) { return nil, nil }

type Generic[T any] struct{ X T }

var Variable = notThere()
`

func load(t *testing.T) *gotypes.Packages {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/own\n\ngo 1.26\n", "own.go": code, "stale.go": "package own\n\nfunc ("} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	generated := map[string]string{filepath.Join(dir, "stale.go"): "own", filepath.Join(dir, "absent.go"): "own"}
	p, err := gotypes.Load(t.Context(), dir, generated, "example.com/own", "example.com/none")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The package does not compile, and a file that is to be generated anew is not even Go: types are what they are.
func TestLookup(t *testing.T) {
	p := load(t)
	const basic = "Text string, count integer, ratio? number, Yes boolean or null, Maybe? boolean"
	for name, want := range map[string]string{
		"Basic": "{" + basic + "}",
		"Nested": "{" + basic + ", List [{" + basic + "}], Inner {A integer}, Map {…}, Any any value, Bytes string, At string, Raw any value, " +
			"Word string, Own string, Next any value, Lost any value, Quote integer}",
		"Word": "string",
		"Open": "{Text string, …}",
	} {
		j, fault, _ := p.Lookup("example.com/own", name)
		if fault != "" {
			t.Errorf("%s %s", name, fault)
			continue
		}
		if got := describe(j); got != want {
			t.Errorf("%s is\n%s, want\n%s", name, got, want)
		}
	}
	j, _, _ := p.Lookup("example.com/own", "Basic")
	place, ok := p.Place(j.Base)
	if !ok || place.File.Position(place.Span.Start).String() == "" || place.File.Text(place.Span) != "Basic" {
		t.Errorf("it is declared at %+v, %v", place, ok)
	}
	if got := p.Name("example.com/own"); got != "own" {
		t.Error(got)
	}
}

func TestFaults(t *testing.T) {
	p := load(t)
	for _, row := range []struct{ path, name, fault, hint string }{
		{"example.com/own", "Basik", "is not declared in package example.com/own", `did you mean "Basic"?`},
		{"example.com/own", "Variable", "is not declared", ""},
		{"example.com/own", "Generic", "has type parameters", "declare a type"},
		{"example.com/none", "X", "cannot be loaded", ""},
	} {
		if _, fault, hint := p.Lookup(row.path, row.name); !strings.HasPrefix(fault, row.fault) || !strings.HasPrefix(hint, row.hint) {
			t.Errorf("%s: %q (%q)", row.name, fault, hint)
		}
	}
}

// describe writes what is known of data.
func describe(j *shape.JSON) string {
	switch {
	case j.Is(shape.ObjectKind):
		var members []string
		for _, f := range j.Fields {
			name := f.Name
			if f.Optional {
				name += "?"
			}
			members = append(members, name+" "+describe(f.JSON))
		}
		if !j.Closed {
			members = append(members, "…")
		}
		return "{" + strings.Join(members, ", ") + "}"
	case j.Is(shape.ArrayKind):
		return "[" + describe(j.Elem) + "]"
	case j.Is(shape.NumberKind) && j.Whole:
		return "integer"
	}
	return strings.NewReplacer("any value", "any value", "an array", "array", "an object", "object", "a ", "").Replace(j.Kinds.String())
}
