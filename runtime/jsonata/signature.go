package jsonata

import "strings"

// signature is what a function takes, as <s-nn?:s> says it. A call's arguments, one letter for each, must match the
// parameters as a regular expression would.
type signature struct {
	params []param
}

// param is a parameter of a signature.
type param struct {
	class    string // the letters of the types that it takes
	kind     string // as written: a letter, or a choice in parentheses
	subtype  string // of the elements of an array
	optional bool   // ? or -
	repeated bool   // +
	lazy     bool   // both ? and -: takes an argument only if the rest does not match without
	context  bool   // -: the context stands in
}

// The letters of the types: a array, b boolean, f function, l null, n number, o object, s string, m missing.
const (
	anyType  = "asnblfom"
	jsonType = "asnblom"
)

// typeNames are the words of T0412.
var typeNames = map[string]string{
	"a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings",
}

// typeOf is the letter of an item's type.
func typeOf(v item) byte {
	return "mlbnsaof"[v.kind]
}

// parseSignature reads a signature. What it does not know it passes over, as the reference does; fault is the code of
// what is wrong with it.
func parseSignature(written string) (s *signature, fault string) {
	s = &signature{}
	for i := 1; i < len(written) && written[i] != ':'; i++ {
		c := written[i]
		switch c {
		case 's', 'n', 'b', 'l', 'o':
			s.add(string(c)+"m", string(c))
		case 'a', 'x':
			s.add(anyType, string(c))
		case 'f':
			s.add("f", "f")
		case 'j':
			s.add(jsonType, "j")
		case '(':
			stop := closing(written, i, '(', ')')
			choice := written[i+1 : stop]
			if strings.Contains(choice, "<") {
				return nil, "S0402"
			}
			s.add(choice+"m", "("+choice+")")
			i = stop
		case '<':
			p := s.last()
			if p.kind != "a" && p.kind != "f" {
				return nil, "S0401"
			}
			stop := closing(written, i, '<', '>')
			p.subtype = written[i+1 : stop]
			i = stop
		default:
			s.last().modify(c)
		}
	}
	return s, ""
}

// last is the parameter that a modifier changes. Before the first it changes nothing.
func (s *signature) last() *param {
	if len(s.params) == 0 {
		return &param{}
	}
	return &s.params[len(s.params)-1]
}

func (s *signature) add(class, kind string) {
	s.params = append(s.params, param{class: class, kind: kind})
}

func (p *param) modify(c byte) {
	switch c {
	case '-':
		p.context = true
		p.lazy = p.optional
		p.optional = true
	case '?':
		p.lazy = p.optional || p.repeated
		p.optional = p.optional || !p.repeated
	case '+':
		p.repeated = true
	}
}

// closing is where the bracket that opens at i closes; the end of the text if it does not.
func closing(s string, i int, open, closed byte) int {
	depth := 0
	for ; i < len(s); i++ {
		switch s[i] {
		case open:
			depth++
		case closed:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

// takes reports whether the parameter takes an argument of a type.
func (p *param) takes(letter byte) bool {
	return letter == anyLetter || strings.IndexByte(p.class, letter) >= 0
}

// matching assigns letters of arguments to parameters, from left to right, each taking as many as it may unless it is
// lazy, and coming back to fewer if the rest does not fit.
type matching struct {
	params []param
	types  string
	counts []int
	failed map[[2]int]bool
}

func (m *matching) from(i, at int) bool {
	if i == len(m.params) {
		return at == len(m.types)
	}
	if m.failed[[2]int{i, at}] {
		return false
	}
	p := &m.params[i]
	most := 0
	for at+most < len(m.types) && p.takes(m.types[at+most]) && (most == 0 || p.repeated) {
		most++
	}
	least := 1
	if p.optional {
		least = 0
	}
	for n := range most - least + 1 {
		take := most - n
		if p.lazy {
			take = least + n
		}
		m.counts[i] = take
		if m.from(i+1, at+take) {
			return true
		}
	}
	if m.failed == nil {
		m.failed = map[[2]int]bool{}
	}
	m.failed[[2]int{i, at}] = true
	return false
}

// validate checks arguments and completes them: the context stands in for what is missing, and an array takes a single
// value. Its failures are T0410, T0411 and T0412.
func (s *signature) validate(x *evaluation, args []item, context item) []item {
	if s.fits(x, args) {
		return args
	}
	types := make([]byte, len(args))
	for i, arg := range args {
		types[i] = typeOf(arg)
	}
	m := matching{params: s.params, types: string(types), counts: make([]int, len(s.params))}
	if !m.from(0, 0) {
		s.mismatch(args, m.types)
	}
	return s.complete(x, &m, args, context)
}

// fits is the fast way for calls that need no completing.
func (s *signature) fits(x *evaluation, args []item) bool {
	if len(args) > len(s.params) {
		return false
	}
	for i := range s.params {
		p := &s.params[i]
		if i >= len(args) {
			if !p.optional || p.context {
				return false
			}
			continue
		}
		if p.repeated || p.lazy || strings.IndexByte(p.class, typeOf(args[i])) < 0 {
			return false
		}
		if p.kind == "a" && args[i].kind != undefinedKind && !p.isArrayFor(x, args[i]) {
			return false
		}
	}
	return true
}

// isArrayFor reports whether an argument is an array of what the parameter takes.
func (p *param) isArrayFor(x *evaluation, arg item) bool {
	if arg.kind != arrayKind || p.subtype == "" {
		return arg.kind == arrayKind
	}
	x.use(arg.len())
	return allOf(arg, p.subtype[0])
}

func (s *signature) complete(x *evaluation, m *matching, args []item, context item) []item {
	validated := make([]item, 0, len(s.params))
	next := 0
	argument := func(i int) item {
		if i < len(args) {
			return args[i]
		}
		return undefined
	}
	for i, p := range s.params {
		switch {
		case m.counts[i] > 0:
			arg := argument(next)
			for range m.counts[i] {
				if p.kind == "a" {
					arg = p.array(x, argument(next), next, m)
				}
				validated = append(validated, arg)
				next++
			}
		case p.context:
			if strings.IndexByte(p.class, typeOf(context)) < 0 {
				throw(failure{code: "T0411", value: context, index: next + 1})
			}
			validated = append(validated, context)
		default:
			validated = append(validated, argument(next))
			next++
		}
	}
	return validated
}

// array is an argument for an array parameter: one value becomes an array of one.
func (p *param) array(x *evaluation, arg item, at int, m *matching) item {
	kind := typeOf(arg)
	if kind == 'm' {
		return undefined
	}
	ok := true
	if p.subtype != "" && kind != 'a' {
		ok = string(kind) == p.subtype
	} else if p.subtype != "" {
		x.use(arg.len())
		ok = allOf(arg, p.subtype[0])
	}
	if !ok {
		throw(failure{code: "T0412", value: arg, index: at + 1, typ: typeNames[p.subtype]})
	}
	if kind != 'a' {
		return arrayOf([]item{arg})
	}
	return arg
}

// allOf reports whether the elements of an array are all of a type.
func allOf(array item, letter byte) bool {
	if array.made != nil {
		for i := range array.made.items {
			if typeOf(array.made.items[i]) != letter {
				return false
			}
		}
		return true
	}
	for i := range array.len() {
		if typeOf(array.at(i)) != letter {
			return false
		}
	}
	return true
}

// mismatch throws T0410 for the first argument that does not fit.
func (s *signature) mismatch(args []item, types string) {
	at := s.firstMismatch(types)
	f := failure{code: "T0410", index: at + 1}
	if at < len(args) {
		f.value = args[at]
	}
	throw(f)
}

// firstMismatch is the position of the first argument that does not fit, or that is missing.
func (s *signature) firstMismatch(types string) int {
	good := 0
	for i := range s.params {
		m := matching{params: s.params[:i+1], counts: make([]int, i+1)}
		longest := -1
		for n := len(types); n >= 0 && longest < 0; n-- {
			if m.types, m.failed = types[:n], nil; m.from(0, 0) {
				longest = n
			}
		}
		if longest < 0 {
			break
		}
		good = longest
	}
	return good
}
