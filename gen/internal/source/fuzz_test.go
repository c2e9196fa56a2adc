package source_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// FuzzPlaceholders holds what finds and replaces placeholders to what must be so of every text and value.
func FuzzPlaceholders(f *testing.F) {
	for _, text := range []string{
		`{"Resource":"${Arn}","TimeoutSeconds":${Seconds},"Comment":"\"${Arn}\\${Other}"}`, `"${"`, `${a}${a}`, `"\`, `${}`, `"${a${b}}"`,
	} {
		f.Add(text, `a "quoted" \ value`)
		f.Add(text, "${Arn}")
		f.Add(text, "")
	}
	f.Fuzz(func(t *testing.T, text, with string) {
		file := source.New("f", []byte(text))
		found := source.Placeholders(file.Data)
		values := map[string]string{}
		for i, p := range found {
			if file.Text(p.Span) != "${"+p.Name+"}" {
				t.Errorf("%+v is at %q", p, file.Text(p.Span))
			}
			if i%2 == 0 {
				values[p.Name] = with
			}
		}
		wantSplit(t, text, found)
		wantSubstituted(t, file, file.Substitute(values), values)
	})
}

// wantSplit checks that the parts and the names give the text again.
func wantSplit(t *testing.T, text string, found []source.Placeholder) {
	t.Helper()
	parts, names := source.Split(text)
	var again strings.Builder
	for i, name := range names {
		again.WriteString(parts[i] + "${" + name + "}")
	}
	if again.WriteString(parts[len(parts)-1]); again.String() != text || len(names) != len(found) || source.HasPlaceholder(text) != (len(names) > 0) {
		t.Errorf("%q is split into %q and %q", text, parts, names)
	}
}

// wantSubstituted checks that what was JSON in quotes still is, and that places stay inside the given text, in order.
func wantSubstituted(t *testing.T, given, file *source.File, values map[string]string) {
	t.Helper()
	if !bytes.Equal(file.Given(), given.Data) {
		t.Errorf("%q is not what was given", file.Given())
	}
	quoted := !slices.ContainsFunc(source.Placeholders(given.Data), func(p source.Placeholder) bool { return !p.InString })
	if was, is := jsontext.Value(given.Data).IsValid(), jsontext.Value(file.Data).IsValid(); quoted && was && !is {
		t.Errorf("%q became %q with %q", given.Data, file.Data, values)
	}
	last := source.Position{}
	for offset := range len(file.Data) {
		p := file.Position(int32(offset))
		if p.Line < last.Line || p.Line == last.Line && p.Column < last.Column {
			t.Fatalf("%q: %v comes after %v", file.Data, p, last)
		}
		last = p
	}
}
