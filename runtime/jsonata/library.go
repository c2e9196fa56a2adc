package jsonata

import "slices"

// library is the functions that an expression can call without defining them.
type library struct {
	functions map[string]*builtin
}

// builtin is a function of a library.
type builtin struct {
	signature string
	value     item
}

// function is undefined if the library has none of that name.
func (l *library) function(name string) item {
	if b := l.functions[name]; b != nil {
		return b.value
	}
	return undefined
}

// define adds a function. Its arity is what $map and the like go by when they decide how many arguments to give it.
func (l *library) define(name, written string, arity int, native nativeFunc) {
	l.add(name, written, &function{arity: arity, native: native})
}

func (l *library) add(name, written string, f *function) {
	f.name = name
	f.signature, _ = parseSignature(written)
	l.functions[name] = &builtin{written, f.item()}
}

// The libraries: that of JSONata 2.0.6, and that of Step Functions.
var standardLibrary, awsLibrary *library

func init() {
	standardLibrary = newLibrary()
	standardLibrary.add("eval", "<sx?:x>", &function{arity: 2, special: evalText})
	standardLibrary.define("random", "<:n>", 0, randomNumber)
	awsLibrary = newLibrary()
	defineAWS(awsLibrary)
}

func newLibrary() *library {
	l := &library{functions: map[string]*builtin{}}
	defineStrings(l)
	definePatterns(l)
	defineNumbers(l)
	defineAggregates(l)
	defineArrays(l)
	defineObjects(l)
	defineIterators(l)
	defineTimes(l)
	defineEncodings(l)
	return l
}

// Functions returns the names of the functions of the language that the options make, in order.
func Functions(options ...Option) []string {
	p := &program{library: standardLibrary}
	for _, option := range options {
		option(p)
	}
	var names []string
	for name := range p.library.functions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// ifGiven makes a function that gives undefined for an undefined first argument.
func ifGiven(native nativeFunc) nativeFunc {
	return func(x *evaluation, args arguments) item {
		if args.at(0).kind == undefinedKind {
			return undefined
		}
		return native(x, args)
	}
}
