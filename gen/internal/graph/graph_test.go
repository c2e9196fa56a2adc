package graph

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/parse"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// machines calls f with the machines of testdata that can be parsed.
func machines(t *testing.T, f func(t *testing.T, m *ast.Machine)) {
	names, err := filepath.Glob("../../../testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(filepath.Base(name), "faults_") {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			var found diag.List
			if m := parse.File(source.New("m.json", archive.Files[0].Data).Substitute(nil), &found); m != nil && !found.HasErrors() {
				f(t, m)
			}
		})
	}
}

// Nodes have room, and edges lead down but for those that lead back.
func TestLayout(t *testing.T) {
	machines(t, func(t *testing.T, m *ast.Machine) {
		g := (&builder{}).of(m)
		w, h := g.layout()
		apart(t, g, w, h)
	})
}

// apart holds the nodes of a graph to be in its room and apart from each other.
func apart(t *testing.T, g *graph, w, h float64) {
	t.Helper()
	for i, n := range g.nodes {
		if n.x < -0.1 || n.y < -0.1 || n.x+n.w > w+0.1 || n.y+n.h > h+0.1 {
			t.Errorf("%s is at %+v, outside %v, %v", n.name, n.box, w, h)
		}
		for _, other := range g.nodes[i+1:] {
			if n.x < other.x+other.w && other.x < n.x+n.w && n.y < other.y+other.h && other.y < n.y+n.h {
				t.Errorf("%q and %q cover each other: %+v, %+v", n.name, other.name, n.box, other.box)
			}
		}
		for _, inner := range n.inside {
			apart(t, inner, n.w, n.h)
		}
	}
	for _, e := range g.edges {
		if d := e.to.rank - e.from.rank; len(e.passes) != max(d, -d, 1)-1 {
			t.Errorf("the edge from %q to %q passes %d rows of %d", e.from.name, e.to.name, len(e.passes), d)
		}
	}
}

// An SVG is XML, and has each state once.
func TestSVG(t *testing.T) {
	machines(t, func(t *testing.T, m *ast.Machine) {
		picture := SVG(m)
		decoder := xml.NewDecoder(strings.NewReader(picture))
		shapes := 0
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if e, ok := token.(xml.StartElement); ok && (e.Name.Local == "rect" || e.Name.Local == "polygon") {
				shapes++
			}
		}
		states := 0
		for range m.AllStates() {
			states++
		}
		if shapes != states {
			t.Errorf("%d shapes for %d states", shapes, states)
		}
	})
}

const machine = `{"StartAt": "A \"q\"", "States": {
	"A \"q\"": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThanEquals": 3, "Next": "P"},
		{"And": [{"Variable": "$.a", "IsPresent": true}, {"Not": {"Variable": "$.b", "StringEqualsPath": "$.c"}}], "Next": "M"}], "Default": "F"},
	"P": {"Type": "Parallel", "Branches": [{"StartAt": "X", "States": {"X": {"Type": "Succeed"}}}], "Catch": [{"ErrorEquals": ["E", "G"], "Next": "F"}], "Next": "A \"q\""},
	"M": {"Type": "Map", "ItemProcessor": {"StartAt": "Y", "States": {"Y": {"Type": "Pass", "End": true}}}, "End": true},
	"F": {"Type": "Fail"}}}`

func parsed(t *testing.T) *ast.Machine {
	t.Helper()
	var found diag.List
	m := parse.File(source.New("m.json", []byte(machine)), &found)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMermaid(t *testing.T) {
	const want = `flowchart TD
	n1((" "))
	n2{"A #34;q#34;"}
	subgraph n3["P"]
		subgraph n3_0["branch 1"]
			n4((" "))
			n5("X")
			n6(((" ")))
			n4 --> n5
			n5 --> n6
		end
	end
	subgraph n7["M"]
		subgraph n7_0["each item"]
			n8((" "))
			n9("Y")
			n10(((" ")))
			n8 --> n9
			n9 --> n10
		end
	end
	n11["F"]:::failed
	n12(((" ")))
	n1 --> n2
	n2 -->|"$.n ≤ 3"| n3
	n2 -->|"$.a IsPresent and not $.b = $.c"| n7
	n2 -->|"otherwise"| n11
	n3 --> n2
	n3 -.->|"E, G"| n11
	n7 --> n12
	classDef failed stroke:#b33
`
	if got := Mermaid(parsed(t)); got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
}

func TestDOT(t *testing.T) {
	got := DOT(parsed(t))
	for _, want := range []string{
		`n2 [label="A \"q\"", shape=diamond, style=""]`, `subgraph cluster_n3 {`, `n2 -> n4 [label="$.n ≤ 3", lhead=cluster_n3]`,
		`n6 -> n2 [ltail=cluster_n3]`, `n6 -> n11 [label="E, G", style=dashed, ltail=cluster_n3]`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
	}
	if fmt.Sprint(strings.Count(got, "{"), strings.Count(got, "}")) != "5 5" {
		t.Error(got)
	}
}
