package graph

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/internal/visible"
)

// SVG returns a picture of a machine.
func SVG(m *ast.Machine) string {
	g := (&builder{}).of(m)
	w, h := g.layout()
	g.move(padding, padding)
	w, h = w+2*padding, h+2*padding
	var b strings.Builder
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" font-family=\"sans-serif\" font-size=\"12\">\n", w, h, w, h)
	b.WriteString(style)
	draw(&b, g)
	b.WriteString("</svg>\n")
	return b.String()
}

// style has the colours for light and for dark pages.
const style = `<style>
rect, path, circle, polygon { fill: #fff; stroke: #456; }
.inside { fill: #f4f6f8; } .branch { fill: none; stroke-dasharray: 2 3; } .fail { stroke: #b33; } .dot { fill: #456; }
.edge { fill: none; } .caught { stroke-dasharray: 5 4; stroke: #a55; } .tip { fill: #456; stroke: none; }
text { fill: #123; text-anchor: middle; } .label { font-size: 10px; fill: #567; paint-order: stroke; stroke: #fff; stroke-width: 3px; }
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>
`

func draw(b *strings.Builder, g *graph) {
	for _, n := range g.nodes {
		n.draw(b)
	}
	for _, e := range g.edges {
		e.draw(b)
	}
	taken := map[*node]int{}
	for _, e := range g.edges {
		e.drawLabel(b, taken)
	}
}

func (n *node) draw(b *strings.Builder) {
	title := svgText(n.name)
	switch {
	case n.kind == start || n.kind == end:
		fmt.Fprintf(b, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n", n.center(), n.y+n.h/2, n.w/2)
		if n.kind == end {
			fmt.Fprintf(b, "<circle class=\"edge\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n", n.center(), n.y+n.h/2, n.w/2+3)
		}
		return
	case len(n.inside) > 0:
		fmt.Fprintf(b, "<rect class=\"inside\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"6\"/>\n", n.x, n.y, n.w, n.h)
		if n.each != "" {
			title = svgText(n.name + " · " + n.each)
		}
		fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n", n.center(), n.y+heading-5, title)
		for _, inner := range n.inside {
			inner.move(n.x, n.y)
			draw(b, inner)
		}
		return
	case n.kind == "Choice":
		fmt.Fprintf(b, "<polygon points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f\"/>\n",
			n.x, n.y+n.h/2, n.x+12, n.y, n.x+n.w-12, n.y, n.x+n.w, n.y+n.h/2, n.x+n.w-12, n.y+n.h, n.x+12, n.y+n.h)
	default:
		class, round := "", 5
		if n.kind == "Fail" {
			class = ` class="fail"`
		}
		if n.kind == "Succeed" || n.kind == "Pass" {
			round = height / 2
		}
		fmt.Fprintf(b, "<rect%s x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\"/>\n", class, n.x, n.y, n.w, n.h, round)
	}
	fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\"><title>%s</title>%s</text>\n", n.center(), n.y+n.h/2+4, svgText(n.kind), title)
}

// draw draws an edge from the bottom of a node to the top of another, through the rows between; one that leads back from the top to the bottom,
// on the right. One that stays in its row leaves and arrives at the side.
func (e *edge) draw(b *strings.Builder) {
	class := "edge"
	if e.caught {
		class += " caught"
	}
	from, to := point{e.from.center(), e.from.y + e.from.h}, point{e.to.center(), e.to.y - 1}
	passes := e.passes
	switch back := e.to.rank < e.from.rank; {
	case e.to.rank == e.from.rank:
		from, to = point{e.from.x + e.from.w, e.from.y + e.from.h/2}, point{e.to.x + e.to.w, e.to.y + e.to.h/2}
		out := max(from.x, to.x) + gapX*0.8
		if e.from == e.to {
			from.y, to.y = from.y-6, to.y+6
		}
		fmt.Fprintf(b, "<path class=\"%s\" marker-end=\"url(#tip)\" d=\"M%s C%.1f %.1f %.1f %.1f %s\"/>\n", class, from, out, from.y, out, to.y, to)
		return
	case back:
		from, to = point{e.from.center() + e.from.w/4, e.from.y}, point{e.to.center() + e.to.w/4, e.to.y + e.to.h + 1}
		passes = slices.Clone(passes)
		slices.Reverse(passes)
	}
	path, at := "M"+from.String(), from
	for _, p := range passes {
		in, out := point{p.center(), p.y}, point{p.center(), p.y + p.h}
		if e.to.rank < e.from.rank {
			in, out = out, in
		}
		path += curve(at, in) + " L" + out.String()
		at = out
	}
	path += curve(at, to)
	fmt.Fprintf(b, "<path class=\"%s\" marker-end=\"url(#tip)\" d=\"%s\"/>\n", class, path)
}

// drawLabel writes what an edge says above the first node that it comes to, over the labels of others that come there.
func (e *edge) drawLabel(b *strings.Builder, taken map[*node]int) {
	if e.label == "" {
		return
	}
	at := e.first()
	y := at.y - 10 - labelHeight*float64(taken[at])
	taken[at]++
	fmt.Fprintf(b, "<text class=\"label\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", at.center(), y, svgText(e.label))
}

// first returns the node that an edge comes to first, which may be an empty one.
func (e *edge) first() *node {
	switch {
	case len(e.passes) == 0:
		return e.to
	case e.to.rank < e.from.rank:
		return e.passes[len(e.passes)-1]
	}
	return e.passes[0]
}

func curve(from, to point) string {
	half := (to.y - from.y) / 2
	return fmt.Sprintf(" C%.1f %.1f %.1f %.1f %s", from.x, from.y+half, to.x, to.y-half, to)
}

type point struct{ x, y float64 }

func (p point) String() string { return fmt.Sprintf("%.1f %.1f", p.x, p.y) }

func svgText(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(visible.Escape(text, ""))) // a builder takes all
	return b.String()
}
