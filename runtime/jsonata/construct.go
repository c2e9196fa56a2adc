package jsonata

import "slices"

// array compiles an array constructor. What its elements give is flattened, except for constructors in it.
func (c *compiler) array(n *node) evalFunc {
	elements := make([]evalFunc, len(n.list))
	nested := make([]bool, len(n.list))
	for i, e := range n.list {
		elements[i], nested[i] = c.node(e), e.kind == arrayNode
	}
	constructed := n.constructed
	return func(x *evaluation, in item, env *frame) item {
		x.allocate(len(elements) + madeItems)
		items := make([]item, 0, len(elements))
		for i, element := range elements {
			v := element(x, in, env)
			switch {
			case v.kind == undefinedKind:
			case v.kind != arrayKind || nested[i]:
				items = x.push(items, v)
			default:
				items = x.pushAll(items, v)
			}
		}
		return (&made{items: items, constructed: constructed}).array()
	}
}

// object compiles an object constructor: a group-by over the context. If its names are known it needs no groups, unless
// the context is an array.
func (c *compiler) object(n *node) evalFunc {
	g := c.grouping(n.pairs, n.offset, n.end)
	names, ok := literalNames(n.pairs)
	if !ok {
		return func(x *evaluation, in item, env *frame) item { return g.run(x, in, env) }
	}
	return func(x *evaluation, in item, env *frame) item {
		if in.kind == arrayKind {
			return g.run(x, in, env)
		}
		x.allocate(len(names) + madeItems)
		values := x.items(len(names))[:len(names)]
		missing := false
		for i, value := range g.values {
			values[i] = value(x, in, env)
			if values[i].kind == undefinedKind {
				missing = true
			}
		}
		o := &made{names: names, items: values, namesShared: true}
		if missing {
			o.drop()
		} else if len(names) > indexedFrom {
			o.reindex()
		}
		return o.object()
	}
}

// drop removes the members that are undefined.
func (m *made) drop() {
	names, items := m.names, m.items
	m.names, m.items, m.namesShared = make([]string, 0, len(names)), items[:0], false
	for i, v := range items {
		if v.kind != undefinedKind {
			m.names, m.items = append(m.names, names[i]), append(m.items, v)
		}
	}
	m.reindex()
}

// literalNames are the names of an object constructor, if they are all literals, all different, and in order.
func literalNames(pairs [][2]*node) ([]string, bool) {
	names := make([]string, len(pairs))
	seen := map[string]bool{}
	for i, pair := range pairs {
		key := pair[0]
		if key.kind != stringNode || key.predicates != nil || key.group != nil || seen[key.text] {
			return nil, false
		}
		names[i] = key.text
		seen[key.text] = true
	}
	return names, slices.IsSortedFunc(names, compareNames)
}
