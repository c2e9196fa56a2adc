package jsonpath_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// jars are where Debian's libjsonpath-java, which is Jayway 2.0.0, puts what it needs.
var jars = []string{
	"/usr/share/java/json-path-2.0.0.jar", "/usr/share/java/json-smart.jar", "/usr/share/java/slf4j-api.jar",
	"/usr/share/java/asm-all.jar", "/usr/share/java/accessors-smart.jar",
}

const differentialDocuments = `[
	{"a":{"b":{"c":1},"a":[]},"b":[1,2.5,-3,1000.0,"2","x",null,true,{"a":1},[1,2]],"c":"text","d":null,"e":{},
		"f":[{"a":1,"b":"x"},{"a":2,"b":"y","c":{"a":1}},{"a":"1"},{"a":null},{"b":true},{}],"a b":1,"x.y":{"a":"é😀"}},
	[{"a":1,"b":[1,2,3]},{"a":2,"b":[]},{"a":3,"c":"x"},[{"a":4}],"a",5],
	[[1,2],[3,[4,5]],[]]
]`

// TestDifferential compares random paths with Jayway itself. JSONPATH_SEED chooses other paths.
func TestDifferential(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a Java program")
	}
	if _, err := os.Stat(jars[0]); err != nil {
		t.Skip("libjsonpath-java is not installed")
	}
	seed, _ := strconv.ParseUint(os.Getenv("JSONPATH_SEED"), 10, 64)
	g := generator{rand.New(rand.NewPCG(seed, 0))}
	documents := value.MustParse(differentialDocuments)
	input := bytes.NewBufferString(documents.String() + "\n")
	rows := make([]oracleRow, 20_000)
	for i := range rows {
		rows[i] = oracleRow{ID: strconv.Itoa(i), Path: g.path(), Doc: strconv.Itoa(g.IntN(documents.Len()))}
		fmt.Fprintf(input, "%s\t%s\n", rows[i].Doc, value.String(rows[i].Path))
	}
	command := exec.Command("java", "-cp", strings.Join(jars, ":"), "testdata/Jayway.java")
	command.Stdin = input
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(output))
	lines.Buffer(nil, 1<<20)
	for i := 0; lines.Scan() && !t.Failed(); i++ {
		if err := json.Unmarshal(lines.Bytes(), &rows[i]); err != nil {
			t.Fatalf("%s: %v", lines.Bytes(), err)
		}
		index, _ := strconv.Atoi(rows[i].Doc)
		if problem := rows[i].check(documents.At(index)); problem != "" && rows[i].exception() == "" {
			t.Errorf("%s on document %d: %s", rows[i].Path, index, problem)
		}
	}
}

// generator makes paths that are mostly right.
type generator struct{ *rand.Rand }

func (g generator) pick(texts ...string) string { return texts[g.IntN(len(texts))] }

func (g generator) name() string { return g.pick("a", "b", "c", "d", "e", "f", "a b", "x.y", "zz") }

func (g generator) path() string {
	path := "$"
	for range g.IntN(5) {
		path += g.step()
	}
	return path
}

func (g generator) step() string {
	n, m := strconv.Itoa(g.IntN(7)-3), strconv.Itoa(g.IntN(9)-4)
	switch g.IntN(16) {
	case 0:
		return "['" + g.name() + "']"
	case 1:
		return "['" + g.name() + g.pick("','", "', '") + g.name() + "']"
	case 2, 3:
		return "[" + n + "]"
	case 4:
		return g.pick(".*", "..*", "[*]", ".[*]")
	case 5:
		return "[" + n + g.pick(",", ", ", ":", " : ") + m + "]"
	case 6:
		return g.pick("["+n+":]", "[:"+n+"]", "["+n+",]", "[:]", "["+n+":"+m+":2]")
	case 7:
		return g.pick("[(@.length-1)]", "[(@.length() - 2)]", "[(@.size()-9)]")
	case 8:
		return ".." + g.pick("a", "b", "*", "[0]", "[*]", "['a']", "[1:]")
	case 9, 10, 11:
		return g.pick("", ".", "..") + g.filter()
	case 12:
		return g.pick("[?]", ".[?]", " .a", ".['a']", ".[0]", ".a-b", ".@a", ".$a", ".a()", ".a,b")
	}
	return "." + g.name()
}

func (g generator) filter() string {
	filter := g.condition()
	for range g.IntN(3) {
		filter = g.pick("", "(") + filter + g.pick(" && ", " || ", "&&") + g.condition()
	}
	filter += strings.Repeat(")", strings.Count(filter, "(")-strings.Count(filter, ")"))
	return g.pick("[?(", "[?( ", "[? (") + filter + g.pick(")]", " )]")
}

func (g generator) condition() string {
	if g.IntN(4) == 0 {
		return g.pick("", "!") + g.operand()
	}
	if g.IntN(6) == 0 {
		return g.operand() + g.pick("=~", " =~ ") + g.pick("/x/", "/X/i", "/.*/", "/[0-9]+/", "/t.*t/")
	}
	right := g.pick("@.b[1]", "@.c.a", g.literal(), g.fromRoot()) // never the same node: Jayway compares identities first
	if left := g.operand(); g.IntN(4) > 0 {
		return left + g.pick("", " ") + g.operator() + g.pick("", " ") + right
	}
	return g.literal() + g.operator() + g.operand()
}

func (g generator) operator() string { return g.pick("==", "!=", "<", "<=", ">", ">=") }

func (g generator) literal() string {
	return g.pick("1", "2", "2.5", "-3", "1e3", "true", "false", "null", `"x"`, "x", "'null'", "1.0",
		"'x'", "'1'", "'text'", "'a b'", "''")
}

func (g generator) fromRoot() string {
	return "$" + g.pick(".c", ".b[0]", ".a.b.c", "[0].a", ".zz", "['a b']")
}

func (g generator) operand() string {
	if g.IntN(5) == 0 {
		return g.fromRoot()
	}
	return "@" + g.pick("", ".a", ".b", ".a.b", "['a']", "[0]", "[-1]", ".*", "..a", "['a','b']", "[(@.length-1)]")
}
