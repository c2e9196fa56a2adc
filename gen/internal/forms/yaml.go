package forms

import (
	"bytes"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// Limits of what is read: aliases of aliases grow without bound.
const (
	mostNodes = 1 << 20
	mostDepth = 500
)

// yamlReader makes nodes of what the library has parsed.
type yamlReader struct {
	*reader
	nodes int
	ok    bool
}

// yaml reads the file as YAML. It returns nil if it cannot be read, which is then reported.
func (r *reader) yaml() *node {
	y := &yamlReader{reader: r, ok: true}
	var document, next yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(r.file.Data))
	err := decoder.Decode(&document)
	if errors.Is(err, io.EOF) || err == nil && len(document.Content) == 0 {
		r.list.Errorf(r.file, source.Span{}, diag.BadYAML, "the file is empty")
		return nil
	}
	if err != nil {
		y.report(err)
		return nil
	}
	if err := decoder.Decode(&next); err == nil && len(next.Content) > 0 {
		y.fail(&next, "a second document begins here: a machine is one")
		return nil
	} else if err != nil && !errors.Is(err, io.EOF) {
		y.report(err)
		return nil
	}
	root := y.node(document.Content[0], 0)
	if !y.ok {
		return nil
	}
	return root
}

func (y *yamlReader) report(err error) {
	span, message := source.Span{}, strings.TrimPrefix(err.Error(), "yaml: ")
	if failed, ok := errors.AsType[*yaml.LoadError](err); ok {
		message = failed.Message
		at := y.offset(failed.Mark.Line, failed.Mark.Column)
		span = source.Span{Start: at, End: at + 1}
	}
	d := y.list.Errorf(y.file, span, diag.BadYAML, "the file is not YAML: %s", message)
	if strings.Contains(message, "tab character") {
		d.WithHint("indent with spaces")
	}
}

func (y *yamlReader) fail(n *yaml.Node, message string) {
	y.ok = false
	y.list.Errorf(y.file, y.span(n), diag.BadYAML, "%s", message)
}

// offset returns the place of a line and a column, which counts characters.
func (y *yamlReader) offset(line, column int) int32 {
	end := int32(len(y.file.Data))
	if line < 1 || line > y.file.Position(end).Line {
		return end
	}
	at := y.file.LineStart(line)
	for range column - 1 {
		_, size := utf8.DecodeRune(y.file.Data[at:])
		at += int32(size)
	}
	return at
}

// start returns where a node's own text begins, behind its tag and its anchor.
func (y *yamlReader) start(n *yaml.Node) int32 {
	at, data := y.offset(n.Line, n.Column), y.file.Data
	for int(at) < len(data) && (data[at] == '!' || data[at] == '&') && n.Kind != yaml.AliasNode {
		for int(at) < len(data) && !isSpace(data[at]) {
			at++
		}
		for int(at) < len(data) && isSpace(data[at]) {
			at++
		}
	}
	return at
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

func (y *yamlReader) span(n *yaml.Node) source.Span {
	at := y.start(n)
	return source.Span{Start: at, End: at + int32(max(len(n.Value), 1))}
}

// node returns a value. What an alias stands for has its place where it is written.
func (y *yamlReader) node(n *yaml.Node, depth int) *node {
	if y.nodes++; y.nodes > mostNodes || depth > mostDepth {
		if y.ok {
			y.fail(n, "the file is too large: it has too many values, or they are too deep in each other")
		}
		return &node{}
	}
	out := &node{span: y.span(n)}
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		out.tag = n.Tag
	}
	switch n.Kind {
	case yaml.AliasNode:
		return y.node(n.Alias, depth+1)
	case yaml.SequenceNode:
		out.kind = array
		for _, e := range n.Content {
			out.elements = append(out.elements, y.node(e, depth+1))
		}
	case yaml.MappingNode:
		out.kind = object
		y.members(out, n, depth)
	default:
		y.scalar(out, n)
	}
	return out
}

// members reads the members of an object. Those that are merged into it come after its own, which win (https://yaml.org/type/merge.html).
func (y *yamlReader) members(out *node, n *yaml.Node, depth int) {
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Tag == "!!merge":
			if value.Kind == yaml.SequenceNode {
				merged = append(merged, value.Content...)
			} else {
				merged = append(merged, value)
			}
			continue
		case key.Kind == yaml.AliasNode && key.Alias.Kind == yaml.ScalarNode:
			key = key.Alias
		case key.Kind != yaml.ScalarNode:
			y.fail(key, "the name of a member is a text")
			continue
		}
		name := &node{kind: text, span: y.span(key), text: key.Value, at: y.align(key)}
		if isOldBoolean(key) {
			y.list.Warnf(y.file, name.span, diag.YAMLTrap, "%s is read as the text %q here, and as a boolean by YAML 1.1", key.Value, key.Value).
				WithHint(strconv.Quote(key.Value) + " is a text to all")
		}
		out.members = append(out.members, member{name, y.node(value, depth+1)})
	}
	for _, m := range merged {
		from := y.node(m, depth+1)
		if from.kind != object {
			y.fail(m, "<< merges an object, or a list of them")
			continue
		}
		for _, other := range from.members {
			if out.member(other.name.text) == nil {
				out.members = append(out.members, other)
			}
		}
	}
}

var (
	jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)
	oldBoolean = regexp.MustCompile(`^(?:yes|Yes|YES|on|On|ON|no|No|NO|off|Off|OFF)$`)
)

// isOldBoolean reports whether YAML 1.1, which CloudFormation and SAM read, has a boolean where YAML 1.2 has a text.
func isOldBoolean(n *yaml.Node) bool {
	return n.Tag == "!!str" && n.Style == 0 && oldBoolean.MatchString(n.Value)
}

func (y *yamlReader) scalar(out *node, n *yaml.Node) {
	switch {
	case isOldBoolean(n):
		out.kind, out.text = boolean, "false"
		if lower := strings.ToLower(n.Value); lower == "yes" || lower == "on" {
			out.text = "true"
		}
		y.list.Warnf(y.file, out.span, diag.YAMLTrap, "%s is %s to YAML 1.1, which CloudFormation and SAM read, and a text to YAML 1.2", n.Value, out.text).
			WithHint("write " + out.text + ", or " + strconv.Quote(n.Value))
	case n.Tag == "!!null":
		out.text = "null"
	case n.Tag == "!!bool":
		out.kind, out.text = boolean, strings.ToLower(n.Value)
	case n.Tag == "!!int" || n.Tag == "!!float":
		out.kind, out.text = number, n.Value
		if jsonNumber.MatchString(n.Value) {
			return
		}
		var f float64
		if err := n.Decode(&f); err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			y.fail(n, n.Value+" is no number of JSON")
			return
		}
		out.text = strconv.FormatFloat(f, 'f', -1, 64)
	default:
		out.kind, out.text, out.at = text, n.Value, y.align(n)
	}
}

// align returns where the bytes of a node's text come from.
func (y *yamlReader) align(n *yaml.Node) []int32 {
	data, p := y.file.Data, int(y.start(n))
	quote := byte(0)
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		for p < len(data) && data[p] != '\n' {
			p++
		}
		p++
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 && p < len(data):
		quote = data[p]
		p++
	}
	return align(data, p, n.Value, quote)
}

// align returns where the bytes of a text come from that is written from p on, in a form of quotes or, for 0, without. The text and its source
// are read side by side: where they differ, the source has an escape, an indentation, or a line that was folded.
func align(data []byte, p int, text string, quote byte) []int32 {
	at := make([]int32, len(text))
	for i := 0; i < len(text); {
		c := text[i]
		for p < len(data) && isSpace(data[p]) && data[p] != c && !isSpace(c) {
			p++
		}
		switch {
		case p >= len(data):
			at[i] = int32(len(data))
			i++
		case quote == '"' && data[p] == '\\' && c != '\\', quote == '"' && data[p] == '\\' && p+1 < len(data) && data[p+1] == '\\':
			size, width := escape(data[p:])
			if size == 0 { // the end of a line
				p = skipSpace(data, p+1)
				continue
			}
			for range min(size, len(text)-i) {
				at[i] = int32(p)
				i++
			}
			p += width
		case quote == '\'' && c == '\'' && data[p] == '\'':
			at[i] = int32(p)
			i, p = i+1, p+2
		case data[p] == c:
			at[i] = int32(p)
			i, p = i+1, p+1
		case isSpace(c): // a line that was folded, or a break that was made
			at[i] = int32(p)
			if i++; isSpace(data[p]) {
				p++
			}
		default:
			at[i] = int32(p)
			i++
		}
	}
	return at
}

func skipSpace(data []byte, p int) int {
	for p < len(data) && isSpace(data[p]) {
		p++
	}
	return p
}

// escape returns how many bytes an escape of a text in quotes means, and how many it has; 0 if it means nothing, at the end of a line.
func escape(data []byte) (size, width int) {
	if len(data) < 2 {
		return 1, 1
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[data[1]]
	switch {
	case data[1] == '\n' || data[1] == '\r':
		return 0, 2
	case digits == 0 && (data[1] == 'N' || data[1] == '_'):
		return 2, 2
	case digits == 0 && (data[1] == 'L' || data[1] == 'P'):
		return 3, 2
	case digits == 0:
		return 1, 2
	}
	if len(data) < 2+digits {
		return 1, len(data)
	}
	r, err := strconv.ParseUint(string(data[2:2+digits]), 16, 32)
	if err != nil {
		return 1, 2 + digits
	}
	return max(utf8.RuneLen(rune(r)), 1), 2 + digits
}
