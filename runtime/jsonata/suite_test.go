package jsonata_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// suiteCase is a case of the official test suite of JSONata 2.0.6.
type suiteCase struct {
	ID, Kind, Code, Expr string
	Bindings             map[string]value.Value
	Input                value.Value
	Result               value.Value
	Depth                int
}

// TestSuite runs the official suite. It is not part of this module; JSONATA_SUITE names its folder.
func TestSuite(t *testing.T) {
	cases := readSuite(t)
	values, strict, ofValues := 0, 0, 0
	for _, c := range cases {
		isValue := c.Kind != "error"
		if isValue {
			ofValues++
		}
		if fault := c.run(); fault != "" {
			t.Errorf("%s: %s\n%s", c.ID, c.Expr, fault)
			continue
		}
		strict++
		if isValue {
			values++
		}
	}
	fmt.Printf("jsonata suite: values %d/%d, strict %d/%d\n", values, ofValues, strict, len(cases))
}

// run evaluates the case and says what is wrong.
func (c suiteCase) run() string {
	expr, err := jsonata.Compile(c.Expr)
	var got value.Value
	if err == nil {
		env := testEnv()
		env.Limits.Depth = c.Depth
		got, err = expr.Eval(env, c.Input, c.Bindings)
	}
	switch {
	case c.Kind == "error":
		if code := codeOf(err); code != c.Code {
			return fmt.Sprintf("got %v (%v), want %s", got, err, c.Code)
		}
	case err != nil:
		return fmt.Sprintf("got %v, want %v", err, c.Result)
	case c.Kind == "undef" && !got.IsAbsent(), c.Kind == "value" && !got.Equal(c.Result):
		return fmt.Sprintf("got  %v\nwant %v", got, c.Result)
	}
	return ""
}

// codeOf is JSONata's code of an error.
func codeOf(err error) string {
	var syntax *jsonata.SyntaxError
	var fault *jsonata.Error
	switch {
	case errors.As(err, &syntax):
		return syntax.Code
	case errors.As(err, &fault):
		return fault.Code
	case errors.Is(err, jsonata.ErrDepth), errors.Is(err, jsonata.ErrTimeout):
		return "U1001"
	}
	return ""
}

// testEnv has a clock and randomness that are the same for every test.
func testEnv() *jsonata.Env {
	return &jsonata.Env{
		Now:    func() time.Time { return time.Date(2024, 2, 29, 13, 14, 15, 678e6, time.UTC) },
		Random: rand.New(rand.NewPCG(1, 2)),
	}
}

func readSuite(t *testing.T) []suiteCase {
	t.Helper()
	dir := os.Getenv("JSONATA_SUITE")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "jsonata")
	}
	f, err := os.Open(filepath.Join(dir, "suite-2.0.6.jsonl"))
	if err != nil {
		t.Skip("the suite of JSONata is not here: set JSONATA_SUITE to its folder")
	}
	defer f.Close()
	datasets := readJSON(t, filepath.Join(dir, "datasets.json"))
	var cases []suiteCase
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		cases = append(cases, suiteCaseOf(decodeJSON(t, lines.Bytes()), datasets))
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return cases
}

func suiteCaseOf(row, datasets value.Value) suiteCase {
	str := func(name string) string {
		s, _ := row.Get(name).AsString()
		return s
	}
	c := suiteCase{ID: str("id"), Kind: str("kind"), Code: str("code"), Expr: str("expr"), Result: row.Get("result")}
	if depth, ok := row.Get("depth").AsInt(); ok {
		c.Depth = int(depth)
	}
	c.Bindings = maps.Collect(row.Get("bindings").Members())
	c.Input = row.Get("data")
	if name := str("dataset"); name != "" {
		c.Input = datasets.Get(name)
	}
	return c
}

func readJSON(t *testing.T, name string) value.Value {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return decodeJSON(t, data)
}

// decodeJSON reads JSON in which strings may hold lone surrogates as escapes, which package value does not take: they
// become the three bytes that their number gives.
func decodeJSON(t *testing.T, data []byte) value.Value {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(markSurrogates(string(data))))
	d.UseNumber()
	v, err := decodeNext(d)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const surrogateMark = "\uE000"

// markSurrogates writes the escapes of lone surrogates as a mark and their digits.
func markSurrogates(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out.WriteByte(s[i])
			continue
		}
		if r := escaped(s, i); utf16.IsSurrogate(r) {
			if utf16.DecodeRune(r, escaped(s, i+6)) != 0xFFFD {
				out.WriteString(s[i : i+12])
				i += 11
			} else {
				out.WriteString(surrogateMark + s[i+2:i+6])
				i += 5
			}
			continue
		}
		out.WriteString(s[i:min(i+2, len(s))])
		i++
	}
	return out.String()
}

func escaped(s string, at int) rune {
	if at+6 > len(s) || s[at] != '\\' || s[at+1] != 'u' {
		return 0
	}
	n, _ := strconv.ParseUint(s[at+2:at+6], 16, 16)
	return rune(n)
}

func unmarked(s string) string {
	parts := strings.Split(s, surrogateMark)
	for i := 1; i < len(parts); i++ {
		n, _ := strconv.ParseUint(parts[i][:4], 16, 16)
		parts[i] = string([]byte{0xED, byte(n>>6)&0x3F | 0x80, byte(n)&0x3F | 0x80}) + parts[i][4:]
	}
	return strings.Join(parts, "")
}

func decodeNext(d *json.Decoder) (value.Value, error) {
	t, err := d.Token()
	if err != nil {
		return value.Value{}, err
	}
	switch t := t.(type) {
	case string:
		return value.String(unmarked(t)), nil
	case bool:
		return value.Bool(t), nil
	case json.Number:
		return value.Parse([]byte(t))
	case json.Delim:
		if t == '[' {
			return decodeArray(d)
		}
		return decodeObject(d)
	}
	return value.Null, nil
}

func decodeArray(d *json.Decoder) (value.Value, error) {
	var elements []value.Value
	for d.More() {
		e, err := decodeNext(d)
		if err != nil {
			return value.Value{}, err
		}
		elements = append(elements, e)
	}
	_, err := d.Token()
	return value.Array(elements...), err
}

func decodeObject(d *json.Decoder) (value.Value, error) {
	var members []value.Member
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return value.Value{}, err
		}
		v, err := decodeNext(d)
		if err != nil {
			return value.Value{}, err
		}
		members = append(members, value.Field(unmarked(name.(string)), v))
	}
	_, err := d.Token()
	return value.Object(members...), err
}
