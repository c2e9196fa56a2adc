package tidy

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestFormat(t *testing.T) {
	for _, c := range []struct{ name, before, after string }{
		{"the order of a machine", `{"States":{},"StartAt":"A"}`, "{ \"StartAt\": \"A\", \"States\": {} }\n"},
		{"what is sent stays as it is", `{"States":{"A":{"Parameters":{"Type":1,"Comment":2,"A":[1,2]},"Type":"Task"}}}`,
			`{ "States": { "A": { "Type": "Task", "Parameters": { "Type": 1, "Comment": 2, "A": [1, 2] } } } }` + "\n"},
		{"machines inside", `{"States":{"A":{"Branches":[{"States":{},"StartAt":"B"}],"ItemProcessor":{"States":{},"StartAt":"C of the processor"}}}}`,
			"{\n  \"States\": {\n    \"A\": {\n      \"ItemProcessor\": { \"StartAt\": \"C of the processor\", \"States\": {} },\n" +
				"      \"Branches\": [{ \"StartAt\": \"B\", \"States\": {} }]\n    }\n  }\n}\n"},
		{"comments", "/* a */ { // b\n \"x\" /* c */ : 1 // d\n , /* e */ \"y\": [ // f\n] // g\n}\n// h",
			"/* a */\n{\n  // b\n  /* c */\n  \"x\": 1, // d\n  /* e */\n  \"y\": [\n    // f\n  ] // g\n}\n// h\n"},
		{"scalars as they are written", "[1.50, 1e3,\n\"\\u0041\", ${N}, null]", "[\n  1.50,\n  1e3,\n  \"\\u0041\",\n  ${N},\n  null\n]\n"},
		{"comments on one line", `{"x" /* a */: 1, "y": /* b */ 2, "z": 3 /* c */, "l": [1 /* d */, 2]}`,
			"{\n  /* a */\n  \"x\": 1,\n  /* b */\n  \"y\": 2,\n  /* c */\n  \"z\": 3,\n  \"l\": [\n    /* d */\n    1,\n    2\n  ]\n}\n"},
		{"a byte order mark", "\uFEFF{}", "{}\n"},
	} {
		got, err := Format([]byte(c.before))
		if err != nil || string(got) != c.after {
			t.Errorf("%s: %v\n got %s\nwant %s", c.name, err, got, c.after)
		}
	}
}

func TestFormatFaults(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "the text ends where a value is wanted",
		"{":                      "a name in quotes is wanted here",
		`{"a" 1}`:                "a colon is wanted here",
		`{"a": 1,}`:              "nothing follows this comma",
		`[1 2]`:                  "a comma is wanted here",
		`[,]`:                    "',' stands where a value is wanted",
		`["a]`:                   "this is not a value of JSON",
		`[True]`:                 "this is not a value of JSON",
		`[/* x]`:                 "this is not a value of JSON",
		`{} {}`:                  "the definition ends before this",
		"[\"a\nb\"]":             "this is not a value of JSON",
		`[${A]`:                  "this is not a value of JSON",
		strings.Repeat("[", 501): "objects and arrays are nested deeper than 500",
	} {
		if got, err := Format([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%.20q: %q, %v, want %s", text, got, err, want)
		}
	}
}

func FuzzFormat(f *testing.F) {
	f.Add([]byte(`{"States": {"A": {"Next": "B", /* c */ "Type": "Pass"}}, // d` + "\n" + `"StartAt": ${A}}`))
	f.Add([]byte(`{"x" /* a */: 1, "y": /* b */ 2, "z": 3 /* c */, "l": [1 /* d */, 2] /* e */} /* f */`))
	f.Add([]byte("[1, // a\n/* b\n*/ [{}], \"x\\\"\"\n]"))
	f.Fuzz(func(t *testing.T, text []byte) { same(t, text) })
}

// same holds what Format makes of a text against the text, and against what it makes of that.
func same(t *testing.T, text []byte) {
	after, err := Format(text)
	if err != nil {
		if json.Valid(text) && !strings.HasPrefix(err.Error(), "objects and arrays are nested") {
			t.Fatalf("%q is JSON: %v", text, err)
		}
		return
	}
	if again, err := Format(after); err != nil || !bytes.Equal(again, after) {
		t.Fatalf("%q becomes\n%s\nand then, with %v,\n%s", text, after, err, again)
	}
	if a, b := signs(bytes.TrimPrefix(text, []byte("\uFEFF"))), signs(after); a != b {
		t.Fatalf("%q has other signs than %q", after, text)
	}
	var a, b any
	if json.Unmarshal(text, &a) == nil {
		if err := json.Unmarshal(after, &b); err != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("%q says something else than %q: %v", after, text, err)
		}
	}
}

// signs counts the bytes of a text that are no white space: formatting moves them, and neither adds nor loses one.
func signs(text []byte) (all [256]int) {
	for _, c := range text {
		if !bytes.ContainsRune([]byte(" \t\r\n"), rune(c)) {
			all[c]++
		}
	}
	return all
}
