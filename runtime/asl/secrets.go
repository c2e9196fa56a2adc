package asl

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// redactedText stands where a secret was.
const redactedText = "[redacted]"

// secrets are the texts that observers of an execution are not told: task tokens, which their mark gives away, and the values
// of containers' environments, which are learnt where they stand in one.
type secrets struct {
	mu    sync.Mutex
	known map[string]bool
	// lengths are those of the known texts that begin with four bytes, the greatest first: what may begin at a place of a text
	// is found without looking at every secret.
	lengths map[[shortestSecret]byte][]int
}

// shortestSecret is how many bytes a value of an environment must have to be looked for in other texts.
const shortestSecret = 4

// redact returns the event without secrets. What stands in an environment anywhere in it is a secret from now on.
func (s *secrets) redact(e Event) Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.learnEvent(e)
	e.Input, e.Output, e.Assigned = s.document(e.Input), s.document(e.Output), s.document(e.Assigned)
	e.Location = s.text(e.Location)
	if e.Task != nil && !e.Task.Parameters.IsAbsent() {
		task := *e.Task
		task.Parameters = s.document(task.Parameters)
		e.Task = &task
	}
	if e.Err != nil {
		failed := *e.Err
		failed.Name, failed.Cause = s.text(failed.Name), s.text(failed.Cause)
		e.Err = &failed
	}
	return e
}

// learnEvent looks for environments in all that an event tells.
func (s *secrets) learnEvent(e Event) {
	for _, v := range []value.Value{e.Input, e.Output, e.Assigned} {
		s.learn(v)
	}
	if e.Task != nil {
		s.learn(e.Task.Parameters)
	}
	if e.Err != nil {
		s.learnText(e.Err.Cause)
	}
}

// isEnvironment reports whether a member holds a container's environment: a list of names and values, or an object of them.
func isEnvironment(name string, v value.Value) bool {
	return (name == "Environment" || name == "environment") && (v.Kind() == value.ArrayKind || v.Kind() == value.ObjectKind)
}

// learn looks for environments in a document, and in JSON that its strings hold.
func (s *secrets) learn(v value.Value) {
	switch v.Kind() {
	case value.StringKind:
		text, _ := v.AsString()
		s.learnText(text)
	case value.ArrayKind:
		for _, e := range v.Elements() {
			s.learn(e)
		}
	case value.ObjectKind:
		for name, m := range v.Members() {
			if isEnvironment(name, m) {
				s.learnValues(m)
			}
			s.learn(m)
		}
	}
}

// learnText looks for environments in the JSON that a text holds.
func (s *secrets) learnText(text string) {
	for _, d := range documentsIn(text) {
		s.learn(d.value)
	}
}

// learnValues takes the values of an environment for secrets.
func (s *secrets) learnValues(v value.Value) {
	switch v.Kind() {
	case value.StringKind:
		text, _ := v.AsString()
		s.add(text)
	case value.NumberKind:
		text, _ := v.AsNumber()
		s.add(text)
	case value.ArrayKind:
		for _, e := range v.Elements() {
			if isVariable(e) {
				e = variableValue(e)
			}
			s.learnValues(e)
		}
	case value.ObjectKind:
		for _, m := range v.Members() {
			s.learnValues(m)
		}
	}
}

// isVariable reports whether an element of an environment's list is a name with a value, of which the value is the secret.
func isVariable(element value.Value) bool {
	return !element.Get("Name").IsAbsent() || !element.Get("name").IsAbsent() || !variableValue(element).IsAbsent()
}

func variableValue(variable value.Value) value.Value {
	if v := variable.Get("Value"); !v.IsAbsent() {
		return v
	}
	return variable.Get("value")
}

// add takes a text for a secret, as it is and as it stands in JSON, and in JSON that stands in JSON.
func (s *secrets) add(text string) {
	if len(text) < shortestSecret || text == "true" || text == "false" || s.known[text] {
		return
	}
	if s.known == nil {
		s.known, s.lengths = map[string]bool{}, map[[shortestSecret]byte][]int{}
	}
	for range 3 {
		if !s.known[text] {
			s.known[text] = true
			start := [shortestSecret]byte([]byte(text))
			lengths := s.lengths[start]
			if i, found := slices.BinarySearchFunc(lengths, len(text), func(a, b int) int { return cmp.Compare(b, a) }); !found {
				s.lengths[start] = slices.Insert(lengths, i, len(text))
			}
		}
		quoted := value.String(text).String()
		text = quoted[1 : len(quoted)-1]
	}
}

// document returns a document without secrets.
func (s *secrets) document(v value.Value) value.Value {
	clean, _ := s.clean(v, false)
	return clean
}

// clean returns a document without secrets and whether it had any; inside says that it is an environment, or part of one.
func (s *secrets) clean(v value.Value, inside bool) (_ value.Value, changed bool) {
	switch v.Kind() {
	case value.StringKind:
		if inside {
			return value.String(redactedText), true
		}
		text, _ := v.AsString()
		if clean := s.text(text); clean != text {
			return value.String(clean), true
		}
	case value.NumberKind:
		if text, _ := v.AsNumber(); inside || s.known[text] {
			return value.String(redactedText), true
		}
	case value.BoolKind:
		if inside {
			return value.String(redactedText), true
		}
	case value.ArrayKind:
		var elements []value.Value
		for i, e := range v.Elements() {
			clean, differs := s.cleanElement(e, inside)
			if differs && elements == nil {
				elements = make([]value.Value, v.Len())
				for j := range i {
					elements[j] = v.At(j)
				}
			}
			if elements != nil {
				elements[i] = clean
			}
		}
		if elements != nil {
			return value.Array(elements...), true
		}
	case value.ObjectKind:
		return s.cleanObject(v, func(name string, m value.Value) bool { return inside || isEnvironment(name, m) })
	}
	return v, false
}

func (s *secrets) cleanElement(e value.Value, inside bool) (_ value.Value, changed bool) {
	if inside && isVariable(e) {
		return s.cleanObject(e, func(name string, m value.Value) bool {
			return name == "Value" || name == "value" || isEnvironment(name, m)
		})
	}
	return s.clean(e, inside)
}

// cleanObject returns an object without secrets; inside says of which members all is secret.
func (s *secrets) cleanObject(v value.Value, inside func(name string, m value.Value) bool) (_ value.Value, changed bool) {
	members := make([]value.Member, 0, v.Len())
	for name, m := range v.Members() {
		clean, differs := s.clean(m, inside(name, m))
		cleanName := s.text(name)
		changed = changed || differs || cleanName != name
		members = append(members, value.Field(cleanName, clean))
	}
	if !changed {
		return v, false
	}
	return value.Object(members...), true
}

// text returns a text without secrets. JSON in it is read as JSON: what stands in an environment there is left out however
// short it is.
func (s *secrets) text(text string) string {
	documents := documentsIn(text)
	if len(documents) == 0 {
		return s.words(text)
	}
	var b strings.Builder
	at := 0
	for _, d := range documents {
		b.WriteString(s.words(text[at:d.start]))
		at = d.end
		if clean, changed := s.clean(d.value, false); changed {
			b.WriteString(clean.String())
		} else {
			b.WriteString(text[d.start:d.end])
		}
	}
	b.WriteString(s.words(text[at:]))
	return b.String()
}

// words replaces the tokens and the known secrets in a text.
func (s *secrets) words(text string) string {
	if len(s.known) == 0 && !strings.Contains(text, tokenMark) {
		return text
	}
	var b strings.Builder
	from := 0
	for i := 0; i+shortestSecret <= len(text); {
		n := s.secretAt(text[i:])
		if n == 0 {
			i++
			continue
		}
		b.WriteString(text[from:i])
		b.WriteString(redactedText)
		i += n
		from = i
	}
	if from == 0 {
		return text
	}
	b.WriteString(text[from:])
	return b.String()
}

// secretAt returns how long the secret is that the text begins with, 0 if it begins with none.
func (s *secrets) secretAt(text string) int {
	if strings.HasPrefix(text, tokenMark) {
		n := len(tokenMark)
		for n < len(text) && isTokenByte(text[n]) {
			n++
		}
		return n
	}
	for _, n := range s.lengths[[shortestSecret]byte([]byte(text[:shortestSecret]))] {
		if n <= len(text) && s.known[text[:n]] {
			return n
		}
	}
	return 0
}

// isTokenByte reports whether a token may have the byte after its mark.
func isTokenByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.~+/=", c) >= 0
}

// embedded is a JSON array or object that stands in a text.
type embedded struct {
	start, end int
	value      value.Value
}

// documentsIn returns the JSON in a text that may have an environment in it, such as AWS's causes quote. One that is cut off
// is no JSON. Where many brackets do not close, the search ends before it takes long.
func documentsIn(text string) (all []embedded) {
	if !strings.Contains(text, "nvironment") {
		return nil
	}
	for at, looked := 0, 0; looked < 16*len(text)+4096; {
		i := strings.IndexAny(text[at:], "{[")
		if i < 0 {
			break
		}
		start := at + i
		at = start + 1
		n, closed := bracketed(text[start:])
		looked += n
		if !closed {
			continue
		}
		if v, err := value.Parse([]byte(text[start : start+n])); err == nil {
			all = append(all, embedded{start, start + n, v})
			at = start + n
		}
	}
	return all
}

// bracketed returns how long the text is from its bracket to the one that closes it, strings skipped, and whether one does.
func bracketed(text string) (n int, closed bool) {
	depth, inString := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{', c == '[':
			depth++
		case c == '}', c == ']':
			if depth--; depth == 0 {
				return i + 1, true
			}
		}
	}
	return len(text), false
}
