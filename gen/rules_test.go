package gen_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
)

var (
	ruleEntry   = regexp.MustCompile(`(?m)^- \*\*(\w+)\*\* (?:\((ASL\d{4})\) )?`)
	ruleHeading = regexp.MustCompile(`(?m)^#{2,3} (\d\.\d+) `)
	// The evidence stands in parentheses at the end of an entry.
	ruleEvidence = regexp.MustCompile(`\([^()]*\b(documented|recorded|reported|decided)\b[^()]*\)\s*$`)

	citedRule    = regexp.MustCompile(`\b(?:R\d{1,3}|[XEILPVHT]\d{1,2}[a-c]?|S[12]|(?:ASL|ECS)\d{3}[a-c]?)\b`)
	citedRange   = regexp.MustCompile(`\b([RE])(\d+)(?:–|-| to )[RE](\d+)\b`)
	citedSection = regexp.MustCompile(`(?:\(|, |table |docs/rules\.md )([1-4]\.[1-9]\d?)[),]`)
)

// TestRules: docs/rules.md has every rule that a code stands for or a comment cites, once, and says how it is known.
func TestRules(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "rules.md"))
	if err != nil {
		t.Fatal(err)
	}
	known, codes := rulesIn(t, string(text))
	for _, c := range diag.Codes() {
		if c.Rule != "" && codes[c.Rule] != c.ID {
			t.Errorf("%s stands for %s, of which docs/rules.md says that it is %q", c, c.Rule, codes[c.Rule])
		}
	}
	cited := 0
	eachComment(t, func(place, comment string) {
		for _, name := range citations(comment) {
			cited++
			if !known[name] {
				t.Errorf("%s cites %s, which docs/rules.md does not have", place, name)
			}
		}
	})
	if cited < 200 {
		t.Errorf("comments cite only %d rules", cited)
	}
}

// rulesIn returns the rules and the numbered headings of the text, and the codes that it gives for rules.
func rulesIn(t *testing.T, text string) (known map[string]bool, codes map[string]string) {
	t.Helper()
	known, codes = map[string]bool{}, map[string]string{}
	for _, heading := range ruleHeading.FindAllStringSubmatch(text, -1) {
		known[heading[1]] = true
	}
	entries := ruleEntry.FindAllStringSubmatchIndex(text, -1)
	for i, at := range entries {
		name, end := text[at[2]:at[3]], len(text)
		if i+1 < len(entries) {
			end = entries[i+1][0]
		}
		if known[name] {
			t.Errorf("%s stands in docs/rules.md twice", name)
		}
		known[name] = true
		if at[4] >= 0 {
			codes[name] = text[at[4]:at[5]]
		}
		if body, _, _ := strings.Cut(text[at[1]:end], "\n\n"); !ruleEvidence.MatchString(body) {
			t.Errorf("%s: docs/rules.md does not say how it is known", name)
		}
	}
	return known, codes
}

// citations returns the rules and sections that a comment cites, all of those between the ends of a range too.
func citations(comment string) (names []string) {
	names = citedRule.FindAllString(comment, -1)
	for _, ends := range citedRange.FindAllStringSubmatch(comment, -1) {
		first, _ := strconv.Atoi(ends[2])
		last, _ := strconv.Atoi(ends[3])
		for n := first + 1; n < last; n++ {
			names = append(names, fmt.Sprint(ends[1], n))
		}
	}
	for _, section := range citedSection.FindAllStringSubmatch(comment, -1) {
		names = append(names, section[1])
	}
	return names
}

// eachComment calls f with every comment of the compiler and the runtime.
func eachComment(t *testing.T, f func(place, comment string)) {
	t.Helper()
	for _, root := range []string{".", filepath.Join("..", "runtime")} {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ".go" {
				return err
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, name, nil, parser.ParseComments)
			if err != nil {
				return err
			}
			for _, group := range file.Comments {
				f(files.Position(group.Pos()).String(), group.Text())
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
