package check_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/check"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/parse"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// uncovers are the codes of what a fault hides from the checks: findings that come with a hint that is right.
var uncovers = map[*diag.Code][]*diag.Code{
	diag.UnknownField:       {diag.NextOrEnd},
	diag.UnknownStateType:   {diag.BadResource},
	diag.BadQueryLanguage:   {diag.JSONPathField, diag.JSONataField},
	diag.JSONPathField:      {diag.MissingParameter},
	diag.JSONataField:       {diag.MissingParameter},
	diag.ProcessorMode:      {diag.ProcessorMode}, // an unknown one may be that which needs an ExecutionType
	diag.DistributedOnly:    {diag.ItemReader, diag.BatchSize},
	diag.BadResource:        {diag.MissingParameter},
	diag.UnsupportedPattern: {diag.MissingParameter},
	diag.NoHeartbeat:        {diag.NotRaised},
}

// TestHints applies each hint that names a replacement, alone, and wants the finding to be gone and none of its weight to
// have come. What was not JSON hides everything. Every form of such a hint must occur.
func TestHints(t *testing.T) {
	used := map[*regexp.Regexp]bool{}
	each := func(name string, text string, o check.Options) {
		before := findings(name, []byte(text), o)
		for _, d := range before.All() {
			fixed, form := apply(text, d)
			if form == nil {
				continue
			}
			used[form] = true
			if d.Code == diag.BadJSON {
				continue
			}
			after := findings(name, []byte(fixed), o)
			left, now := count(before, d.Severity), count(after, d.Severity)
			left[d.Code.ID]--
			for _, code := range uncovers[d.Code] {
				delete(now, code.ID)
			}
			for code, n := range now {
				if n > left[code] {
					t.Errorf("%v\n\tafter the hint there is %s:\n%s\n%s", d, code, printed(after), fixed)
				}
			}
		}
	}
	for _, c := range diag.Codes() {
		o := check.Options{}
		if c.Express() {
			o.Type = check.Express
		}
		if c.Example != "" && c.ID < laterCodes {
			each(c.ID, c.Example, o)
		}
	}
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			text, _ := splitWants(t, string(file.Data))
			o := check.Options{}
			if strings.HasPrefix(file.Name, "express") {
				o.Type = check.Express
			}
			each(filepath.Base(name)+"/"+file.Name, text, o)
		}
	}
	for _, form := range edits {
		if !used[form.pattern] {
			t.Errorf("no finding has the hint %s", form.pattern)
		}
	}
}

// count returns how many findings of a weight, or a heavier one, each code has.
func count(l *diag.List, weight diag.Severity) map[string]int {
	n := map[string]int{}
	for _, d := range l.All() {
		if d.Severity <= weight {
			n[d.Code.ID]++
		}
	}
	return n
}

// edit is what a hint makes of the text of a finding. It gets the submatches of its pattern.
type edit func(e *editor, match []string) bool

// edits are the forms in which hints name a replacement. The first that matches counts.
var edits = []struct {
	pattern *regexp.Regexp
	edit    edit
}{
	{regexp.MustCompile(`^did you mean (".*")\?`), (*editor).meant},
	{regexp.MustCompile(`^write it as (\S+)$`), func(e *editor, m []string) bool { return e.replace(strconv.Quote(m[1])) }},
	{regexp.MustCompile(`^write it (.*), without quotes$`), func(e *editor, m []string) bool { return e.replace(m[1]) }},
	{regexp.MustCompile(`^write it (.*)$`), func(e *editor, m []string) bool { return e.replace(m[1]) }},
	{regexp.MustCompile(`^write (true|false|null|"\{%.*%\}")$`), func(e *editor, m []string) bool { return e.replace(m[1]) }},
	{regexp.MustCompile(`^remove the comma$`), func(e *editor, _ []string) bool { return e.replace("") }},
	{regexp.MustCompile(`^".*" is there already`), func(e *editor, _ []string) bool { return e.remove() }},
	{regexp.MustCompile(`^leave (?:it|the field) out\b`), func(e *editor, _ []string) bool { return e.remove() }},
	{regexp.MustCompile(`^"(.*)" is evaluated$`), (*editor).rename},
	{regexp.MustCompile(`^JSON(?:ata|Path) has "(\w+)" for it$`), (*editor).rename},
	{regexp.MustCompile(`^"(\w+)" in its place limits`), (*editor).rename},
	{regexp.MustCompile(`^without \.\$ the name takes`), func(e *editor, _ []string) bool {
		return e.rename([]string{"", strings.TrimSuffix(e.member.Name, ".$")})
	}},
	{regexp.MustCompile(`^begin it with (\$\.)$`), func(e *editor, m []string) bool {
		return e.replace(strconv.Quote(m[1] + strings.TrimLeft(strings.Trim(e.text(), `"`), "$.")))
	}},
	{regexp.MustCompile(`^the state's input is (\$states\.input)$`), func(e *editor, m []string) bool {
		return e.replace(strings.TrimSuffix(m[1]+"."+strings.TrimLeft(e.text(), "$"), "."))
	}},
	{regexp.MustCompile(`^an object evaluates it: (\{.*\})$`), func(e *editor, m []string) bool { return e.replace(m[1]) }},
	{regexp.MustCompile(`^(?:it is one of|it is) (\w+)(?:,| or)`), func(e *editor, m []string) bool { return e.replace(strconv.Quote(m[1])) }},
	{regexp.MustCompile(`^it is ("arn:[^"]*")`), func(e *editor, m []string) bool {
		switch resource := `"Resource": ` + m[1]; {
		case e.member.Name == "Resource":
			return e.replace(m[1])
		case e.member.Name == "Parameters":
			return insert(e, e.holder, resource)
		default:
			return insert(e, e.member.Value, resource)
		}
	}},
	{regexp.MustCompile(`^("\w+") is ([A-Z_]+)(?:,| or)`), func(e *editor, m []string) bool {
		return e.add(m[1] + ": " + strconv.Quote(m[2]))
	}},
	{regexp.MustCompile(`^("ReaderConfig"): (\{.*?\}) reads`), func(e *editor, m []string) bool {
		if e.member.Name == "ReaderConfig" {
			return e.add(strings.Trim(m[2], "{}"))
		}
		return e.add(m[1] + ": " + m[2])
	}},
	{regexp.MustCompile(`^a distributed one (?:has|does): ("ProcessorConfig": \{.*\}) in its ItemProcessor`), (*editor).distribute},
	{regexp.MustCompile(`^add (\{.*\})$`), (*editor).addRetrier},
	{regexp.MustCompile(`passes it: (".*)$`), (*editor).pass},
}

// apply returns the text with the hint of a finding applied, and the form of the hint; nil if it names no replacement.
func apply(text string, d *diag.Diagnostic) (fixed string, form *regexp.Regexp) {
	e := &editor{source: text, span: d.Span}
	e.locate()
	for _, form := range edits {
		if m := form.pattern.FindStringSubmatch(d.Hint); m != nil && form.edit(e, m) {
			return e.source, form.pattern
		}
	}
	return text, nil
}

// editor edits the text around a finding.
type editor struct {
	source string
	span   source.Span
	state  *ast.Node   // the innermost state around it
	holder *ast.Node   // the object that has the member
	member *ast.Member // the innermost member whose name or value holds the place
}

// locate finds what is around the place.
func (e *editor) locate() {
	e.member = &ast.Member{Value: &ast.Node{}}
	m := parse.File(source.New("", []byte(e.source)), &diag.List{})
	if m == nil {
		return
	}
	e.walk(&ast.Node{Span: m.Span, Members: m.Fields}, false)
}

func (e *editor) walk(n *ast.Node, states bool) {
	for i := range n.Members {
		m := &n.Members[i]
		if m.Span.Start <= e.span.Start && e.span.Start < m.Value.Span.End {
			e.holder, e.member = n, m
			if states {
				e.state = m.Value
			}
			e.walk(m.Value, m.Name == "States")
		}
	}
	for _, element := range n.Elements {
		if element.Span.Start <= e.span.Start && e.span.Start < element.Span.End {
			e.walk(element, false)
		}
	}
}

func (e *editor) text() string { return e.source[e.span.Start:e.span.End] }

func (e *editor) put(span source.Span, text string) bool {
	e.source = e.source[:span.Start] + text + e.source[span.End:]
	return true
}

func (e *editor) replace(text string) bool { return e.put(e.span, text) }

// meant puts what is meant in the place of the word that is like it.
func (e *editor) meant(m []string) bool {
	meant, err := strconv.Unquote(m[1])
	if err != nil {
		return false
	}
	text := e.text()
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(`"':,() `, r) })
	words = append(words, strings.Split(strings.Join(words, "."), ".")...)
	word, ok := diag.Nearest(meant, words)
	if !ok {
		return e.replace(strconv.Quote(meant))
	}
	return e.replace(strings.Replace(text, word, meant, 1))
}

// remove takes the member out.
func (e *editor) remove() bool {
	span := source.Span{Start: e.member.Span.Start, End: e.member.Value.Span.End}
	if rest := strings.TrimLeft(e.source[span.End:], " \n"); strings.HasPrefix(rest, ",") {
		span.End = int32(len(e.source) - len(rest) + 1)
	} else if before := strings.TrimRight(e.source[:span.Start], " \n"); strings.HasSuffix(before, ",") {
		span.Start = int32(len(before) - 1)
	}
	return e.put(span, "")
}

func (e *editor) rename(m []string) bool { return e.put(e.member.Span, strconv.Quote(m[1])) }

// add adds members to the object that the finding is about: the member's, or the one that has it.
func (e *editor) add(members string) bool {
	n := e.member.Value
	if n.Members == nil && !strings.HasPrefix(e.source[n.Span.Start:], "{") {
		n = e.holder
	}
	return insert(e, n, members)
}

func insert(e *editor, n *ast.Node, members string) bool {
	if len(n.Members) > 0 {
		members += ", "
	}
	return e.put(source.Span{Start: n.Span.Start + 1, End: n.Span.Start + 1}, members)
}

// distribute makes the Map of the finding a distributed one.
func (e *editor) distribute(m []string) bool {
	for i := range e.state.Members {
		if processor := &e.state.Members[i]; processor.Name == "ItemProcessor" || processor.Name == "Iterator" {
			for j := range processor.Value.Members {
				if config := &processor.Value.Members[j]; config.Name == "ProcessorConfig" {
					return e.put(source.Span{Start: config.Span.Start, End: config.Value.Span.End}, m[1])
				}
			}
			return insert(e, processor.Value, m[1])
		}
	}
	return false
}

// addRetrier puts a retrier before the others of the state.
func (e *editor) addRetrier(m []string) bool {
	for i := range e.state.Members {
		if retry := &e.state.Members[i]; retry.Name == "Retry" {
			at := retry.Value.Span.Start + 1
			if len(retry.Value.Elements) > 0 {
				m[1] += ", "
			}
			return e.put(source.Span{Start: at, End: at}, m[1])
		}
	}
	return insert(e, e.state, fmt.Sprintf(`"Retry": [%s]`, m[1]))
}

// pass adds a member to the state's parameters, in place of what they have of the name.
func (e *editor) pass(m []string) bool {
	name := regexp.MustCompile(`^"(\w+)`).FindStringSubmatch(m[1])[1]
	for i := range e.state.Members {
		parameters := &e.state.Members[i]
		if parameters.Name != "Parameters" && parameters.Name != "Arguments" {
			continue
		}
		for j := range parameters.Value.Members {
			if given := &parameters.Value.Members[j]; strings.TrimSuffix(given.Name, ".$") == name {
				return e.put(source.Span{Start: given.Span.Start, End: given.Value.Span.End}, m[1])
			}
		}
		return insert(e, parameters.Value, m[1])
	}
	return insert(e, e.state, `"Parameters": {`+m[1]+`}`)
}
