package jsonata

// evalDepth is how many expressions an evaluation within one counts for: it has a parser and a recover of its own.
const evalDepth = 50

// evalText is $eval: it compiles a text and evaluates it where it is called, or on a value.
func evalText(x *evaluation, args arguments, in item, env *frame) (result item) {
	if args.at(0).kind == undefinedKind {
		return undefined
	}
	written := args.at(0).text()
	x.use(len(written))
	x.produce(32 * len(written))
	if v := args.at(1); v.kind != undefinedKind {
		if in = v; in.kind == arrayKind && !in.isSequence() {
			in = (&made{items: []item{in}, sequence: true, outer: true}).array()
		}
	}
	x.enter(evalDepth)
	e := compileInner(written)
	globals, site, depth := x.globals, x.site, x.depth
	defer func() {
		x.globals, x.site, x.depth = globals, site, depth+evalDepth
		if fault := recover(); fault != nil {
			f, ok := fault.(*failure)
			if !ok {
				panic(fault)
			}
			throw(failure{code: "D3121", value: text(f.exported().Message)})
		}
	}()
	if env == nil {
		env = &frame{}
	}
	return e.run(x, in, env)
}

// compileInner compiles for $eval. Nothing is placed beforehand: the text sees the scope that it is evaluated in.
func compileInner(written string) *Expr {
	defer func() {
		if fault := recover(); fault != nil {
			f, ok := fault.(*failure)
			if !ok {
				panic(fault)
			}
			throw(failure{code: "D3120", value: text(f.exported().Message)})
		}
	}()
	return (&program{library: standardLibrary, evaluated: true}).compile(written)
}
