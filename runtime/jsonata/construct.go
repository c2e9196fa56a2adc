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
		x.allocate(len(elements) + 1)
		items := make([]item, 0, len(elements))
		for i, element := range elements {
			v := element(x, in, env)
			switch {
			case v.kind() == undefinedKind:
			case v.kind() != arrayKind || nested[i]:
				items = append(items, v)
			default:
				x.allocate(v.len())
				items = append(items, v.elements()...)
			}
		}
		return (&made{items: items, constructed: constructed}).array()
	}
}

// grouping is a compiled object constructor or group-by.
type grouping struct {
	keys, values []evalFunc
	offset, end  int
}

func (c *compiler) grouping(pairs [][2]*node, offset, end int) *grouping {
	g := &grouping{offset: offset, end: end}
	for _, pair := range pairs {
		g.keys = append(g.keys, c.node(pair[0]))
		g.values = append(g.values, c.node(pair[1]))
	}
	return g
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
		if in.kind() == arrayKind {
			return g.run(x, in, env)
		}
		x.allocate(len(names) + 2)
		o, values := newRecord(len(names))
		missing := false
		for i, value := range g.values {
			values[i] = value(x, in, env)
			if values[i].kind() == undefinedKind {
				missing = true
			}
		}
		o.names, o.items, o.namesShared = names, values, true
		if missing {
			o.drop()
		} else if len(names) > indexedFrom {
			o.reindex()
		}
		return o.object()
	}
}

// newRecord returns an object and the room for its values: in one piece, if they are few.
func newRecord(members int) (*made, []item) {
	const few = 4
	if members > few {
		return &made{}, make([]item, members)
	}
	r := &struct {
		made
		values [few]item
	}{}
	return &r.made, r.values[:members:members]
}

// drop removes the members that are undefined.
func (m *made) drop() {
	names, items := m.names, m.items
	m.names, m.items, m.namesShared = make([]string, 0, len(names)), items[:0], false
	for i, v := range items {
		if v.kind() != undefinedKind {
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

func (c *compiler) groupOf(n *group) stageFunc {
	g := c.grouping(n.pairs, n.offset, n.end)
	return g.run
}

// collected is a group that is being collected.
type collected struct {
	name string
	pair int    // whose key it is
	data item   // what is grouped under it
	many []item // once it is more than one value

	count, size int // of the values that it will get
}

// add appends to a group as $append does: arrays are flattened.
func (d *collected) add(v item) {
	switch {
	case v.kind() == undefinedKind:
		return
	case d.many == nil && d.data.kind() == undefinedKind:
		d.data = v
		return
	case d.many == nil:
		d.many = make([]item, 0, 8)
		d.push(d.data)
	}
	d.push(v)
}

func (d *collected) push(v item) {
	if v.kind() == arrayKind {
		d.many = append(d.many, v.elements()...)
	} else {
		d.many = append(d.many, v)
	}
}

func (d *collected) value() item {
	if d.many != nil {
		return arrayOf(d.many)
	}
	return d.data
}

// placed is a value that belongs to a group.
type placed struct {
	group *collected
	value *item
}

// run groups the values of a sequence, or the bindings of a stream, by the keys that they give.
func (g *grouping) run(x *evaluation, v item, env *frame) item {
	tuples := v.isTuples()
	values := v.elements()
	if len(values) == 0 {
		values = []item{undefined}
	}
	var all collection
	members := make([]placed, 0, len(values))
	for i := range values {
		x.use(1)
		context, scope := values[i], env
		if tuples {
			context, scope = values[i].get(contextName), scopeOf(values[i], env)
		}
		for pair, key := range g.keys {
			name := key(x, context, scope)
			if name.kind() == undefinedKind {
				continue
			}
			g.checkKey(name)
			x.allocate(1)
			d, known := all.group(name.text())
			switch {
			case !known:
				d.pair = pair
			case d.pair != pair:
				g.fault(failure{code: "D1009", value: name})
			}
			if values[i].kind() != undefinedKind {
				members = append(members, placed{d, &values[i]})
			}
		}
	}
	fill(members)
	groups := all.groups
	slices.SortStableFunc(groups, func(a, b *collected) int { return compareNames(a.name, b.name) })
	return g.reduce(x, groups, tuples, env)
}

// fill gives groups their values. It counts first, so that all groups share one array.
func fill(members []placed) {
	total := 0
	for _, m := range members {
		m.group.count++
		m.group.size += size(m.value)
		total += size(m.value)
	}
	room := make([]item, total)
	for _, m := range members {
		d := m.group
		if d.count == 1 {
			d.data = *m.value
			continue
		}
		if d.many == nil {
			d.many, room = room[:0:d.size], room[d.size:]
		}
		d.push(*m.value)
	}
}

// size is the number of values that a value adds to a group of several.
func size(v *item) int {
	if v.kind() == arrayKind {
		return v.len()
	}
	return 1
}

func (g *grouping) checkKey(name item) {
	if name.kind() != stringKind {
		g.fault(failure{code: "T1003", value: name})
	}
}

func (g *grouping) fault(f failure) {
	f.at(g.offset, g.end)
	throw(f)
}

// reduce evaluates the value of each group with the group as its context.
func (g *grouping) reduce(x *evaluation, groups []*collected, tuples bool, env *frame) item {
	result := newObject(len(groups))
	x.allocate(2 * len(groups))
	for _, d := range groups {
		context, scope := d.value(), env
		if tuples {
			tuple := x.reduceTuples(context)
			context, scope = tuple.get(contextName), scopeOf(tuple, env)
		}
		if v := g.values[d.pair](x, context, scope); v.kind() != undefinedKind {
			result.set(d.name, v)
		}
	}
	return result.object()
}

// reduceTuples is one binding for many: each variable has the values of all.
func (x *evaluation) reduceTuples(v item) item {
	if v.kind() != arrayKind {
		return v
	}
	var all collection
	for _, tuple := range v.elements() {
		tuple.members(func(name string, value item) {
			x.use(1)
			x.allocate(1)
			if d, known := all.group(name); known {
				d.add(value)
			} else {
				d.data = value
			}
		})
	}
	result := newObject(len(all.groups))
	for _, d := range all.groups {
		result.set(d.name, d.value())
	}
	return result.object()
}

// collection is groups by name.
type collection struct {
	groups []*collected
	index  map[string]*collected // once there are more than indexedFrom
}

// group is the group of a name; a new one if it is not known yet.
func (c *collection) group(name string) (d *collected, known bool) {
	if c.index != nil {
		if d = c.index[name]; d != nil {
			return d, true
		}
	} else if i := slices.IndexFunc(c.groups, func(d *collected) bool { return d.name == name }); i >= 0 {
		return c.groups[i], true
	}
	d = &collected{name: name}
	c.groups = append(c.groups, d)
	if c.index == nil && len(c.groups) > indexedFrom {
		c.index = map[string]*collected{}
		for _, other := range c.groups {
			c.index[other.name] = other
		}
	} else if c.index != nil {
		c.index[name] = d
	}
	return d, false
}
