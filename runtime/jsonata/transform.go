package jsonata

// transformation is a compiled transform: | what to change | what to set, what to delete |.
type transformation struct {
	clone, pattern, update, remove evalFunc
	offset, end                    int
	updateNode, removeNode         *node
}

var transformSignature, _ = parseSignature("<(oa):o>")

func (c *compiler) transform(n *node) evalFunc {
	t := &transformation{
		clone: c.variable("clone"), pattern: c.node(n.left), update: c.node(n.right), offset: n.offset, end: n.end,
		updateNode: n.right, removeNode: n.third,
	}
	if n.third != nil {
		t.remove = c.node(n.third)
	}
	return func(x *evaluation, in item, env *frame) item {
		f := &function{arity: 1, signature: transformSignature, native: func(x *evaluation, args arguments) item {
			return t.run(x, args.at(0), in, env)
		}}
		return f.item()
	}
}

// run changes a copy of a value. What the pattern finds elsewhere, not in the copy, is left alone.
func (t *transformation) run(x *evaluation, v, in item, env *frame) item {
	if v.kind == undefinedKind {
		return undefined
	}
	clone := t.clone(x, in, env)
	if clone.kind != functionKind {
		f := failure{code: "T2013"}
		f.at(t.offset, t.end)
		throw(f)
	}
	result := x.apply(clone, []item{v}, null, env)
	matches := t.pattern(x, result, env)
	if matches.kind == undefinedKind {
		return result
	}
	for _, match := range x.elements(matches) {
		x.use(1)
		t.change(x, match, env)
	}
	return result
}

func (t *transformation) change(x *evaluation, match item, env *frame) {
	target := match.made
	if match.kind != objectKind {
		target = nil
	}
	if update := t.update(x, match, env); update.kind != undefinedKind {
		if update.kind != objectKind {
			f := failure{code: "T2011", value: update}
			f.at(t.updateNode.offset, t.updateNode.end)
			throw(f)
		}
		if target != nil {
			x.allocate(memberItems * update.size())
			update.members(func(name string, v item) { target.set(name, v) })
		}
	}
	if t.remove == nil {
		return
	}
	names := t.remove(x, match, env)
	if names.kind == undefinedKind {
		return
	}
	for _, name := range x.elements(names) {
		if name.kind != stringKind {
			f := failure{code: "T2012", value: names}
			f.at(t.removeNode.offset, t.removeNode.end)
			throw(f)
		}
		if target != nil {
			x.use(1 + len(target.names))
			target.remove(name.text())
		}
	}
}
