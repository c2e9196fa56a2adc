package jsonata

import "slices"

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

// expect makes a group ready for one more value.
func (d *collected) expect(v item) {
	d.count++
	if v.kind == arrayKind {
		d.size += v.len()
	} else {
		d.size++
	}
}

// add appends to a group as $append does: arrays are flattened.
func (d *collected) add(x *evaluation, v item) {
	switch {
	case v.kind == undefinedKind:
		return
	case d.many == nil && d.data.kind == undefinedKind:
		d.data = v
		return
	case d.many == nil:
		d.push(x, d.data)
	}
	d.push(x, v)
}

func (d *collected) push(x *evaluation, v item) {
	d.many = x.pushAll(d.many, v)
}

func (d *collected) value() item {
	if d.many != nil {
		return arrayOf(d.many)
	}
	return d.data
}

// placed is a value that belongs to a group, both by position.
type placed struct{ group, value int32 }

// run groups the values of a sequence, or the bindings of a stream, by the keys that they give.
func (g *grouping) run(x *evaluation, v item, env *frame) item {
	tuples := v.isTuples()
	if v.kind != arrayKind {
		v = arrayOf([]item{v})
	}
	const few = 8
	all := collection{groups: make([]collected, 0, min(v.len(), few))}
	members := make([]placed, 0, v.len())
	for i := range max(v.len(), 1) {
		x.use(1)
		element := v.at(i) // undefined if there is none
		context, scope := element, env
		if tuples {
			context, scope = element.get(contextName), scopeOf(element, env)
		}
		for pair, key := range g.keys {
			name := key(x, context, scope)
			if name.kind == undefinedKind {
				continue
			}
			at := g.group(x, &all, name, pair)
			if element.kind != undefinedKind {
				all.groups[at].expect(element)
				members = append(members, placed{int32(at), int32(i)})
			}
		}
	}
	all.fill(x, members, v)
	slices.SortStableFunc(all.groups, func(a, b collected) int { return compareNames(a.name, b.name) })
	return g.reduce(x, all.groups, tuples, env)
}

// group is the position of the group for what a pair's key gave.
func (g *grouping) group(x *evaluation, all *collection, name item, pair int) int {
	if name.kind != stringKind {
		g.fault(failure{code: "T1003", value: name})
	}
	at, known := all.group(name.text())
	if !known {
		x.allocate(groupItems)
	}
	if d := &all.groups[at]; !known {
		d.pair = pair
	} else if d.pair != pair {
		g.fault(failure{code: "D1009", value: name})
	}
	return at
}

func (g *grouping) fault(f failure) {
	f.at(g.offset, g.end)
	throw(f)
}

// reduce evaluates the value of each group with the group as its context.
func (g *grouping) reduce(x *evaluation, groups []collected, tuples bool, env *frame) item {
	result := newObject(len(groups))
	x.allocate(memberItems * len(groups))
	for i := range groups {
		d := &groups[i]
		context, scope := d.value(), env
		if tuples {
			tuple := x.reduceTuples(context)
			context, scope = tuple.get(contextName), scopeOf(tuple, env)
		}
		if v := g.values[d.pair](x, context, scope); v.kind != undefinedKind {
			result.set(d.name, v)
		}
	}
	return result.object()
}

// reduceTuples is one binding for many: each variable has the values of all.
func (x *evaluation) reduceTuples(v item) item {
	if v.kind != arrayKind {
		return v
	}
	var all collection
	for _, tuple := range x.elements(v) {
		tuple.members(func(name string, value item) {
			x.use(1)
			at, known := all.group(name)
			if !known {
				x.allocate(groupItems)
			}
			if d := &all.groups[at]; known {
				d.add(x, value)
			} else {
				d.data = value
			}
		})
	}
	result := newObject(len(all.groups))
	for i := range all.groups {
		result.set(all.groups[i].name, all.groups[i].value())
	}
	return result.object()
}

// collection is groups by name.
type collection struct {
	groups []collected
	index  map[string]int // once there are more than indexedFrom
}

// group is the position of the group of a name; a new one if it is not known yet.
func (c *collection) group(name string) (at int, known bool) {
	if c.index != nil {
		at, known = c.index[name]
	} else {
		at, known = c.find(name)
	}
	if known {
		return at, true
	}
	at = len(c.groups)
	c.groups = append(c.groups, collected{name: name})
	if c.index != nil {
		c.index[name] = at
	} else if len(c.groups) > indexedFrom {
		c.index = map[string]int{}
		for i := range c.groups {
			c.index[c.groups[i].name] = i
		}
	}
	return at, false
}

func (c *collection) find(name string) (at int, known bool) {
	for i := range c.groups {
		if c.groups[i].name == name {
			return i, true
		}
	}
	return 0, false
}

// fill gives groups the values that they expect. All groups share one array.
func (c *collection) fill(x *evaluation, members []placed, values item) {
	total := 0
	for i := range c.groups {
		total += c.groups[i].size
	}
	room := x.items(total)
	for _, m := range members {
		d, v := &c.groups[m.group], values.at(int(m.value))
		if d.count == 1 {
			d.data = v
			continue
		}
		if d.many == nil {
			d.many, room = room[:0:d.size], room[d.size:d.size:cap(room)]
		}
		d.push(x, v)
	}
}
