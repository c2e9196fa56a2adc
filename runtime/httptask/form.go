package httptask

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// form writes a body as the fields of a form, in the order that they have in it (P1). Members of members stand in brackets.
func (t *Transform) form(body value.Value) (string, error) {
	if body.Kind() != value.ObjectKind {
		return "", runtimeError("A body that is URL_ENCODED is an object, not %s", body)
	}
	f := form{arrays: "INDICES"}
	if o := t.RequestEncodingOptions; o != nil && o.ArrayFormat != "" {
		f.arrays = o.ArrayFormat
	}
	switch f.arrays {
	case "INDICES", "REPEAT", "COMMAS", "BRACKETS":
	default:
		return "", runtimeError("The ArrayFormat %q is none", f.arrays)
	}
	for name, m := range body.Members() {
		f.add(name, m)
	}
	return strings.Join(f.fields, "&"), nil
}

type form struct {
	arrays string
	fields []string
}

func (f *form) add(name string, v value.Value) {
	switch v.Kind() {
	case value.ObjectKind:
		for member, m := range v.Members() {
			f.add(name+"["+member+"]", m)
		}
	case value.ArrayKind:
		f.list(name, v)
	default:
		f.fields = append(f.fields, url.QueryEscape(name)+"="+url.QueryEscape(textOf(v)))
	}
}

func (f *form) list(name string, v value.Value) {
	var joined []string
	for i, e := range v.Elements() {
		switch f.arrays {
		case "REPEAT":
			f.add(name, e)
		case "BRACKETS":
			f.add(name+"[]", e)
		case "COMMAS":
			joined = append(joined, textOf(e))
		default:
			f.add(name+"["+strconv.Itoa(i)+"]", e)
		}
	}
	if f.arrays == "COMMAS" {
		f.add(name, value.String(strings.Join(joined, ",")))
	}
}
