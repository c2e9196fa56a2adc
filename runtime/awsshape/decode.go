package awsshape

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/document"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// DecodeError says where a document is not what the service wants.
type DecodeError struct {
	Path    string // in the document, as Containers[0].ExitCode or Labels["a b"]; empty for the document itself
	Message string
}

func (e *DecodeError) Error() string {
	if e.Path == "" {
		return e.Message
	}
	return e.Path + ": " + e.Message
}

// decoder hands the parts of a document to a shape that asks for them.
type decoder struct {
	format  Format
	open    []cursor
	current value.Value // what the next Read reads
}

var _ smithy.ShapeDeserializer = (*decoder)(nil)

// cursor goes through an object or array.
type cursor struct {
	kind   containerKind
	schema *smithy.Schema
	rest   []value.Member // for a list the names are empty
	next   int
	step   string // the way from the container to the child that is being read, as part of a path
}

func (d *decoder) fail(wanted string) error {
	return d.located(fmt.Errorf("want %s, have %s", wanted, describe(d.current)))
}

// located gives err the place that is being read, unless it has one.
func (d *decoder) located(err error) error {
	if located := (*DecodeError)(nil); errors.As(err, &located) {
		return located
	}
	var path strings.Builder
	for _, c := range d.open {
		path.WriteString(c.step)
	}
	return &DecodeError{Path: strings.TrimPrefix(path.String(), "."), Message: err.Error()}
}

// describe says what v is: its kind, and a scalar's text while it is short.
func describe(v value.Value) string {
	const short = 40
	switch v.Kind() {
	case value.BoolKind, value.NumberKind, value.StringKind:
		if v.Size() <= short {
			return fmt.Sprintf("the %s %s", v.Kind(), v)
		}
	}
	return v.Kind().String()
}

func (d *decoder) readInt(low, high int64) (int64, error) {
	i, ok := d.current.AsInt()
	if !ok || i < low || i > high {
		return 0, d.fail(fmt.Sprintf("a whole number from %d to %d", low, high))
	}
	return i, nil
}

func (d *decoder) ReadInt8(_ *smithy.Schema, v *int8) error {
	i, err := d.readInt(math.MinInt8, math.MaxInt8)
	*v = int8(i)
	return err
}

func (d *decoder) ReadInt16(_ *smithy.Schema, v *int16) error {
	i, err := d.readInt(math.MinInt16, math.MaxInt16)
	*v = int16(i)
	return err
}

func (d *decoder) ReadInt32(_ *smithy.Schema, v *int32) error {
	i, err := d.readInt(math.MinInt32, math.MaxInt32)
	*v = int32(i)
	return err
}

func (d *decoder) ReadInt64(_ *smithy.Schema, v *int64) (err error) {
	*v, err = d.readInt(math.MinInt64, math.MaxInt64)
	return err
}

func (d *decoder) ReadFloat32(_ *smithy.Schema, v *float32) error {
	f, err := d.readFloat(math.MaxFloat32)
	*v = float32(f)
	return err
}

func (d *decoder) ReadFloat64(_ *smithy.Schema, v *float64) (err error) {
	*v, err = d.readFloat(math.MaxFloat64)
	return err
}

func (d *decoder) readFloat(largest float64) (float64, error) {
	switch text, _ := d.current.AsString(); text {
	case "NaN":
		return math.NaN(), nil
	case "Infinity":
		return math.Inf(1), nil
	case "-Infinity":
		return math.Inf(-1), nil
	}
	f, ok := d.current.AsFloat()
	if !ok || math.Abs(f) > largest {
		return 0, d.fail(fmt.Sprintf("a number up to %g", largest))
	}
	return f, nil
}

func (d *decoder) ReadBigInt(_ *smithy.Schema, v *big.Int) error {
	text, _ := d.current.AsNumber()
	if _, ok := v.SetString(text, 10); !ok {
		return d.fail("a whole number")
	}
	return nil
}

func (d *decoder) ReadBigFloat(_ *smithy.Schema, v *big.Float) error {
	text, _ := d.current.AsNumber()
	if _, ok := v.SetString(text); !ok {
		return d.fail("a number")
	}
	return nil
}

func (d *decoder) ReadBool(_ *smithy.Schema, v *bool) (err error) {
	b, ok := d.current.AsBool()
	if !ok {
		return d.fail("a boolean")
	}
	*v = b
	return nil
}

func (d *decoder) ReadString(_ *smithy.Schema, v *string) error {
	s, ok := d.current.AsString()
	if !ok {
		return d.fail("a string")
	}
	*v = s
	return nil
}

func (d *decoder) ReadBlob(_ *smithy.Schema, v *[]byte) error {
	text, ok := d.current.AsString()
	data, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil {
		return d.fail("a string in base64")
	}
	*v = data
	return nil
}

func (d *decoder) ReadTime(s *smithy.Schema, v *time.Time) error {
	t, wanted := d.format.decodeTime(s, d.current)
	if wanted != "" {
		return d.fail(wanted)
	}
	*v = t
	return nil
}

func (d *decoder) ReadDocument(_ *smithy.Schema, v *document.Value) error {
	*v = document.Opaque{Value: plain(d.current)}
	return nil
}

// ReadNil reports that nothing is null: null members were left out before, and a null element is an error of what reads it,
// where the SDK would silently make it a zero value.
func (d *decoder) ReadNil(*smithy.Schema) (bool, error) { return false, nil }

func (d *decoder) ReadStruct(s *smithy.Schema) error { return d.enter(structContainer, s) }
func (d *decoder) ReadList(s *smithy.Schema) error   { return d.enter(listContainer, s) }
func (d *decoder) ReadMap(s *smithy.Schema) error    { return d.enter(mapContainer, s) }

func (d *decoder) enter(kind containerKind, s *smithy.Schema) error {
	c := cursor{kind: kind, schema: s, rest: make([]value.Member, 0, d.current.Len())}
	if kind == listContainer {
		if d.current.Kind() != value.ArrayKind {
			return d.fail("an array")
		}
		for _, element := range d.current.Elements() {
			c.rest = append(c.rest, value.Field("", element))
		}
	} else {
		if d.current.Kind() != value.ObjectKind {
			return d.fail("an object")
		}
		for name, member := range d.current.Members() {
			c.rest = append(c.rest, value.Field(name, member))
		}
	}
	d.open = append(d.open, c)
	return nil
}

// advance goes to the next child of the innermost container; at the end it leaves the container.
func (d *decoder) advance() (c *cursor, child value.Member, ok bool) {
	c = &d.open[len(d.open)-1]
	if c.next == len(c.rest) {
		d.open = d.open[:len(d.open)-1]
		return nil, value.Member{}, false
	}
	child = c.rest[c.next]
	c.next++
	d.current = child.Value
	return c, child, true
}

func (d *decoder) ReadStructMember() (*smithy.Schema, error) {
	for {
		c, child, ok := d.advance()
		if !ok {
			return nil, nil
		}
		if member := d.format.member(c.schema, child.Name); member != nil && !child.Value.IsNull() {
			c.step = "." + child.Name
			return member, nil
		}
	}
}

func (d *decoder) ReadUnion(s *smithy.Schema) (*smithy.Schema, error) {
	inside := len(d.open) > 0 && d.open[len(d.open)-1].kind == unionContainer && d.open[len(d.open)-1].schema == s
	if !inside {
		if err := d.enter(unionContainer, s); err != nil {
			return nil, err
		}
	}
	return d.ReadStructMember()
}

func (d *decoder) ReadListItem(*smithy.Schema) (bool, error) {
	c, _, ok := d.advance()
	if ok {
		c.step = fmt.Sprintf("[%d]", c.next-1)
	}
	return ok, nil
}

func (d *decoder) ReadMapKey(*smithy.Schema) (string, bool, error) {
	c, child, ok := d.advance()
	if ok {
		c.step = fmt.Sprintf("[%q]", child.Name)
	}
	return child.Name, ok, nil
}
