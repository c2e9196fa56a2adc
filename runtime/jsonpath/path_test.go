package jsonpath_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func TestProperties(t *testing.T) {
	for _, test := range []struct {
		path     string
		root     jsonpath.Root
		variable string
		isRoot   bool
		definite bool
		names    []string
		only     bool
	}{
		{"$", jsonpath.Input, "", true, true, nil, true},
		{"$$", jsonpath.Context, "", true, true, nil, true},
		{"$x", jsonpath.Variable, "x", true, true, nil, true},
		{"$größe_2.a", jsonpath.Variable, "größe_2", false, true, []string{"a"}, true},
		{"$x[0]", jsonpath.Variable, "x", false, true, nil, false},
		{"$$.Task.Token", jsonpath.Context, "", false, true, []string{"Task", "Token"}, true},
		{"$$['Map'].Item.Value[1].x", jsonpath.Context, "", false, true, []string{"Map", "Item", "Value"}, false},
		{"$.a.length()", jsonpath.Input, "", false, true, []string{"a"}, false},
		{"$.a['length()']", jsonpath.Input, "", false, true, []string{"a", "length()"}, true},
		{"$.a[*].b", jsonpath.Input, "", false, false, []string{"a"}, false},
		{"$.a['b','c']", jsonpath.Input, "", false, true, []string{"a"}, false},
		{"$..a", jsonpath.Input, "", false, false, nil, false},
		{"$.a[(@.length-1)]", jsonpath.Input, "", false, true, []string{"a"}, false},
		{"$.a[0,1]", jsonpath.Input, "", false, false, []string{"a"}, false},
		{"$.${Placeholder}.b", jsonpath.Input, "", false, true, []string{"${Placeholder}", "b"}, true},
	} {
		p, err := jsonpath.Parse(test.path)
		if err != nil {
			t.Errorf("%s: %v", test.path, err)
			continue
		}
		names, only := p.Names()
		if p.Root() != test.root || p.Variable() != test.variable || p.IsRoot() != test.isRoot ||
			p.Definite() != test.definite || only != test.only || !cmp.Equal(names, test.names) || p.String() != test.path {
			t.Errorf("%s: root %d %q, isRoot %v, definite %v, names %q %v, text %s", test.path,
				p.Root(), p.Variable(), p.IsRoot(), p.Definite(), names, only, p)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, test := range []struct {
		path    string
		offset  int
		message string
	}{
		{"", 0, "begins with $"},
		{"a.b", 0, "begins with $"},
		{"@.a", 0, "begins with $"},
		{"$ .a", 1, "begins with . or ["},
		{"$_x", 1, "begins with . or ["}, // no ID_Start
		{"$$x", 2, "begins with . or ["},
		{"$x y", 2, "begins with . or ["},
		{"$.", 2, "name is missing"},
		{"$.a..", 5, "name is missing"},
		{"$...a", 3, "name is missing"},
		{"$.a b", 3, "white space"},
		{"$.a]", 3, "unexpected ]"},
		{"$.a[0", 3, "not closed"},
		{"$.a['b", 3, "not closed"},
		{"$.a['b]", 4, "quote is not closed"},
		{"$.a['b'c]", 7, "expected , or ]"},
		{"$.a[0]b", 6, `unexpected 'b'`},
		{"$.a[]", 4, "brackets hold"},
		{"$.a[ * ]", 5, "brackets hold"},
		{`$["a"]`, 2, "quoted with '"},
		{"$[1 2]", 4, "expected , or ]"},
		{"$[1,,2]", 4, "a number"},
		{"$[--1]", 2, "a number"},
		{"$[2147483648]", 2, "32 bits"},
		{"$[:]", 2, "begin or an end"},
		{"$[1:2,3]", 5, "begin:end"},
		{"$[(@.length+1)]", 2, "(@.length-n)"},
		{"$[(@.depth-1)]", 2, "(@.length-n)"},
		{"$[?@.a]", 3, "[?(…)]"},
		{"$[?((@.a)]", 3, "do not match"},
		{"$[?()]", 4, "operand is missing"},
		{"$[?(1)]", 4, "a path or a comparison"},
		{"$[?(@.a ==)]", 10, "operand is missing"},
		{"$[?(@.a = 1)]", 7, "white space"},
		{"$[?(@.a in [1])]", 7, "white space"},
		{"$[?(!@.a == 1)]", 4, "does not exist"},
		{"$[?(@.a && )]", 11, "operand is missing"},
		{"$[?(@.a == '&&')]", 14, "a path or a comparison"},
		{"$[?(@.a[*] == 1)]", 7, "select one node"},
		{"$[?(@.a[?(@.b)])]", 8, "has no filter"},
		{"$[?(@.a =~ 'x')]", 4, "regular expression"},
		{"$[?(@.a == /x/)]", 4, "regular expression"},
		{"$[?(@.a =~ /x/g)]", 11, "/…/ or /…/i"},
		{"$[?(@.a =~ /(?=x)/)]", 11, "error parsing regexp"},
	} {
		_, err := jsonpath.Parse(test.path)
		checkSyntaxError(t, test.path, err, test.offset, test.message)
	}
}

func checkSyntaxError(t *testing.T, path string, err error, offset int, message string) {
	t.Helper()
	var syntax *jsonpath.SyntaxError
	switch {
	case !errors.As(err, &syntax):
		t.Errorf("%s: error %v, want a syntax error", path, err)
	case !strings.Contains(syntax.Message, message):
		t.Errorf("%s: message %q, want it to contain %q", path, syntax.Message, message)
	case path != "" && syntax.Offset != offset:
		t.Errorf("%s: offset %d, want %d (%s)", path, syntax.Offset, offset, syntax.Message)
	}
}

func TestParseReference(t *testing.T) {
	for _, test := range []struct {
		path  string
		names []string
	}{
		{`$.store\.book`, []string{"store.book"}},
		{`$.\stor\e.boo\k`, []string{"store", "book"}},
		{`$.foo\@bar.baz\[\'foo\'\].\?pretty`, []string{"foo@bar", "baz['foo']", "?pretty"}},
		{`$.&Ж中.\uD800\uDF46`, []string{"&Ж中", "uD800uDF46"}},
		{`$['store\.book'].x`, []string{`store\.book`, "x"}},
		{`$.detail-type`, []string{"detail-type"}},
		{`$.a\*\ b`, []string{"a* b"}},
		{`$.length\(\)`, []string{"length()"}},
		{`$$.['a b'].['c']`, []string{"a b", "c"}},
	} {
		p, err := jsonpath.ParseReference(test.path)
		if err != nil {
			t.Errorf("%s: %v", test.path, err)
			continue
		}
		if names, only := p.Names(); !only || !cmp.Equal(names, test.names) {
			t.Errorf("%s: names %q, want %q", test.path, names, test.names)
		}
	}
	for _, test := range []struct {
		path    string
		offset  int
		message string
	}{
		{"$..a", 1, ".."},
		{"$.*", 2, "no *"},
		{"$[*]", 1, "only .name"},
		{"$.a[-1]", 3, "only .name"},
		{"$.a[0,1]", 3, "only .name"},
		{"$.a['b','c']", 3, "only .name"},
		{"$.a[1:]", 3, "only .name"},
		{"$.a[?(@.b)]", 3, "only .name"},
		{"$.a[(@.length-1)]", 3, "only .name"},
		{"$.a.length()", 10, "no ("},
		{"$.a@b", 3, "no @"},
		{`$.a\`, 3, "backslash"},
	} {
		_, err := jsonpath.ParseReference(test.path)
		checkSyntaxError(t, test.path, err, test.offset, test.message)
	}
}

func TestMustParsePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("MustParse accepted a wrong path")
		}
	}()
	jsonpath.MustParse("$[")
}

const document = `{
	"store": {"book": [
		{"title": "A", "price": 5, "tags": ["x"]}, {"title": "B", "price": 12.5}, {"title": "C", "price": "9", "isbn": null}
	]},
	"limit": 10, "n": null, "s": "text", "e": [], "length()": 7, "Test\\\"\"Name\"": "quoted"
}`

func TestGet(t *testing.T) {
	root := value.MustParse(document)
	for _, test := range []struct{ path, want string }{
		{"$", root.String()},
		{"$.store.book[1].title", `"B"`},
		{"$.n", "null"},
		{"  $.s\n", `"text"`},
		{"$.store.book.length()", "3"},
		{"$.e.length()", "0"},
		{"$.length()", "7"}, // no array: a name like any other
		{"$..book.length()", "[3]"},
		{`$['Test\""Name"']`, `"quoted"`},
		{"$.store.book[(@.length-1)].title", `"C"`},
		{"$.store.book[( @.size() - 2 )].title", `"B"`},
		{"$.store.book[*].title", `["A","B","C"]`},
		{"$.store.book[-2:].title", `["B","C"]`},
		{"$.store.book[:-1].title", `["A","B"]`},
		{"$.store.book[2,0].title", `["C","A"]`},
		{"$.store.book[0]['title','zz','price']", `{"title":"A","price":5}`},
		{"$.store.book[*].tags", `[["x"]]`}, // an element without it is passed over
		{"$..title", `["A","B","C"]`},
		{"$.store.book[?(@.price < $.limit)].title", `["A"]`}, // a text on the left is no number
		{"$.store.book[?('9' == @.price)].title", `["C"]`},
		{"$.store.book[?(@.price > 5 && @.price < 20)].title", `["B"]`},
		{"$.store.book[?(@.title == 'A' || @.title == 'C')].title", `["A","C"]`},
		{"$.store.book[?(@.title == 'A' && (@.price == 6 || @.title == 'C'))].title", `["C"]`}, // groups nothing
		{"$.store.book[?(@.title =~ /[ab]/i)].title", `["A","B"]`},
		{"$.store.book[?(@.isbn)].title", "[]"}, // null counts as missing
		{"$.store.book[?(!@.tags)].title", `["B","C"]`},
		{"$.store.book[?(@.tags == 'x')].title", "[]"},
		{"$.store.book[?(@.tags != 'x')].title", "[]"},
		{`$.store.book[?(@.title == "A")].title`, "[]"}, // the quotes are part of the text
		{"$.missing[*]", "[]"},
		{"$.missing[:1].x", "[]"},
		{"$.e[*]", "[]"},
		{"$.s.*", "[]"},
	} {
		got, err := jsonpath.MustParse(test.path).Get(root)
		if err != nil || got.String() != test.want {
			t.Errorf("%s: got %s, %v; want %s", test.path, got, err, test.want)
		}
	}
}

func TestGetErrors(t *testing.T) {
	root := value.MustParse(document)
	for _, test := range []struct{ path, message string }{
		{"$.no", "No results for path: $['no']"},
		{"$$.no", "No results for path: $['no']"},
		{"$.no.such.path", "Missing property in path $['no']"},
		{"$.store.no[0]", "Missing property in path $['store']['no']"},
		{"$.s.x", "Property ['x'] not found in path $['s']"},
		{"$.store.book.title", "Property ['title'] not found in path $['store']['book']"},
		{"$.n[0]", "The path $['n'] is null"},
		{"$.store.book[-1]", "Index out of bounds when evaluating path $['store']['book'][-1]"},
		{"$.store.book[3].x", "Index out of bounds when evaluating path $['store']['book'][3]"},
		{"$.store.book[(@.length-4)]", "Index out of bounds when evaluating path $['store']['book'][-1]"},
		{"$.store.book[0][0].x", "Filter: [0]['x'] can only be applied to arrays. " +
			"Current context is: {title=A, price=5, tags=[x]}"},
		{"$.s[?(@.a)]", "Filter: [?] can not be applied to primitives. Current context is: text"},
		{"$.store.book[?(@.title)].tags", "No results for path: $['store']['book'][1]['tags']"},
		{"$.store['book','x'].y", "Multi properties can only be used as path leafs: $['store']['book', 'x']"},
		{"$.store.book[?(@.price == x)]", `"x" is compared with a number and is none`},
		{"$.store.book[?(@[0])]", "Filter: [0] can only be applied to arrays. " +
			"Current context is: {title=A, price=5, tags=[x]}"},
		{"$.store.book[?]", "Filter: [?] has no condition"},
	} {
		got, err := jsonpath.MustParse(test.path).Get(root)
		var missing *jsonpath.NotFoundError
		if !errors.As(err, &missing) || missing.Message != test.message || missing.Path != test.path {
			t.Errorf("%s: got %s, %v; want the error %s", test.path, got, err, test.message)
		}
	}
}

func TestWorkIsBounded(t *testing.T) {
	deep := value.MustParse(strings.Repeat("[", 200) + strings.Repeat("]", 200))
	got, err := jsonpath.MustParse("$..*..*..*..*..*..*..*").Get(deep)
	if err == nil || !strings.Contains(err.Error(), "visits more than") {
		t.Errorf("got %d nodes, %v", got.Len(), err)
	}
}

func TestTextsCompareByUTF16(t *testing.T) {
	root := value.MustParse(`["😀","\ufffd"]`) // as code units 0xD83D before 0xFFFD
	got, err := jsonpath.MustParse("$[?(@ < '\ufffd')]").Get(root)
	if err != nil || got.String() != `["😀"]` {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestSet(t *testing.T) {
	for _, test := range []struct{ root, path, want string }{
		{`{"a":1}`, "$", "0"},
		{`{"a":1}`, "$.a", `{"a":0}`},
		{`{"a":1}`, "$.b", `{"a":1,"b":0}`},
		{`{"a":1}`, "$.b.c.d", `{"a":1,"b":{"c":{"d":0}}}`},
		{`{"a":{"b":[1,{"c":2}]},"d":3}`, "$.a.b[1].c", `{"a":{"b":[1,{"c":0}]},"d":3}`},
		{`{"a":{"b":[1,{"c":2}]},"d":3}`, "$['a']['b'][0]", `{"a":{"b":[0,{"c":2}]},"d":3}`},
		{`[[1]]`, "$[0][0]", `[[0]]`},
	} {
		got, err := jsonpath.MustParse(test.path).Set(value.MustParse(test.root), value.Int(0))
		if err != nil || got.String() != test.want {
			t.Errorf("%s in %s: got %s, %v; want %s", test.path, test.root, got, err, test.want)
		}
	}
	for _, test := range []struct{ root, path, message string }{
		{`"text"`, "$.x", `Unable to apply ReferencePath $.x to input "text"`},
		{`[1]`, "$.x.y", `Unable to apply ReferencePath $.x.y to input [1]`},
		{`null`, "$.x", `Unable to apply ReferencePath $.x to input null`},
		{`{"a":1}`, "$.a.b", `Unable to apply step "b" to input {"a":1}`},
		{`{"a":null}`, "$.a.b.c", `Unable to apply step "b" to input {"a":null}`},
		{`{"a":[]}`, "$.a[0]", `Unable to apply step "0" to input {"a":[]}`},
		{`{}`, "$.a[0].b", `Unable to apply step "0" to input {}`},
		{`{"a":[]}`, "$.a[*]", "$.a[*] is not a Reference Path"},
	} {
		root := value.MustParse(test.root)
		got, err := jsonpath.MustParse(test.path).Set(root, value.Int(0))
		var failure *jsonpath.SetError
		if !errors.As(err, &failure) || failure.Message != test.message || failure.Path != test.path {
			t.Errorf("%s in %s: got %s, %v; want the error %s", test.path, test.root, got, err, test.message)
		}
		if root.String() != test.root {
			t.Errorf("%s changed %s to %s", test.path, test.root, root)
		}
	}
}
