package awsshape

import (
	"encoding/base64"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/document"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// encoder builds the document of a shape that describes itself to it.
type encoder struct {
	format Format
	open   []container
	result value.Value
}

var _ smithy.ShapeSerializer = (*encoder)(nil)

// container is an object or array that is being built.
type container struct {
	kind     containerKind
	schema   *smithy.Schema // as which member of its parent it was opened
	key      string         // map: the key that the next value belongs to
	members  []value.Member
	elements []value.Value
}

type containerKind uint8

const (
	structContainer containerKind = iota
	unionContainer
	listContainer
	mapContainer
)

// put adds a value to the innermost open container.
func (e *encoder) put(schema *smithy.Schema, v value.Value) {
	if len(e.open) == 0 {
		e.result = v
		return
	}
	c := &e.open[len(e.open)-1]
	switch c.kind {
	case listContainer:
		c.elements = append(c.elements, v)
	case mapContainer:
		c.members = append(c.members, value.Field(c.key, v))
	default:
		c.members = append(c.members, value.Field(e.format.name(schema), v))
	}
}

func (e *encoder) push(kind containerKind, schema *smithy.Schema) {
	e.open = append(e.open, container{kind: kind, schema: schema})
}

func (e *encoder) pop() {
	last := len(e.open) - 1
	c := e.open[last]
	e.open = e.open[:last]
	switch c.kind {
	case listContainer:
		e.put(c.schema, value.Array(c.elements...))
	case mapContainer:
		// The SDK ranges over a Go map.
		slices.SortFunc(c.members, func(a, b value.Member) int { return strings.Compare(a.Name, b.Name) })
		e.put(c.schema, value.Object(c.members...))
	default:
		e.put(c.schema, value.Object(c.members...))
	}
}

func (e *encoder) Bytes() []byte { return e.result.AppendJSON(nil) }

func (e *encoder) WriteInt8(s *smithy.Schema, v int8)   { e.put(s, value.Int(int64(v))) }
func (e *encoder) WriteInt16(s *smithy.Schema, v int16) { e.put(s, value.Int(int64(v))) }
func (e *encoder) WriteInt32(s *smithy.Schema, v int32) { e.put(s, value.Int(int64(v))) }
func (e *encoder) WriteInt64(s *smithy.Schema, v int64) { e.put(s, value.Int(v)) }

func (e *encoder) WriteFloat32(s *smithy.Schema, v float32) { e.put(s, float(float64(v), 32)) }
func (e *encoder) WriteFloat64(s *smithy.Schema, v float64) { e.put(s, float(v, 64)) }

func (e *encoder) WriteBigInt(s *smithy.Schema, v *big.Int)     { e.put(s, parsed(v.String())) }
func (e *encoder) WriteBigFloat(s *smithy.Schema, v *big.Float) { e.put(s, parsed(v.Text('g', -1))) }

func (e *encoder) WriteBool(s *smithy.Schema, v bool)     { e.put(s, value.Bool(v)) }
func (e *encoder) WriteString(s *smithy.Schema, v string) { e.put(s, value.String(v)) }
func (e *encoder) WriteNil(s *smithy.Schema)              { e.put(s, value.Null) }

func (e *encoder) WriteBlob(s *smithy.Schema, v []byte) {
	e.put(s, value.String(base64.StdEncoding.EncodeToString(v)))
}

func (e *encoder) WriteTime(s *smithy.Schema, v time.Time) { e.put(s, e.format.encodeTime(s, v)) }

func (e *encoder) WriteDocument(s *smithy.Schema, v document.Value) {
	e.put(s, e.format.encodeDocument(v))
}

func (e *encoder) WriteStruct(s *smithy.Schema)   { e.push(structContainer, s) }
func (e *encoder) WriteUnion(s, _ *smithy.Schema) { e.push(unionContainer, s) }
func (e *encoder) WriteList(s *smithy.Schema)     { e.push(listContainer, s) }
func (e *encoder) WriteMap(s *smithy.Schema)      { e.push(mapContainer, s) }

func (e *encoder) WriteKey(_ *smithy.Schema, key string) { e.open[len(e.open)-1].key = key }

func (e *encoder) CloseStruct() { e.pop() }
func (e *encoder) CloseUnion()  { e.pop() }
func (e *encoder) CloseList()   { e.pop() }
func (e *encoder) CloseMap()    { e.pop() }

// float writes the shortest number that is v in so many bits; what JSON cannot write is text, as in AWS JSON.
func float(v float64, bits int) value.Value {
	switch {
	case math.IsNaN(v):
		return value.String("NaN")
	case math.IsInf(v, 1):
		return value.String("Infinity")
	case math.IsInf(v, -1):
		return value.String("-Infinity")
	case bits == 32:
		return parsed(strconv.FormatFloat(v, 'g', -1, 32))
	}
	return value.Float(v)
}

// parsed is the value that text writes; null if it writes none, as that of an infinite big.Float.
func parsed(text string) value.Value {
	v, err := value.Parse([]byte(text))
	if err != nil {
		return value.Null
	}
	return v
}
