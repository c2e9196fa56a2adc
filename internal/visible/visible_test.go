package visible_test

import (
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/internal/visible"
)

func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"Größe 日本 → é":           "Größe 日本 → é",
		"a\nb\tc":                `a\nb` + "\tc",
		"\x1b]0;title\a":         `\x1b]0;title\a`,
		"a\u202eb\u2066c":        `a\u202eb\u2066c`,
		"Run\u3164 \uffa0\u115f": `Run\u3164 \uffa0\u115f`,
		"\u2028\u2029\u0085\v":   `\u2028\u2029\u0085\v`,
		"x\ufe0f\U000e0041":      `x\ufe0f\U000e0041`,
		"\u2800":                 `\u2800`,
		"\xff":                   "\ufffd",
	} {
		if got := visible.Escape(text, "\t"); got != want && utf8.ValidString(text) {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"a.json:1:2":          "a.json:1:2",
		"\t::set-output x::y": "\t\\::set-output x::y",
		"##vso[task]":         `\##vso[task]`,
		"a\n::error::b":       `a\n::error::b`,
	} {
		if got := visible.Line(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestQuote(t *testing.T) {
	for _, text := range []string{"", "a\u3164\"\\`\n\u202e\x00\U000e0100", "\xff"} {
		quoted := visible.Quote(text)
		if back, err := strconv.Unquote(quoted); err != nil || back != text {
			t.Errorf("%s is %q: %v", quoted, back, err)
		}
	}
}
