package gen

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/parse"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// NotJSON says where a file is not JSON, as it is said of a machine; it returns nil if that is not found.
func NotJSON(file string, text []byte) error {
	var found diag.List
	parse.File(source.New(file, text), &found)
	found.Filter(func(d *diag.Diagnostic) bool {
		return d.Code == diag.BadJSON || d.Code == diag.DuplicateKey || d.Code == diag.TooDeep
	})
	return found.Err()
}

// substitute returns a machine's file with its placeholders replaced, as far as they have values. ok is false if one cannot
// stand where it is to, which is then reported.
func (g *generation) substitute(f *source.File, with *settings) (replaced *source.File, ok bool) {
	ok = true
	for _, p := range source.Placeholders(f.Data) {
		if p.InString && with.documents[p.Name] {
			g.result.Diagnostics.Errorf(f, p.Span, diag.DocumentInString, "the value of ${%s} is %s, which cannot be part of a string", p.Name, documentKind(with.values[p.Name])).
				WithHint("give it as a string, or write the placeholder without quotes")
			ok = false
		}
	}
	return f.Substitute(with.values), ok
}

func documentKind(text string) string {
	if strings.HasPrefix(text, "[") {
		return "an array"
	}
	return "an object"
}

// unusedValues reports values that the call gives for placeholders which no machine has.
func (g *generation) unusedValues() {
	if g.opened < len(g.config.Files) {
		return
	}
	for _, name := range sorted(g.config.Set) {
		if !g.placed[name] {
			g.result.Diagnostics.Errorf(nil, source.Span{}, diag.NoSuchPlaceholder, "a value is given for ${%s}, which no machine has", name).
				WithHint(diag.DidYouMean(name, sorted(g.placed)))
		}
	}
}
