// Package tidy formats machines in JSON: the fields of machines and states in one order, two spaces for each depth, comments where they were.
package tidy

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// The orders of fields: what a state is, what it works on, how, and what comes next. Fields that are not here stay behind those that are, and
// what is sent to a service stays as it is.
var (
	machineOrder = strings.Fields("Comment QueryLanguage Version TimeoutSeconds ProcessorConfig StartAt States")
	stateOrder   = strings.Fields(`Type Comment QueryLanguage Resource Credentials InputPath Parameters Arguments Items ItemsPath ItemReader ItemSelector
		ItemBatcher MaxConcurrency MaxConcurrencyPath ToleratedFailureCount ToleratedFailureCountPath ToleratedFailurePercentage
		ToleratedFailurePercentagePath Label ItemProcessor Iterator ResultWriter Branches Choices Default Seconds SecondsPath Timestamp TimestampPath
		Result Error ErrorPath Cause CausePath TimeoutSeconds TimeoutSecondsPath HeartbeatSeconds HeartbeatSecondsPath ResultSelector ResultPath Output
		OutputPath Assign Retry Catch Next End`)
	handlerOrder = strings.Fields("Comment ErrorEquals IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy ResultPath Output Assign Next")
)

const (
	longest = 120 // characters of a line that holds an object or an array
	deepest = 500 // nested objects and arrays, as the compiler reads them
)

// value is a value of the text with its comments.
type value struct {
	open     byte   // '{' or '[', 0 for a scalar
	raw      string // of a scalar, as it is written
	members  []*member
	inner    []string // comments behind the last member
	oneLine  bool     // it was written so
	comments bool     // there are some in it
}

// member is a member of an object or an element of an array.
type member struct {
	name   string // as it is written, "" for an element
	value  *value
	before []string // comments on lines of their own
	behind string   // a comment on its line
}

// commented reports whether there are comments at a member or in it.
func (m *member) commented() bool { return len(m.before) > 0 || m.behind != "" || m.value.comments }

// Fault says where a text is not JSON.
type Fault struct {
	Offset  int // in the text
	Message string
}

// Error returns the message.
func (f *Fault) Error() string { return f.Message }

// Format returns the text of a machine formatted. Comments and placeholders without quotes are taken; the error is a [*Fault].
func Format(text []byte) ([]byte, error) {
	p := &parser{text: text}
	if bytes.HasPrefix(text, []byte("\uFEFF")) {
		p.at = len("\uFEFF")
	}
	before := p.comments()
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	after := p.comments()
	if p.at < len(p.text) {
		return nil, p.fault("the definition ends before this")
	}
	orderMachine(v)
	var b strings.Builder
	for _, c := range before {
		b.WriteString(c + "\n")
	}
	v.write(&b, 0, 0)
	for _, c := range after {
		b.WriteString("\n" + c)
	}
	b.WriteString("\n")
	return []byte(b.String()), nil
}

// parser reads JSON with comments.
type parser struct {
	text  []byte
	at    int
	depth int // of objects and arrays that are open
}

func (p *parser) fault(format string, args ...any) error {
	return &Fault{Offset: min(p.at, len(p.text)), Message: fmt.Sprintf(format, args...)}
}

// comments passes white space and returns the comments in it.
func (p *parser) comments() (all []string) {
	for p.at < len(p.text) {
		rest := p.text[p.at:]
		size := 1
		switch {
		case bytes.HasPrefix(rest, []byte("//")):
			size = until(rest, "\n")
			all = append(all, strings.TrimRight(string(rest[:size]), " \t\r"))
		case bytes.HasPrefix(rest, []byte("/*")):
			end := bytes.Index(rest[2:], []byte("*/"))
			if end < 0 {
				return all // it is no value either
			}
			size = 2 + end + 2
			all = append(all, string(rest[:size]))
		case strings.IndexByte(" \t\r\n", rest[0]) < 0:
			return all
		}
		p.at += size
	}
	return all
}

// until returns how many bytes stand before an end, or all.
func until(text []byte, end string) int {
	if n := bytes.Index(text, []byte(end)); n >= 0 {
		return n
	}
	return len(text)
}

// behind returns a comment that follows on the same line.
func (p *parser) behind() string {
	at := p.at
	for at < len(p.text) && (p.text[at] == ' ' || p.text[at] == '\t') {
		at++
	}
	if !bytes.HasPrefix(p.text[at:], []byte("//")) {
		return ""
	}
	p.at = at + until(p.text[at:], "\n")
	return strings.TrimRight(string(p.text[at:p.at]), " \t\r")
}

func (p *parser) value() (*value, error) {
	if p.at >= len(p.text) {
		return nil, p.fault("the text ends where a value is wanted")
	}
	switch c := p.text[p.at]; c {
	case '{', '[':
		return p.container(c)
	case '}', ']', ',', ':':
		return nil, p.fault("%q stands where a value is wanted", c)
	}
	raw, err := p.scalar()
	return &value{raw: raw}, err
}

// scalar returns a text in quotes, a placeholder, or another value.
func (p *parser) scalar() (string, error) {
	start, rest := p.at, p.text[p.at:]
	size := 0
	switch {
	case rest[0] == '"':
		size = textSize(rest)
	case bytes.HasPrefix(rest, []byte("${")):
		size = min(until(rest, "}")+1, len(rest))
	default:
		for size < len(rest) && strings.IndexByte(",:{}[]\" \t\r\n/", rest[size]) < 0 {
			size++
		}
	}
	raw := string(rest[:size])
	if size == 0 || source.ReplacePlaceholders(raw, "") != "" && !jsontext.Value(raw).IsValid(jsontext.AllowInvalidUTF8(true)) {
		return "", p.fault("this is not a value of JSON")
	}
	p.at = start + size
	return raw, nil
}

// textSize returns the size of a text in quotes, or of all if it has no end.
func textSize(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

func (p *parser) container(open byte) (*value, error) {
	if p.depth++; p.depth > deepest {
		return nil, p.fault("objects and arrays are nested deeper than %d", deepest)
	}
	defer func() { p.depth-- }()
	v := &value{open: open}
	end := byte(open + 2)
	start := p.at
	p.at++
	for {
		before := p.comments()
		if p.at < len(p.text) && p.text[p.at] == end {
			p.at++
			v.inner = before
			v.oneLine = !bytes.Contains(p.text[start:p.at], []byte("\n"))
			v.comments = before != nil || slices.ContainsFunc(v.members, (*member).commented)
			return v, nil
		}
		m, err := p.member(open == '{')
		if err != nil {
			return nil, err
		}
		m.before = slices.Concat(before, m.before, p.comments()) // the last stand before the comma
		v.members = append(v.members, m)
		switch {
		case p.at < len(p.text) && p.text[p.at] == ',':
			p.at++
			if m.behind == "" {
				m.behind = p.behind()
			}
			if p.peek() == end {
				return nil, p.fault("nothing follows this comma")
			}
		case p.at >= len(p.text) || p.text[p.at] != end:
			return nil, p.fault("a comma is wanted here")
		}
	}
}

// peek returns the next sign that is no white space and no comment.
func (p *parser) peek() byte {
	q := *p
	q.comments()
	if q.at >= len(q.text) {
		return 0
	}
	return q.text[q.at]
}

func (p *parser) member(named bool) (m *member, err error) {
	m = &member{}
	if named {
		if p.at >= len(p.text) || p.text[p.at] != '"' {
			return nil, p.fault("a name in quotes is wanted here")
		}
		if m.name, err = p.scalar(); err != nil {
			return nil, err
		}
		m.before = p.comments()
		if p.at >= len(p.text) || p.text[p.at] != ':' {
			return nil, p.fault("a colon is wanted here")
		}
		p.at++
		m.before = append(m.before, p.comments()...)
	}
	if m.value, err = p.value(); err != nil {
		return nil, err
	}
	m.behind = p.behind()
	return m, nil
}

// get returns a member's value, one without members if there is none.
func (v *value) get(name string) *value {
	for _, m := range v.members {
		if m.name == `"`+name+`"` {
			return m.value
		}
	}
	return &value{}
}

func (v *value) order(names []string) {
	place := func(m *member) int {
		if i := slices.Index(names, strings.Trim(m.name, `"`)); i >= 0 {
			return i
		}
		return len(names)
	}
	if v.open == '{' {
		slices.SortStableFunc(v.members, func(a, b *member) int { return place(a) - place(b) })
	}
}

func orderMachine(v *value) {
	v.order(machineOrder)
	for _, s := range v.get("States").members {
		s.value.order(stateOrder)
		for _, list := range []string{"Retry", "Catch"} {
			for _, h := range s.value.get(list).members {
				h.value.order(handlerOrder)
			}
		}
		for _, inner := range s.value.get("Branches").members {
			orderMachine(inner.value)
		}
		for _, name := range []string{"ItemProcessor", "Iterator"} {
			orderMachine(s.value.get(name))
		}
	}
}

// write writes a value; column is where its line has come to.
func (v *value) write(b *strings.Builder, depth, column int) {
	switch {
	case v.open == 0:
		b.WriteString(v.raw)
		return
	case len(v.members) == 0 && len(v.inner) == 0:
		b.WriteString(string(v.open) + string(v.open+2))
		return
	case v.oneLine && !v.comments:
		if line := v.line(); column+utf8.RuneCountInString(line) <= longest {
			b.WriteString(line)
			return
		}
	}
	indent := "\n" + strings.Repeat("  ", depth+1)
	b.WriteByte(v.open)
	for i, m := range v.members {
		for _, c := range m.before {
			b.WriteString(indent + c)
		}
		b.WriteString(indent)
		at := 2 * (depth + 1)
		if m.name != "" {
			b.WriteString(m.name + ": ")
			at += utf8.RuneCountInString(m.name) + 2
		}
		m.value.write(b, depth+1, at)
		if i < len(v.members)-1 {
			b.WriteByte(',')
		}
		if m.behind != "" {
			b.WriteString(" " + m.behind)
		}
	}
	for _, c := range v.inner {
		b.WriteString(indent + c)
	}
	b.WriteString(indent[:len(indent)-2])
	b.WriteByte(v.open + 2)
}

// line returns a value on one line.
func (v *value) line() string {
	if v.open == 0 {
		return v.raw
	}
	var parts []string
	for _, m := range v.members {
		if m.name != "" {
			parts = append(parts, m.name+": "+m.value.line())
		} else {
			parts = append(parts, m.value.line())
		}
	}
	text := strings.Join(parts, ", ")
	if v.open == '{' && text != "" {
		text = " " + text + " "
	}
	return string(v.open) + text + string(v.open+2)
}
