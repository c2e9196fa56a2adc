package placeholder_test

import (
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/placeholder"
)

func TestFind(t *testing.T) {
	for text, want := range map[string]string{
		"${A}":                              "A",
		"a${A}b${B.Arn}${AWS::Region}":      "A B.Arn AWS::Region",
		"${Task Definition}":                "Task Definition",
		"${ var.x }":                        " var.x ",
		"${self:custom.stage, 'dev'}":       "self:custom.stage, 'dev'",
		"${ssm:/path/to}${jsonencode(l.x)}": "ssm:/path/to|jsonencode(l.x)",
		"${a${b}}":                          "b",
		"${} ${ } ${\"a\"} ${a\\b} ${a\nb}": "",
		"$x.${'a': 1}.${a: 1}.${ 'a':1}":    "",
		"States.Format('${}', $.a)":         "",
	} {
		var names []string
		for _, m := range placeholder.Find(text) {
			if text[m.Start:m.End] != "${"+m.Name+"}" {
				t.Errorf("%q: %+v", text, m)
			}
			names = append(names, m.Name)
		}
		if got := strings.Join(names, " "); got != strings.ReplaceAll(want, "|", " ") || placeholder.Has(text) != (want != "") {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestReplace(t *testing.T) {
	values := map[string]string{"A": "${B}", "B": "${A}"}
	got := placeholder.Replace("${A} and ${B}, not ${C}", func(name string) (string, bool) { v, ok := values[name]; return v, ok })
	if want := "${B} and ${A}, not ${C}"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
