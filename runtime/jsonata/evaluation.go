package jsonata

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata/internal/regexp"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Env is what an evaluation takes from the outside, and how much it may take. A nil *Env has no clock and no randomness,
// and the default limits.
type Env struct {
	// Now is the clock of $now and $millis. It is read at most once in an evaluation. Without it these functions fail.
	Now func() time.Time
	// Random is the source of $random, $shuffle and $uuid. Without it these functions fail.
	Random *rand.Rand
	// Limits bound the evaluation.
	Limits Limits
}

// Limits bound an evaluation. A limit of 0 is the default. All are counted, so that an expression that passes once always
// passes.
type Limits struct {
	// Steps is the number of operations, calls and elements looked at: by default 10 million.
	Steps int
	// Depth is the number of expressions that may be under way within one another: by default 10 thousand, and in the
	// dialect of Step Functions 100 (docs/rules.md R85). Outside of functions there may always be 100.
	Depth int
	// Memory is the number of bytes that the evaluation may allocate, whether they are kept or not: by default 512 MiB.
	// What it has at a time is less.
	Memory int
}

const (
	defaultSteps  = 10_000_000
	defaultDepth  = 10_000
	awsDepth      = 100
	defaultMemory = 512 << 20
)

// tooLong is the size of a text that is too long for Step Functions: there 2²² characters pass, and 2²³ do not (R85).
const tooLong = 1 << 23

// What an evaluation allocates, in bytes or in items, with what belongs to it.
const (
	itemBytes   = 32
	frameBytes  = 24 // of a call: most leave nothing behind
	madeItems   = 4  // of an array, an object or a function, without what is in it
	memberItems = 4  // of a member of an object: its name, its value and its place in the index, in lists that grow
	textBytes   = 48 // of a text, without its characters
	groupItems  = 16 // of a group that is being collected
	valueBytes  = 48 // of an element of a document that is made: a number with its text
	memberBytes = 96 // of a member of one
)

func orDefault(given, byDefault int) int {
	if given > 0 {
		return given
	}
	return byDefault
}

// evaluation is one run of an expression.
type evaluation struct {
	env      *Env
	aws      bool // the dialect of Step Functions
	steps    int  // left
	memory   int  // left
	depth    int  // left
	input    item // $$
	bindings map[string]value.Value
	globals  []item // of the expression: values of the variables that it does not bind itself
	now      time.Time
	nowRead  bool
	site     *callSite       // the call that is under way
	stack    []item          // arguments of calls of the library that are under way
	room     *room           // for items, once some are made
	machine  *regexp.Machine // for regular expressions, once one is matched
}

func newEvaluation(env *Env, aws bool, input value.Value, bindings map[string]value.Value) *evaluation {
	if env == nil {
		env = &Env{}
	}
	depth := defaultDepth
	if aws {
		depth = awsDepth
	}
	return &evaluation{
		env:      env,
		aws:      aws,
		steps:    orDefault(env.Limits.Steps, defaultSteps),
		memory:   orDefault(env.Limits.Memory, defaultMemory),
		depth:    orDefault(env.Limits.Depth, depth),
		input:    fromValue(input),
		bindings: bindings,
	}
}

// use counts steps.
func (x *evaluation) use(steps int) {
	if x.steps -= steps; x.steps < 0 {
		panic(&stop{ErrTimeout})
	}
}

// allocate counts the memory of items.
func (x *evaluation) allocate(items int) { x.produce(items * itemBytes) }

// push appends to a list that belongs to the evaluation, and counts what that allocates.
func (x *evaluation) push(list []item, v item) []item {
	if len(list) == cap(list) {
		list = x.grow(list, 1)
	}
	return append(list, v)
}

// pushAll is push for the elements of an array, or for what is none.
func (x *evaluation) pushAll(list []item, array item) []item {
	if array.kind != arrayKind {
		return x.push(list, array)
	}
	if n := array.len(); cap(list)-len(list) < n {
		list = x.grow(list, n)
	}
	if array.made != nil {
		return append(list, array.made.items...)
	}
	for _, e := range array.doc.Elements() {
		list = append(list, fromValue(e))
	}
	return list
}

// grow makes room for items in a list: twice of what it has, if that suffices.
func (x *evaluation) grow(list []item, n int) []item {
	capacity := max(2*cap(list), len(list)+n)
	x.allocate(capacity)
	return append(make([]item, 0, capacity), list...)
}

// produce counts bytes.
func (x *evaluation) produce(bytes int) {
	if x.memory -= bytes; x.memory < 0 {
		panic(&stop{ErrMemory})
	}
}

// within stops if a text of so many bytes, which are not counted yet, is too much.
func (x *evaluation) within(bytes int) {
	if bytes > x.memory || x.aws && bytes >= tooLong {
		panic(&stop{ErrMemory})
	}
}

// reserve counts a text before it is made.
func (x *evaluation) reserve(bytes int) {
	x.within(bytes)
	x.produce(bytes + textBytes)
}

// enter goes deeper by a number of expressions; the caller gives them back to x.depth.
func (x *evaluation) enter(expressions int) {
	if x.depth -= expressions; x.depth < 0 {
		panic(&stop{ErrDepth})
	}
}

// timestamp is the time of the evaluation: the same whenever it asks.
func (x *evaluation) timestamp(function string) time.Time {
	if !x.nowRead {
		if x.env.Now == nil {
			throw(failure{code: "D3137", message: "There is no clock for $" + function + "()"})
		}
		x.now, x.nowRead = x.env.Now(), true
	}
	return x.now
}

func (x *evaluation) random(function string) *rand.Rand {
	if x.env.Random == nil {
		throw(failure{code: "D3137", message: "There is no source of randomness for $" + function + "()"})
	}
	return x.env.Random
}

// frame is a scope with its variables.
type frame struct {
	parent *frame
	names  []string
	values []item
	owned  bool // names and values are the frame's own: until something is bound they are those of others
}

func (f *frame) lookup(name string) (item, bool) {
	for ; f != nil; f = f.parent {
		for i := len(f.names) - 1; i >= 0; i-- {
			if f.names[i] == name {
				if i < len(f.values) {
					return f.values[i], true
				}
				return undefined, true
			}
		}
	}
	return undefined, false
}

// bind gives a variable of this scope a value.
func (f *frame) bind(x *evaluation, name string, v item) {
	x.use(1 + len(f.names)/8)
	x.allocate(1)
	if !f.owned {
		values := make([]item, len(f.names), len(f.names)+1)
		copy(values, f.values)
		f.names, f.values, f.owned = slices.Clone(f.names), values, true
	}
	for i := len(f.names) - 1; i >= 0; i-- {
		if f.names[i] == name {
			f.values[i] = v
			return
		}
	}
	f.names, f.values = append(f.names, name), append(f.values, v)
}

// variable is the value of a name as seen from a scope. It is asked for only where names cannot be placed beforehand.
func (x *evaluation) variable(name string, env *frame) item {
	if v, ok := env.lookup(name); ok {
		return v
	}
	return x.global(name)
}

// global is the value of a variable that no scope binds.
func (x *evaluation) global(name string) item {
	if name == "$" {
		return x.input
	}
	if v, ok := x.bindings[name]; ok {
		return fromValue(v)
	}
	return undefined
}
