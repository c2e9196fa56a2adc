package value

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A text is canonical if it is JSON without white space whose strings have no more escapes than they need: what [Value.AppendJSON] writes.

// Why a text is not canonical.
var (
	errInvalid = errors.New("value: it is not JSON")
	errSpaced  = errors.New("value: it has white space")
	errEscaped = errors.New("value: it has other escapes")
)

// deepest is how deep containers may lie in each other, as in package jsontext.
const deepest = 10_000

// span is a container of a canonical text that is long enough to be left until somebody asks for what is in it.
type span struct {
	from, to int32
	next     int32 // number of the span after those inside it
}

// shortestSpan is the length from which a container has a span.
const shortestSpan = 64

// scanner checks that a text is canonical, in one pass.
type scanner struct {
	text  []byte
	spans []span
	depth int

	names []name // of the objects that are open
	count count
	fault error
}

// count is how much of what a text has, true, false and null left out.
type count struct{ scalars, containers, members, elements int }

// scanners are kept for their room.
var scanners = sync.Pool{New: func() any { return &scanner{} }}

// name is where the name of a member lies, with its quotes.
type name struct{ from, to int32 }

func (s *scanner) fail(err error) int {
	if s.fault == nil {
		s.fault = err
	}
	return -1
}

// odd fails at a place where something else should stand: for white space, if it is that.
func (s *scanner) odd(i int) int {
	if i < len(s.text) && isSpace(s.text[i]) {
		return s.fail(errSpaced)
	}
	return s.fail(errInvalid)
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// scan checks the whole text.
func (s *scanner) scan() error {
	if len(s.text) >= 1<<31 {
		return errInvalid
	}
	if end := s.value(0); end >= 0 && end < len(s.text) {
		s.odd(end)
	}
	return s.fault
}

// value returns where the value ends that begins at i, -1 if there is none.
func (s *scanner) value(i int) int {
	if i >= len(s.text) {
		return s.fail(errInvalid)
	}
	switch c := s.text[i]; c {
	case '"':
		s.count.scalars++
		return s.string(i)
	case '{':
		return s.container(i, true)
	case '[':
		return s.container(i, false)
	case 't':
		return s.word(i, "true")
	case 'f':
		return s.word(i, "false")
	case 'n':
		return s.word(i, "null")
	default:
		if c == '-' || c-'0' <= 9 {
			s.count.scalars++
			return s.number(i)
		}
	}
	return s.odd(i)
}

func (s *scanner) word(i int, word string) int {
	if end := i + len(word); end <= len(s.text) && string(s.text[i:end]) == word {
		return end
	}
	return s.fail(errInvalid)
}

func (s *scanner) number(i int) int {
	if s.text[i] == '-' {
		i++
	}
	if i < len(s.text) && s.text[i] == '0' {
		i++
	} else if i = s.digits(i); i < 0 {
		return -1
	}
	if i < len(s.text) && s.text[i] == '.' {
		if i = s.digits(i + 1); i < 0 {
			return -1
		}
	}
	if i < len(s.text) && s.text[i]|0x20 == 'e' {
		if i++; i < len(s.text) && (s.text[i] == '+' || s.text[i] == '-') {
			i++
		}
		return s.digits(i)
	}
	return i
}

// digits returns where the digits end, of which there must be one.
func (s *scanner) digits(i int) int {
	from := i
	for i < len(s.text) && s.text[i]-'0' <= 9 {
		i++
	}
	if i == from {
		return s.fail(errInvalid)
	}
	return i
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special marks the bytes of a word that end a run of plain text: those of quotes, backslashes, control characters and of what is not ASCII.
// Bytes after the first that is marked may be marked wrongly.
func special(w uint64) uint64 {
	quote, backslash := w^(ones*'"'), w^(ones*'\\')
	return (w | (w-ones*' ')&^w | (quote-ones)&^quote | (backslash-ones)&^backslash) & highs
}

// plain returns where plain text ends.
func plain(text []byte, i int) int {
	for ; i+8 <= len(text); i += 8 {
		if m := special(binary.LittleEndian.Uint64(text[i:])); m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for i < len(text) && text[i] >= ' ' && text[i] != '"' && text[i] != '\\' && text[i] < utf8.RuneSelf {
		i++
	}
	return i
}

func (s *scanner) string(i int) int {
	for i++; ; {
		if i = plain(s.text, i); i >= len(s.text) {
			return s.fail(errInvalid)
		}
		switch c := s.text[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			if i = s.escape(i + 1); i < 0 {
				return -1
			}
		case c < ' ':
			return s.fail(errInvalid)
		default:
			r, n := utf8.DecodeRune(s.text[i:])
			if r == utf8.RuneError && n == 1 {
				return s.fail(errInvalid)
			}
			i += n
		}
	}
}

// escape returns where an escape ends, which is needed.
func (s *scanner) escape(i int) int {
	if i >= len(s.text) {
		return s.fail(errInvalid)
	}
	switch s.text[i] {
	case '"', '\\', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		const digits = "0123456789abcdef"
		if i+5 > len(s.text) || string(s.text[i+1:i+3]) != "00" || s.text[i+3] != '0' && s.text[i+3] != '1' || bytes.IndexByte([]byte(digits), s.text[i+4]) < 0 {
			return s.fail(errEscaped) // or it is invalid
		}
		if s.text[i+3] == '0' && bytes.IndexByte([]byte("89acd"), s.text[i+4]) >= 0 { // has a short form
			return s.fail(errEscaped)
		}
		return i + 5
	}
	return s.fail(errEscaped)
}

// container checks an array or an object, and notes where it lies if it is long.
func (s *scanner) container(i int, object bool) (end int) {
	if s.depth++; s.depth > deepest {
		return s.fail(errInvalid)
	}
	s.count.containers++
	number := len(s.spans)
	s.spans = append(s.spans, span{from: int32(i)})
	if object {
		first := len(s.names)
		end = s.members(i+1, first)
		s.names = s.names[:first]
	} else {
		end = s.elements(i + 1)
	}
	s.depth--
	switch {
	case end < 0:
		return -1
	case end-i < shortestSpan:
		s.spans = s.spans[:number] // what is inside is shorter still
	default:
		s.spans[number].to, s.spans[number].next = int32(end), int32(len(s.spans))
	}
	return end
}

func (s *scanner) elements(i int) int {
	if i < len(s.text) && s.text[i] == ']' {
		return i + 1
	}
	for {
		s.count.elements++
		if i = s.value(i); i < 0 {
			return -1
		}
		if i >= len(s.text) {
			return s.fail(errInvalid)
		}
		switch s.text[i] {
		case ',':
			i++
		case ']':
			return i + 1
		default:
			return s.odd(i)
		}
	}
}

// members returns where the members end of an object whose names begin with a number.
func (s *scanner) members(i, first int) int {
	if i < len(s.text) && s.text[i] == '}' {
		return i + 1
	}
	var known map[string]bool // of objects that have many
	for {
		if i >= len(s.text) || s.text[i] != '"' {
			return s.odd(i)
		}
		s.count.members++
		end := s.string(i)
		if end < 0 {
			return -1
		}
		if s.twice(first, name{int32(i), int32(end)}, &known) {
			return s.fail(errInvalid)
		}
		if end >= len(s.text) || s.text[end] != ':' {
			return s.odd(end)
		}
		if i = s.value(end + 1); i < 0 {
			return -1
		}
		if i >= len(s.text) {
			return s.fail(errInvalid)
		}
		switch s.text[i] {
		case ',':
			i++
		case '}':
			return i + 1
		default:
			return s.odd(i)
		}
	}
}

// twice notes a name of the object whose names begin with a number, and reports whether it has that already.
func (s *scanner) twice(first int, n name, known *map[string]bool) bool {
	text := s.text[n.from:n.to]
	if *known == nil {
		for _, before := range s.names[first:] {
			if before.to-before.from == n.to-n.from && bytes.Equal(s.text[before.from:before.to], text) {
				return true
			}
		}
		s.names = append(s.names, n)
		if len(s.names)-first > indexedFrom {
			*known = make(map[string]bool, 4*indexedFrom)
			for _, before := range s.names[first:] {
				(*known)[string(s.text[before.from:before.to])] = true
			}
		}
		return false
	}
	before := len(*known)
	(*known)[string(text)] = true
	return len(*known) == before
}

// canonical returns the canonical form of a text as a source, and how much it has.
func canonical(text []byte) (src source, has count, err error) {
	s := scanners.Get().(*scanner)
	defer s.leave()
	if err = s.again(text); errors.Is(err, errSpaced) {
		err = s.again(spaceless(text))
	}
	if errors.Is(err, errEscaped) {
		var plainer []byte
		plainer, err = jsontext.AppendFormat(nil, text, jsontext.AllowDuplicateNames(true), jsontext.SpaceAfterColon(false), jsontext.SpaceAfterComma(false))
		if err == nil {
			err = s.again(plainer)
		}
	}
	if err != nil {
		return src, has, err
	}
	return source{string(s.text), append([]span(nil), s.spans...)}, s.count, nil
}

// leave gives the scanner's room to the next text, unless that is much.
func (s *scanner) leave() {
	const most = 1024
	if s.text = nil; cap(s.spans) <= most && cap(s.names) <= most {
		scanners.Put(s)
	}
}

// again scans another text.
func (s *scanner) again(text []byte) error {
	*s = scanner{text: text, spans: s.spans[:0], names: s.names[:0]}
	return s.scan()
}

// spaceless returns a text without the white space between its parts. Where that keeps two words apart, which is no JSON, it stays.
func spaceless(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '"':
			end := endOfString(text, i)
			out = append(out, text[i:end]...)
			i = end
		case isSpace(c):
			for i < len(text) && isSpace(text[i]) {
				i++
			}
			if len(out) > 0 && i < len(text) && inWord(out[len(out)-1]) && inWord(text[i]) {
				out = append(out, ' ')
			}
		default:
			out = append(out, c)
			i++
		}
	}
	return out
}

// inWord reports whether a byte may be part of a number or of a word such as true, or is nothing of JSON.
func inWord(c byte) bool { return bytes.IndexByte([]byte(`{}[],:"`), c) < 0 }

// endOfString returns where a string ends that begins at i, the end of the text if it does not end.
func endOfString(text []byte, i int) int {
	for i++; i < len(text); i++ {
		switch text[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return len(text)
}
