package intrinsic

import (
	"errors"
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func jsonToString(in *invocation) (value.Value, error) { return value.String(in.args[0].String()), nil }

// stringToJSON gives null for a blank string, as AWS was recorded to.
func stringToJSON(in *invocation) (value.Value, error) {
	text, err := in.text(0)
	if err != nil {
		return value.Value{}, err
	}
	if strings.TrimSpace(text) == "" {
		return value.Null, nil
	}
	v, err := value.Parse([]byte(text))
	if err != nil {
		return value.Value{}, fmt.Errorf("argument 1 is no JSON: %v", err)
	}
	if strings.Contains(text, "-0") {
		v = withoutNegativeZero(v)
	}
	return v, nil
}

// withoutNegativeZero writes the integer -0, which Java's reader takes for 0, as 0.
func withoutNegativeZero(v value.Value) value.Value {
	switch v.Kind() {
	case value.NumberKind:
		if text, _ := v.AsNumber(); text == "-0" {
			return value.Int(0)
		}
	case value.ArrayKind:
		elements := make([]value.Value, 0, v.Len())
		for _, element := range v.Elements() {
			elements = append(elements, withoutNegativeZero(element))
		}
		return value.Array(elements...)
	case value.ObjectKind:
		members := make([]value.Member, 0, v.Len())
		for name, m := range v.Members() {
			members = append(members, value.Field(name, withoutNegativeZero(m)))
		}
		return value.Object(members...)
	}
	return v
}

// jsonMerge merges the members of two objects; the second's win. The third argument asks for a deep merge, which AWS does
// not do.
func jsonMerge(in *invocation) (value.Value, error) {
	members := make([]value.Member, 0, in.args[0].Len()+in.args[1].Len())
	for i := range 2 {
		if in.args[i].Kind() != value.ObjectKind {
			return value.Value{}, in.wrongKind(i, "an object")
		}
		for name, m := range in.args[i].Members() {
			members = append(members, value.Field(name, m))
		}
	}
	if deep, ok := in.args[2].AsBool(); !ok {
		return value.Value{}, in.wrongKind(2, "false")
	} else if deep {
		return value.Value{}, errShallow
	}
	return value.Object(members...), nil
}

var errShallow = errors.New("argument 3 must be false: objects are merged only at their first level")

func checkJSONMerge(c *Call) string {
	if literal, ok := c.Args[2].(*Literal); ok && literal.Value.Kind() == value.BoolKind && literal.text == "true" {
		return errShallow.Error()
	}
	return ""
}
