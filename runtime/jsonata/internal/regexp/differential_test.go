package regexp_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata/internal/regexp"
)

// nodeScript answers each line, a pattern with flags, a text and a position, with the positions of the match and its
// groups, with null if there is none, or with false if the pattern is no pattern.
const nodeScript = `
const lines = require("fs").readFileSync(0, "utf8").trimEnd().split("\n");
console.log(lines.map(line => {
  const q = JSON.parse(line);
  let re;
  try { re = new RegExp(q.pattern, q.flags + "dg"); } catch (e) { return "false"; }
  re.lastIndex = q.from;
  const m = re.exec(q.text);
  return JSON.stringify(m && m.indices.flatMap(i => i || [-1, -1]));
}).join("\n"));
`

type question struct {
	Pattern string `json:"pattern"`
	Flags   string `json:"flags"`
	Text    string `json:"text"`
	From    int    `json:"from"`
}

// answer is what node would say.
func (q question) answer() string {
	re, err := regexp.Compile(utf16.Encode([]rune(q.Pattern)),
		regexp.Flags{IgnoreCase: strings.Contains(q.Flags, "i"), Multiline: strings.Contains(q.Flags, "m")})
	if err != nil {
		return "false"
	}
	m := &regexp.Machine{Steps: 100_000_000, Memory: 1 << 30}
	positions, err := re.Match(m, utf16.Encode([]rune(q.Text)), q.From)
	if err != nil {
		return err.Error()
	}
	out, _ := json.Marshal(positions)
	return string(out)
}

// TestDifferential compares with the regular expressions of node, on patterns that it makes up: some thousands, or as many
// as the environment variable DIFFERENTIAL says, from the seed DIFFERENTIAL_SEED.
func TestDifferential(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not here")
	}
	number := func(name string, byDefault int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
		return byDefault
	}
	questions := slices.Clone(hard)
	g := generator{rand.New(rand.NewPCG(uint64(number("DIFFERENTIAL_SEED", 1)), 1))}
	for range number("DIFFERENTIAL", 5000) {
		q := question{Pattern: g.disjunction(3), Flags: g.of("", "", "i", "m", "im"), Text: g.text()}
		q.From = g.IntN(2) * g.IntN(len(utf16.Encode([]rune(q.Text)))+1)
		questions = append(questions, q)
	}
	var in bytes.Buffer
	for _, q := range questions {
		line, _ := json.Marshal(q)
		fmt.Fprintf(&in, "%s\n", line)
	}
	cmd := exec.Command("node", "-e", nodeScript)
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for i, want := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		q := questions[i]
		if want == "false" {
			refused++
		}
		if got := q.answer(); got != want {
			t.Errorf("/%s/%s on %q from %d: got %s, want %s", q.Pattern, q.Flags, q.Text, q.From, got, want)
		}
	}
	t.Logf("%d patterns, %d of them refused", len(questions), refused)
}

// hard are patterns that say something of the standard that few others do.
var hard = []question{
	{Pattern: `(z)((a+)?(b+)?(c))*`, Text: "zaacbbbcac"},
	{Pattern: `(a*)*`, Text: "b"},
	{Pattern: `(a*)?`, Text: "b"},
	{Pattern: `(?:a*?)+?b`, Text: "aab"},
	{Pattern: `(?=(a+))a*b\1`, Text: "baaabac"},
	{Pattern: `(.*?)a(?!(a+)b\2c)\2(.*)`, Text: "baaabaac"},
	{Pattern: `(?<=([ab]+)([bc]+))$`, Text: "abc"},
	{Pattern: `(?<=\1(a))b`, Text: "aab"},
	{Pattern: `(?<!c|ab)d`, Text: "abd cd xd"},
	{Pattern: `(?<year>\d{4})-(?<month>\d\d)\k<year>`, Text: "2020-012020"},
	{Pattern: `\k<a>`, Text: "k<a>"},
	{Pattern: `\k<a>(?<a>x)`, Text: "x"},
	{Pattern: `\1(a)`, Text: "a"},
	{Pattern: `\2(a)`, Text: "\x02a"},
	{Pattern: `(a\1)`, Text: "aa"},
	{Pattern: `[\d-x]+`, Text: "1-x"},
	{Pattern: `[x-\d]+`, Text: "1-x"},
	{Pattern: `[^]`, Text: "\n"},
	{Pattern: `[]`, Text: "a"},
	{Pattern: `x{,2}`, Text: "x{,2}"},
	{Pattern: `x{2`, Text: "x{2"},
	{Pattern: `{2}`, Text: "x"},
	{Pattern: `x{2}{3}`, Text: "xxxxxx"},
	{Pattern: `a{0}b`, Text: "ab"},
	{Pattern: `(?:a|ab)(?:c|bcd)(?:d*)`, Text: "abcd"},
	{Pattern: `\c`, Text: `\c`},
	{Pattern: `\cA[\c1]`, Text: "\x01\x11"},
	{Pattern: `\u{61}`, Text: "uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu"},
	{Pattern: `\x4\u00e`, Text: "x4u00e"},
	{Pattern: `\377\400\8\08`, Text: "\u00ff\u00200\x38\x008"},
	{Pattern: `ß`, Flags: "i", Text: "ẞSS"},
	{Pattern: `[^ſ]`, Flags: "i", Text: "sS"},
	{Pattern: `\u212a`, Flags: "i", Text: "kK\u212a"},
	{Pattern: `ᾳ`, Flags: "i", Text: "ᾼ"},
	{Pattern: `[Σ]+`, Flags: "i", Text: "σςΣ"},
	{Pattern: `.`, Text: "\u2028😀"},
	{Pattern: `😀+`, Text: "😀😀"},
	{Pattern: `^b$`, Flags: "m", Text: "a\u2029b\r\nc"},
	{Pattern: `\Bb\B`, Text: "abc"},
	{Pattern: `(?=a)*`, Text: "a"},
	{Pattern: `(?<=a)*`, Text: "a"},
	{Pattern: `(?:(?=(a))){2}a`, Text: "a"},
	{Pattern: `(?<$𐒤>a)`, Text: "a"},
	{Pattern: `(?<a>)(?<a>)`, Text: "a"},
	{Pattern: `(?i:a)`, Text: "a"},
	{Pattern: `(?:)`, Text: ""},
	{Pattern: `a||b`, Text: "b"},
	{Pattern: `[b-a]`, Text: "b"},
	{Pattern: `]}`, Text: "]}"},
	{Pattern: `\p{L}`, Text: "p{L}"},
	{Pattern: `(`, Text: ""}, {Pattern: `)`, Text: ""}, {Pattern: `[`, Text: ""}, {Pattern: `\`, Text: ""}, {Pattern: `*`, Text: ""},
	{Pattern: `a**`, Text: ""}, {Pattern: `a{2,1}`, Text: ""}, {Pattern: `(?`, Text: ""}, {Pattern: `(?<`, Text: ""},
	{Pattern: `^*`, Text: ""}, {Pattern: `(?<1>a)`, Text: ""}, {Pattern: `(?<a>)\k`, Text: ""}, {Pattern: `[\k](?<a>)`, Text: ""},
}

// generator makes patterns and texts up.
type generator struct{ *rand.Rand }

func (g generator) of(choices ...string) string { return choices[g.IntN(len(choices))] }

func (g generator) disjunction(depth int) string {
	s := g.alternative(depth)
	for g.IntN(4) == 0 {
		s += "|" + g.alternative(depth)
	}
	return s
}

func (g generator) alternative(depth int) string {
	s := ""
	for range g.IntN(4) {
		s += g.term(depth)
	}
	return s
}

func (g generator) term(depth int) string {
	switch g.IntN(12) {
	case 0:
		return g.of("^", "$", `\b`, `\B`)
	case 1, 2, 3:
		if depth > 0 {
			return g.of("(", "(", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?<n>", "(?<m>") + g.disjunction(depth-1) + ")" + g.quantifier()
		}
	}
	return g.atom() + g.quantifier()
}

func (g generator) quantifier() string {
	return g.of("", "", "", "", "*", "+", "?", "*?", "+?", "??", "{0}", "{2}", "{1,2}", "{0,1}?", "{2,}", "{1,}?", "{", "{,2}", "{2,1}")
}

func (g generator) atom() string {
	switch g.IntN(5) {
	case 0:
		return "[" + g.of("", "", "^") + g.members() + "]"
	case 1:
		return g.of(`\d`, `\D`, `\w`, `\W`, `\s`, `\S`, `\1`, `\2`, `\3`, `\0`, `\n`, `\x61`, `\u0062`, `\cJ`, `\c`, `\k<n>`, `\k`,
			`\08`, `\141`, `\-`, `\/`, `\B`)
	case 2:
		return g.of(".", "-", " ", "]", "}", "é", "É", "ſ", "k", "\u212a", "😀", "ß", "_", "1", "\n", ",")
	}
	return g.of("a", "b", "c", "A", "B")
}

func (g generator) members() string {
	s := ""
	for range g.IntN(4) {
		s += g.of("a", "b", "a-c", "A-B", `\d`, `\W`, `\b`, "-", "^", "é", "z-a", `\w-`, `-\s`, "à-ü", "\u2126", "😀", `\]`, `\n`, "0-9")
	}
	return s
}

func (g generator) text() string {
	s := ""
	for range g.IntN(9) {
		s += g.of("a", "b", "c", "A", "B", "a", "b", "é", "É", "S", "K", "1", "_", "-", " ", "\n", "😀", "\u2028", "ß", "ü", "Ω")
	}
	return s
}
