package graph

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// box is a place in a picture: its upper left corner, its width and its height.
type box struct{ x, y, w, h float64 }

func (b box) center() float64 { return b.x + b.w/2 }

// Distances in a picture, in pixels.
const (
	letter   = 7.2 // how wide a letter is at most, on the whole
	height   = 34
	dotSize  = 14 // the diameter of a start or an end
	gapX     = 28
	gapY     = 40
	padding  = 16
	heading  = 22
	lane     = 10 // how wide the way of an edge is that passes a row
	smallest = 60

	smallLetter = 5.4 // of a label
	labelHeight = 12
)

// size says how large a node is, and lays out what is in it.
func (n *node) size() {
	switch {
	case n.kind == start || n.kind == end:
		n.w, n.h = dotSize, dotSize
	case len(n.inside) > 0:
		x, tallest := float64(padding), 0.0
		for _, inner := range n.inside {
			w, h := inner.layout()
			inner.move(x, heading+padding)
			x, tallest = x+w+padding, max(tallest, h)
		}
		n.w, n.h = max(x, textWidth(n.name)+2*padding), tallest+heading+2*padding
		if n.each != "" {
			n.w = max(n.w, textWidth(n.name+" · "+n.each)+2*padding)
		}
	default:
		n.w, n.h = max(textWidth(n.name)+24, smallest), height
		if n.kind == "Choice" {
			n.w += 24
		}
	}
}

func textWidth(text string) float64 { return letter * float64(utf8.RuneCountInString(text)) }

// move moves a graph, with all that is in it.
func (g *graph) move(x, y float64) {
	for _, n := range g.nodes {
		n.x, n.y = n.x+x, n.y+y
	}
	for _, e := range g.edges {
		for _, p := range e.passes {
			p.x, p.y = p.x+x, p.y+y
		}
	}
}

// layout puts the nodes in rows, from the top to the bottom, and returns how much room they take. Nodes inside others have places in these.
func (g *graph) layout() (width, height float64) {
	for _, n := range g.nodes {
		n.size()
	}
	rows := g.rows()
	order(rows, g.through(rows))
	labels := map[*node]int{}
	for _, e := range g.edges {
		if e.label == "" {
			continue
		}
		at := e.first()
		labels[at]++
		at.room = max(at.room, smallLetter*float64(utf8.RuneCountInString(e.label)))
	}
	for _, row := range rows {
		w := -float64(gapX)
		for _, n := range row {
			w += max(n.w, n.room) + gapX
		}
		width = max(width, w)
	}
	y := 0.0
	for _, row := range rows {
		w, tallest, most := -float64(gapX), 0.0, 0
		for _, n := range row {
			w, tallest, most = w+max(n.w, n.room)+gapX, max(tallest, n.h), max(most, labels[n])
		}
		x := (width - w) / 2
		y += labelHeight * float64(most)
		for _, n := range row {
			room := max(n.w, n.room)
			n.x, n.y = x+(room-n.w)/2, y
			if n.kind == "" { // an edge passes the whole row
				n.h = tallest
			}
			x += room + gapX
		}
		y += tallest + gapY
	}
	return width, y - gapY
}

// rows gives each node its row: one below all that lead to it, but for those that lead back.
func (g *graph) rows() [][]*node {
	forward := map[*node][]*node{}
	state := map[*node]int{} // 1 is being visited, 2 is done
	var done []*node
	var visit func(n *node)
	visit = func(n *node) {
		state[n] = 1
		for _, e := range g.edges {
			if e.from != n || e.to == n || state[e.to] == 1 {
				continue
			}
			forward[n] = append(forward[n], e.to)
			if state[e.to] == 0 {
				visit(e.to)
			}
		}
		state[n] = 2
		done = append(done, n)
	}
	for _, n := range g.nodes {
		if state[n] == 0 {
			visit(n)
		}
	}
	lowest := 0
	for _, n := range slices.Backward(done) {
		for _, to := range forward[n] {
			to.rank = max(to.rank, n.rank+1)
			lowest = max(lowest, to.rank)
		}
	}
	rows := make([][]*node, lowest+1)
	for _, n := range g.nodes {
		if n.kind == end {
			n.rank = max(n.rank, lowest)
		}
		rows[n.rank] = append(rows[n.rank], n)
	}
	return folded(rows)
}

// folded makes several rows of one with many nodes, as a Choice of many rules has below it.
func folded(rows [][]*node) (all [][]*node) {
	const most = 7
	for _, row := range rows {
		for part := range slices.Chunk(row, most) {
			for _, n := range part {
				n.rank = len(all)
			}
			all = append(all, slices.Clone(part))
		}
	}
	return all
}

// through puts an empty node into each row that an edge passes, and returns what each node is joined to in the row above.
func (g *graph) through(rows [][]*node) map[*node][]*node {
	above := map[*node][]*node{}
	for _, e := range g.edges {
		from, to := e.from, e.to
		if from.rank > to.rank {
			from, to = to, from
		}
		before := from
		for rank := from.rank + 1; rank < to.rank; rank++ {
			pass := &node{rank: rank, box: box{w: lane}}
			rows[rank] = append(rows[rank], pass)
			e.passes = append(e.passes, pass)
			above[pass] = []*node{before}
			before = pass
		}
		if from.rank != to.rank {
			above[to] = append(above[to], before)
		}
	}
	return above
}

// order sorts each row by the middle of what its nodes are joined to above, and then below, so that few edges cross.
func order(rows [][]*node, above map[*node][]*node) {
	below := map[*node][]*node{}
	for n, all := range above {
		for _, a := range all {
			below[a] = append(below[a], n)
		}
	}
	place := map[*node]float64{}
	number := func(row []*node) {
		for i, n := range row {
			place[n] = float64(i) - float64(len(row))/2
		}
	}
	for _, row := range rows {
		number(row)
	}
	middle := func(n *node, joined []*node) float64 {
		if len(joined) == 0 {
			return place[n]
		}
		sum := 0.0
		for _, j := range joined {
			sum += place[j]
		}
		return sum / float64(len(joined))
	}
	sort := func(row []*node, joined map[*node][]*node) {
		slices.SortStableFunc(row, func(a, b *node) int { return cmp.Compare(middle(a, joined[a]), middle(b, joined[b])) })
		number(row)
	}
	for range 4 {
		for _, row := range rows[1:] {
			sort(row, above)
		}
		for _, row := range slices.Backward(rows[:len(rows)-1]) {
			sort(row, below)
		}
	}
}
