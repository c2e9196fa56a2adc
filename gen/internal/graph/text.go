package graph

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/internal/visible"
)

// Mermaid returns a flow chart of a machine in the language of Mermaid: https://mermaid.js.org/syntax/flowchart.html.
func Mermaid(m *ast.Machine) string {
	var b strings.Builder
	b.WriteString("flowchart TD\n")
	mermaid(&b, (&builder{}).of(m), "\t")
	b.WriteString("\tclassDef failed stroke:#b33\n")
	return b.String()
}

func mermaid(b *strings.Builder, g *graph, indent string) {
	for _, n := range g.nodes {
		name := mermaidText(n.name)
		switch {
		case n.kind == start:
			fmt.Fprintf(b, "%s%s((\" \"))\n", indent, n.id)
		case n.kind == end:
			fmt.Fprintf(b, "%s%s(((\" \")))\n", indent, n.id)
		case len(n.inside) > 0:
			fmt.Fprintf(b, "%ssubgraph %s[\"%s\"]\n", indent, n.id, name)
			for i, inner := range n.inside {
				title := n.each
				if title == "" {
					title = "branch " + strconv.Itoa(i+1)
				}
				fmt.Fprintf(b, "%s\tsubgraph %s_%d[\"%s\"]\n", indent, n.id, i, title)
				mermaid(b, inner, indent+"\t\t")
				fmt.Fprintf(b, "%s\tend\n", indent)
			}
			fmt.Fprintf(b, "%send\n", indent)
		case n.kind == "Choice":
			fmt.Fprintf(b, "%s%s{\"%s\"}\n", indent, n.id, name)
		case n.kind == "Fail":
			fmt.Fprintf(b, "%s%s[\"%s\"]:::failed\n", indent, n.id, name)
		case n.kind == "Succeed" || n.kind == "Pass":
			fmt.Fprintf(b, "%s%s(\"%s\")\n", indent, n.id, name)
		default:
			fmt.Fprintf(b, "%s%s[\"%s\"]\n", indent, n.id, name)
		}
	}
	for _, e := range g.edges {
		arrow := "-->"
		if e.caught {
			arrow = "-.->"
		}
		label := ""
		if e.label != "" {
			label = `|"` + mermaidText(e.label) + `"|`
		}
		fmt.Fprintf(b, "%s%s %s%s %s\n", indent, e.from.id, arrow, label, e.to.id)
	}
}

// mermaidText writes a text as Mermaid takes it in quotes: what means something there stands as its number.
func mermaidText(text string) string {
	var b strings.Builder
	for _, r := range visible.Escape(text, "") {
		if strings.ContainsRune(`"#<>&|[]{}();`+"`", r) {
			fmt.Fprintf(&b, "#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// DOT returns a machine in the language of Graphviz: https://graphviz.org/doc/info/lang.html.
func DOT(m *ast.Machine) string {
	g := (&builder{}).of(m)
	var b strings.Builder
	b.WriteString("digraph {\n\tcompound=true\n\tfontname=\"sans-serif\"\n\tnode [shape=box, style=rounded, fontname=\"sans-serif\"]\n\tedge [fontname=\"sans-serif\", fontsize=10]\n")
	dot(&b, g, "\t")
	b.WriteString("}\n")
	return b.String()
}

func dot(b *strings.Builder, g *graph, indent string) {
	for _, n := range g.nodes {
		switch {
		case n.kind == start:
			fmt.Fprintf(b, "%s%s [shape=circle, style=filled, label=\"\", width=0.2]\n", indent, n.id)
		case n.kind == end:
			fmt.Fprintf(b, "%s%s [shape=doublecircle, style=filled, label=\"\", width=0.15]\n", indent, n.id)
		case len(n.inside) > 0:
			fmt.Fprintf(b, "%ssubgraph cluster_%s {\n%s\tlabel=%s\n", indent, n.id, indent, dotText(n.name))
			for i, inner := range n.inside {
				fmt.Fprintf(b, "%s\tsubgraph cluster_%s_%d {\n%s\t\tlabel=%s\n%s\t\tstyle=dotted\n", indent, n.id, i, indent, dotText(n.each), indent)
				dot(b, inner, indent+"\t\t")
				fmt.Fprintf(b, "%s\t}\n", indent)
			}
			fmt.Fprintf(b, "%s}\n", indent)
		default:
			shape := map[string]string{"Choice": ", shape=diamond, style=\"\"", "Fail": ", color=\"#bb3333\""}[n.kind]
			fmt.Fprintf(b, "%s%s [label=%s%s]\n", indent, n.id, dotText(n.name), shape)
		}
	}
	for _, e := range g.edges {
		var more []string
		if e.label != "" {
			more = append(more, "label="+dotText(e.label))
		}
		if e.caught {
			more = append(more, "style=dashed")
		}
		from, to := e.from, e.to // a cluster is reached by a node in it
		if len(from.inside) > 0 {
			more = append(more, "ltail=cluster_"+from.id)
			last := from.inside[0].nodes
			from = last[len(last)-1]
		}
		if len(to.inside) > 0 {
			more = append(more, "lhead=cluster_"+to.id)
			to = to.inside[0].nodes[0]
		}
		attributes := ""
		if more != nil {
			attributes = " [" + strings.Join(more, ", ") + "]"
		}
		fmt.Fprintf(b, "%s%s -> %s%s\n", indent, from.id, to.id, attributes)
	}
}

// dotText writes a text in quotes.
func dotText(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(visible.Escape(text, "")) + `"`
}
