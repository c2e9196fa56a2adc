// Package awsshape turns the AWS SDK's types into exact documents and back.
//
// The types of an SDK service describe themselves to a serializer: which members are set, in the service's own names.
// Unlike encoding/json this tells an unset member from an empty one and knows the service's times. A [Format] says how the
// names and the times are written down.
package awsshape

import (
	"errors"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aws/smithy-go"
	smithytime "github.com/aws/smithy-go/time"
	"github.com/aws/smithy-go/traits"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Format is a way to write the shapes of a service as a document: how members are named and how times are written. It is
// one of [Wire], [StepFunctions] and [SDKIntegration].
type Format struct {
	capitalized bool
	times       timeForm
}

type timeForm uint8

const (
	modelledTime timeForm = iota
	epochMilliseconds
	iso8601
)

var (
	// Wire is AWS JSON 1.1 as it goes over the wire: members named as the service names them, times as the service's model
	// says, and where that says nothing as seconds since 1970 with up to three decimals.
	Wire = Format{times: modelledTime}

	// StepFunctions is the form in which documents pass through a state machine: member names with a capital first letter,
	// times as whole milliseconds since 1970 (docs/rules.md E40-E42).
	StepFunctions = Format{capitalized: true, times: epochMilliseconds}

	// SDKIntegration is what the aws-sdk integrations give: like StepFunctions, but times are ISO 8601 texts in UTC
	// (docs/rules.md E41).
	SDKIntegration = Format{capitalized: true, times: iso8601}
)

// Encode returns the document of s, a shape of an SDK service such as *ecs.RunTaskInput. Members that are not set are left
// out; empty lists and maps are kept. Members are in the order of the service's names, maps in the order of their keys.
//
// What the SDK's types cannot say, the document does not have: a plain bool, number or string that is false, 0 or "" counts
// as not set, and a union of an unknown variant is left out. A free-form document member that has no JSON is written null.
func (f Format) Encode(s smithy.Serializable) value.Value {
	e := &encoder{format: f}
	s.Serialize(e)
	return e.result
}

// Decode stores the document v in into, a pointer to a zero shape of an SDK service: one of its types, or the input or
// output of an operation. A member that is null is not set; a member that the service does not know is ignored. The error
// is a [*DecodeError] that says where v has not the JSON type that the service wants, a null element of a list or map
// included. Unions and free-form documents that stand directly in an operation's input are an error.
func (f Format) Decode(v value.Value, into smithy.Serializable) error {
	d := &decoder{format: f, current: v}
	err := errors.New("nothing to decode into")
	switch x := into.(type) {
	case nil:
	case smithy.Deserializable:
		err = x.Deserialize(d)
	default:
		err = d.decodeInput(into)
	}
	if err != nil {
		return d.located(err)
	}
	return nil
}

// name returns the name of a member in the document.
func (f Format) name(member *smithy.Schema) string {
	name := member.MemberName()
	if !f.capitalized {
		return name
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

// member returns the member of a structure or union that has a name in the document; nil if there is none.
func (f Format) member(schema *smithy.Schema, name string) *smithy.Schema {
	if !f.capitalized {
		return schema.Member(name)
	}
	first, size := utf8.DecodeRuneInString(name)
	if m := schema.Member(string(unicode.ToLower(first)) + name[size:]); m != nil && f.name(m) == name {
		return m
	}
	if unicode.IsUpper(first) {
		return schema.Member(name)
	}
	return nil
}

// timeFormOf returns the model's form of a time: "epoch-seconds", "date-time" or "http-date".
func timeFormOf(schema *smithy.Schema) string {
	if t, ok := smithy.SchemaTrait[*traits.TimestampFormat](schema); ok {
		return t.Format
	}
	return "epoch-seconds"
}

func (f Format) encodeTime(schema *smithy.Schema, t time.Time) value.Value {
	switch f.times {
	case epochMilliseconds:
		return value.Int(t.UnixMilli())
	case iso8601:
		return value.String(formatISO8601(t))
	}
	switch timeFormOf(schema) {
	case "date-time":
		return value.String(smithytime.FormatDateTime(t))
	case "http-date":
		return value.String(smithytime.FormatHTTPDate(t))
	}
	return value.Float(float64(t.UnixMilli()) / 1000)
}

// formatISO8601 writes three decimals or none, as Java's Instant does for a time of whole milliseconds.
func formatISO8601(t time.Time) string {
	text := t.UTC().Format("2006-01-02T15:04:05.000Z")
	return strings.Replace(text, ".000Z", "Z", 1)
}

// decodeTime returns what was wanted if v is no time in the right form.
func (f Format) decodeTime(schema *smithy.Schema, v value.Value) (t time.Time, wanted string) {
	switch f.times {
	case epochMilliseconds:
		ms, ok := v.AsInt()
		if !ok {
			return time.Time{}, "a whole number of milliseconds since 1970"
		}
		return time.UnixMilli(ms).UTC(), ""
	case iso8601:
		return parseTime(v, "an ISO 8601 time", smithytime.ParseDateTime)
	}
	switch timeFormOf(schema) {
	case "date-time":
		return parseTime(v, "an ISO 8601 time", smithytime.ParseDateTime)
	case "http-date":
		return parseTime(v, "an HTTP date", smithytime.ParseHTTPDate)
	}
	seconds, ok := v.AsFloat()
	if !ok || math.Abs(seconds) > 1<<52/1000 {
		return time.Time{}, "a number of seconds since 1970"
	}
	return time.UnixMilli(int64(math.Round(seconds * 1000))).UTC(), ""
}

func parseTime(v value.Value, wanted string, parse func(string) (time.Time, error)) (time.Time, string) {
	text, ok := v.AsString()
	if !ok {
		return time.Time{}, wanted
	}
	t, err := parse(text)
	if err != nil {
		return time.Time{}, wanted
	}
	return t.UTC(), ""
}
