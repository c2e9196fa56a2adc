package jsonata_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generatedInput is the document that generated expressions look into.
const generatedInput = `{
  "a": [{"n": 3, "s": "x", "tags": ["p", "q"], "in": {"k": 1}}, {"n": 1, "s": "y", "tags": [], "in": {"k": 2}},
    {"n": 2.5, "s": "x", "tags": ["q"]}, {"s": "zz", "n": -4, "in": [{"k": 3}, {"k": 4}]}],
  "b": {"c": {"d": [1, 2, 3], "e": "hello world"}, "x": null, "y": true, "z": []},
  "list": [5, "five", null, true, [6, [7]], {"n": 8}],
  "nums": [4, 8, 15, 16, 23, 42], "one": [9], "text": "The quick brown fox", "when": "2017-10-30T16:25:32.935Z",
  "orders": [{"id": 1, "items": [{"sku": "A", "qty": 2}, {"sku": "B", "qty": 1}]}, {"id": 2, "items": [{"sku": "A", "qty": 5}]}],
  "prices": [{"sku": "A", "price": 10}, {"sku": "B", "price": 2.5}], "10": "ten", "2": "two"
}`

// generator makes expressions at random.
type generator struct{ *rand.Rand }

func (g generator) of(options ...string) string { return options[g.IntN(len(options))] }

func (g generator) number() string {
	return g.of("0", "1", "2", "-1", "3.7", "-2.5", "100", "1e3", "12345.6789", "0.1", "7", "1e21", "0.0000001")
}

func (g generator) text() string {
	return g.of(`"x"`, `"hello"`, `""`, `"A"`, `"1"`, `"-3.5e2"`, `"a,b,c"`, `"é"`, `"😀b"`, `"#,##0.00"`, `"[Y]-[M01]"`, `"2018-04-01"`)
}

func (g generator) field() string {
	return g.of("a", "b", "n", "s", "tags", "in", "k", "list", "nums", "one", "text", "orders", "items", "sku", "qty", "prices",
		"price", "id", "c", "d", "e", "missing", "x", "`2`", "when")
}

func (g generator) step() string {
	return g.of(g.field(), g.field(), g.field(), "*", "$", "**")
}

// path is a path whose filters, groups and constructors have expressions of less depth.
func (g generator) path(depth int) string {
	s := g.of("a", "b.c", "orders", "orders.items", "nums", "list", "prices", "$", "a.in", "one", "b", g.step())
	for range g.IntN(3) {
		switch g.IntN(9) {
		case 0:
			s += "[" + g.expr(depth-1) + "]"
		case 1:
			s += "[" + g.of("0", "-1", "1", "[0,1]", "n > 1", "$ > 4", "s = 'x'", "qty", "k") + "]"
		case 2:
			s += "[]"
		case 3:
			s += ".(" + g.expr(depth-1) + ")"
		case 4:
			s += ".{" + g.of(`"k"`, "s", "$string(id)") + ": " + g.expr(depth-1) + "}"
		case 5:
			s += ".[" + g.expr(depth-1) + ", " + g.expr(depth-1) + "]"
		default:
			s += "." + g.step()
		}
	}
	switch g.IntN(12) {
	case 0:
		s += "^(" + g.of("", ">", "<") + g.of("n", "s", "qty", "$", g.expr(depth-1)) + ")"
	case 1:
		s += "{" + g.of("s", "sku", `"all"`, "$string($)") + ": " + g.expr(depth-1) + "}"
	}
	return s
}

func (g generator) tuples() string {
	return g.of(
		"orders@$o.items@$i.prices[sku = $i.sku].{'id': $o.id, 'p': price * $i.qty}",
		"orders@$o.items.{'o': $o.id, 's': sku}", "a#$i[n > 0].{'i': $i, 'n': n}", "orders.items.{'id': %.id, 'sku': sku}",
		"orders.items.sku.%.%.id", "a.in.k.%.%.s", "a#$i.tags#$j.($i & '-' & $j & $)", "a^(n)#$i.[$i, n]",
		"orders.items[%.id = 2].sku", "orders.items.%[id = 1].id", "orders#$o.items#$i{sku: $sum($i)}",
		"orders@$o.items@$i{$o.id & '': $i.qty}", "nums#$i[$i % 2 = 0]", "a[0].in.%.n", "orders.items^(%.id, >qty).sku",
		"prices@$p.orders.items[sku = $p.sku].(qty * $p.price)", "orders.(items)[0].%.id", "(orders.items)#$i[1].{'i': $i}",
	)
}

func (g generator) lambda(depth int) string {
	body := g.of("$v", "$v.n", "$v & '!'", "$string($v)", "$v = 1", "$i", "{'v': $v}", "[$v]", g.expr(depth-1))
	return "function(" + g.of("$v", "$v, $i", "$v, $i, $a") + ") { " + body + " }"
}

// call calls a function, mostly with arguments that it takes.
func (g generator) call(depth int) string {
	e := func() string { return g.expr(depth - 1) }
	switch g.IntN(6) {
	case 0:
		f := g.of("string", "number", "length", "uppercase", "lowercase", "trim", "sum", "count", "max", "min", "average", "floor",
			"ceil", "abs", "sqrt", "round", "boolean", "not", "exists", "keys", "spread", "merge", "reverse", "distinct", "type",
			"sort", "single", "base64encode", "encodeUrl", "encodeUrlComponent", "clone", "fromMillis", "toMillis")
		return "$" + f + "(" + e() + ")"
	case 1:
		f := g.of("map", "filter", "single", "each", "sift", "reduce", "sort")
		args := map[string]string{"reduce": "function($p, $q) { " + g.of("$p + $q", "$p & $q", "$append($p, $q)") + " }",
			"sort": "function($l, $r) { " + g.of("$l > $r", "$l.n < $r.n", "$string($l) > $string($r)") + " }"}
		arg := args[f]
		if arg == "" {
			arg = g.lambda(depth)
		}
		return "$" + f + "(" + e() + ", " + arg + ")"
	case 2:
		return "$" + g.of("append", "zip", "lookup", "split", "join", "contains", "substringBefore", "substringAfter", "pad",
			"substring", "power", "round", "formatNumber", "formatInteger", "toMillis", "fromMillis", "parseInteger") +
			"(" + e() + ", " + e() + ")"
	case 3:
		return g.of(
			"$substring("+g.text()+", "+g.number()+", "+g.number()+")", "$pad("+g.text()+", "+g.number()+", '#')",
			"$formatNumber("+g.number()+", '"+g.picture()+"')",
			// Of zero and of negative numbers the reference never finds the exponent.
			"$formatNumber("+g.of("1", "12345.678", "0.00123", "999999", "1e20")+", '"+g.of("0.0e0", "#.#e00", "00.00e0", "#e0")+"')",
			"$formatInteger("+g.number()+", '"+g.integerPicture()+"')",
			"$fromMillis("+g.of("0", "1510067557121", "-86400000", "951782400000")+", '"+g.datePicture()+"'"+
				g.of("", ", '+0530'", ", '-0500'")+")",
			"$replace("+g.of("text", g.text())+", "+g.regex()+", "+g.of("'[$0]'", "'$1'", "'$$'", "$uppercase")+")",
			"$toMillis($fromMillis("+g.of("0", "1510067557121", "951782400000")+", '"+g.datePicture()+"'), '"+g.datePicture()+"')",
			"$toMillis("+g.of("when", "'2018'", "'2018-02-30'", "'2018-12-25T10:00:00'", "'2018-12-25T10:00:00+0130'", "'x'",
				"'2018-06'", "'2018-12-25T24:00:00Z'", "'2018-12-25T10:00:00.12345-05:00'")+")",
			"$match("+g.of("text", g.text())+", "+g.regex()+")", "$split(text, "+g.regex()+")", "$contains(text, "+g.regex()+")",
			"$round("+g.number()+", "+g.of("0", "1", "2", "-1", "-2")+")", "$number("+g.text()+")", "$string("+e()+", true)",
			"$formatBase("+g.of("255", "-7.5", "1e5", "0", "3.5")+", "+g.of("2", "16", "36", "1")+")",
			"$parseInteger($formatInteger("+g.of("7", "42", "1999", "12345")+", '"+g.integerPicture()+"'), '"+g.integerPicture()+"')",
		)
	case 4:
		return e() + " ~> $" + g.of("string", "count", "sum", "uppercase", "map("+g.lambda(depth)+")", "append("+e()+")")
	}
	return "($f := " + g.lambda(depth) + "; $f(" + e() + g.of("", ", 1") + "))"
}

func (g generator) picture() string {
	return g.of("#,##0.00", "0", "00.0#", "#0.##%", "#,##,##0", "000;(000)", "0‰", ".00", "#", "0.000,0", "1,0")
}

func (g generator) integerPicture() string {
	return g.of("1", "001", "#,##0", "w", "W", "Ww", "w;o", "1;o", "i", "I", "a", "A", "0,0", "#:000", "٠٠١")
}

func (g generator) datePicture() string {
	return g.of("[Y0001]-[M01]-[D01]", "[FNn], [D1o] [MNn] [Y]", "[H01]:[m01]:[s01].[f001]", "[h]:[m] [P]", "[X]-W[W01]-[F1]",
		"[w] [x] [xNn]", "[YI] [MW] [Dwo]", "[Z] [z] [Z0000] [Z00:00t]", "[d] [C] [E]", "[D]/[M]/[Y]", "[Y]-[d]", "[h]:[m] [PN]", "[MNn] [D1o], [Y]", "[Yw]", "[Y0001][M01][D01]", "[H01]:[m01] [Z]",
		"[Y]-[M]-[D]T[H]:[m]:[s][Z0000]", "[X]-[W]", "[D#1] [MNn,3-3] [Y]", "[FNn], [D] [Mi] [YI]", "[MN,3-3] [Y,2]", "[[x]] [Q]", "[Y", "[H#1][PN]")
}

func (g generator) regex() string {
	return g.of("/[a-z]+/", "/o/i", "/(\\w)(\\w)/", "/ /", "/q(?=u)/", "/(.)\\1/", "/^T/m", "/x*/", "/b|(c)/", "/é/")
}

// expr is an expression of some depth.
func (g generator) expr(depth int) string {
	if depth <= 0 {
		return g.of(g.number(), g.text(), g.field(), "true", "null", "$", "nums", "a.n", "missing", "[1,2,3]", "[]", "{}", "'x'")
	}
	e := func() string { return g.expr(depth - 1) }
	switch g.IntN(16) {
	case 0, 1, 2:
		return g.path(depth)
	case 3:
		return e() + g.of(" + ", " - ", " * ", " / ", " % ", " & ", " & ") + e()
	case 4:
		return e() + g.of(" = ", " != ", " < ", " <= ", " > ", " >= ", " in ") + e()
	case 5:
		return "(" + e() + g.of(" and ", " or ") + e() + ")"
	case 6:
		return "(" + e() + " ? " + e() + g.of(" : "+e(), "") + ")"
	case 7:
		return "[" + strings.Join([]string{e(), e()}[:1+g.IntN(2)], ", ") + "]"
	case 8:
		return "{" + fmt.Sprintf("%q: %s, %s: %s", "p"+g.number(), e(), g.of(`"q"`, `"3"`, `"1"`, "s", "text"), e()) + "}"
	case 9:
		return "[" + g.of("0", "1", "-2", "nums[0]") + ".." + g.of("3", "0", "$count(a)", "missing", "2.5") + "]"
	case 10:
		return g.tuples()
	case 11:
		return "(" + e() + ")" + g.of("[0]", "[-1]", ".n", "[]", ".s", "[n>1]", ".*", ".$string()", "{'k': $}", ".in.k")
	case 12:
		return g.of("$", "b", "orders[0]") + " ~> |" + g.of("$", "items", "a", "c", "**[n]") + "|{'new': " + e() + "}" +
			g.of("", ", 'n'", ", ['s','sku']") + "|"
	}
	return g.call(depth)
}
