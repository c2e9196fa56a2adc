package jsonpath_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// exceptions are the forms of paths that Jayway 2.0.0 accepts, mostly by accident, and that are refused here, and those
// it refuses or cannot find that are accepted here.
var exceptions = []struct {
	form   *regexp.Regexp
	reason string
}{
	{regexp.MustCompile(`^\s*[^$\s]`), "a path begins with $ (R40); Jayway puts $. before any other text"},
	{regexp.MustCompile(`\.length\(\)`), "length() of an array is a function (R43)"},
	{regexp.MustCompile(`\[\s*'[^'\]]*'[^'\],]`), "text between quoted names has no meaning; Jayway skips it"},
	{regexp.MustCompile(`\[\s*('[^'\]]*'\s*,\s*)*'[^'\]]*\]`), "the quote is not closed; Jayway drops the name"},
	{regexp.MustCompile(`[=<>~]\s*(\)|&&|\|\|)`), "the operand is missing; Jayway compares with an empty text"},
	{regexp.MustCompile(`\.[^\[]*\\`), "a backslash in a name after a dot escapes (R41); to Jayway it is part of the name"},
	{regexp.MustCompile(`!\s*\(`), "! negates only an existence test; Jayway compares a text that begins with !("},
}

// TestOracle compares with what Jayway JsonPath 2.0.0 answered: rows of jayway-2.0.0.jsonl on documents.json in the folder
// that the environment variable JSONPATH_ORACLE names, relative to the root of the module.
func TestOracle(t *testing.T) {
	const root = "../.."
	folder := os.Getenv("JSONPATH_ORACLE")
	if folder == "" {
		folder = "../shared/jsonpath"
	}
	if !filepath.IsAbs(folder) {
		folder = filepath.Join(root, folder)
	}
	rows, err := os.ReadFile(filepath.Join(folder, "jayway-2.0.0.jsonl"))
	if os.IsNotExist(err) {
		t.Skipf("no oracle: %v", err)
	}
	data, err := os.ReadFile(filepath.Join(folder, "documents.json"))
	if err != nil {
		t.Fatal(err)
	}
	documents, err := value.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	var values, errors score
	for lines := bufio.NewScanner(bytes.NewReader(rows)); lines.Scan(); {
		var row oracleRow
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		problem := row.check(documents.Get(row.Doc))
		if row.Value.IsAbsent() {
			errors.count(problem == "")
		} else {
			values.count(problem == "")
		}
		if problem == "" {
			continue
		}
		if reason := row.exception(); reason != "" {
			t.Logf("%s %s: %s (%s)", row.ID, row.Path, problem, reason)
		} else {
			t.Errorf("%s %s: %s", row.ID, row.Path, problem)
		}
	}
	fmt.Printf("jsonpath oracle: values %v, errors %v\n", values, errors)
	if values.share() < 0.97 || errors.share() < 0.95 {
		t.Error("too few rows agree")
	}
}

type oracleRow struct {
	ID, Path, Doc       string
	Definite            bool
	Value               value.Value
	Error, CompileError string
}

// check returns how the row differs, "" if it does not.
func (row *oracleRow) check(document value.Value) string {
	p, err := jsonpath.Parse(row.Path)
	if err != nil {
		if row.Value.IsAbsent() {
			return ""
		}
		return fmt.Sprintf("refused (%v), want %s", err, row.Value)
	}
	if p.Root() != jsonpath.Input {
		if row.Value.IsAbsent() {
			return ""
		}
		return "is no path into the document"
	}
	if row.CompileError == "" && p.Definite() != row.Definite {
		return fmt.Sprintf("definite is %v", p.Definite())
	}
	got, err := p.Get(document)
	switch {
	case row.Value.IsAbsent() && err == nil:
		return fmt.Sprintf("got %s, want the error %s%s", got, row.Error, row.CompileError)
	case !row.Value.IsAbsent() && err != nil:
		return fmt.Sprintf("got the error %v, want %s", err, row.Value)
	case err == nil && !got.Equal(row.Value):
		return fmt.Sprintf("got %s, want %s", got, row.Value)
	case err != nil && messages.MatchString(row.Error) && messages.FindStringSubmatch(row.Error)[1] != err.Error():
		return fmt.Sprintf("got the message %q, want %s", err, row.Error)
	}
	return ""
}

// messages finds Jayway's own messages: those of the Java library are not repeated here.
var messages = regexp.MustCompile(`^(?:PathNotFoundException|InvalidPathException): (.*)$`)

func (row *oracleRow) exception() string {
	for _, e := range exceptions {
		if e.form.MatchString(row.Path) {
			return e.reason
		}
	}
	return ""
}

type score struct{ agree, all int }

func (s *score) count(ok bool) {
	s.all++
	if ok {
		s.agree++
	}
}

func (s score) share() float64 { return float64(s.agree) / float64(max(s.all, 1)) }
func (s score) String() string { return fmt.Sprintf("%d/%d", s.agree, s.all) }
