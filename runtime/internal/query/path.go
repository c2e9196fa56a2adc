package query

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Path is a field that holds a path, or in a JSONata state an expression: the zero path is $.
type Path struct {
	Field string // where the path stands in the state, as locations are written
	Null  bool
	Path  *jsonpath.Path
	Query *Query
}

// IsSet reports whether the field holds something.
func (p Path) IsSet() bool { return p.Path != nil || p.Query != nil }

func ParsePath(field, text string) (Path, error) {
	switch text {
	case "", "$":
		return Path{Field: field}, nil
	case NullPath:
		return Path{Field: field, Null: true}, nil
	}
	if IsQuery(text) {
		q, err := ParseQuery(text)
		if err != nil {
			return Path{}, fmt.Errorf("%s: %w", strings.TrimSuffix(field, "Path"), err)
		}
		return Path{Field: field, Query: q}, nil
	}
	p, err := jsonpath.Parse(text)
	if err != nil {
		return Path{}, fmt.Errorf("%s: %w", field, err)
	}
	return Path{Field: field, Path: p}, nil
}

func ParseReference(field, text string) (Path, error) {
	p, err := ParsePath(field, text)
	if err == nil && p.Path != nil {
		_, err = jsonpath.ParseReference(text)
	}
	return p, err
}

// Value evaluates the path.
func (p Path) Value(s *Scope) (value.Value, error) {
	if p.Path == nil {
		return s.Document, nil
	}
	return s.Get(p.Path)
}

// Plain is v as messages show it: a string without its quotes.
func Plain(v value.Value) string {
	if s, ok := v.AsString(); ok {
		return s
	}
	return v.String()
}

// AsInteger reads a whole number, or a string that is one: fields that refer to a number take both.
func AsInteger(v value.Value) (n int64, ok bool) {
	if s, is := v.AsString(); is {
		n, err := strconv.ParseInt(s, 10, 64)
		return n, err == nil
	}
	return v.AsInt()
}

// AsNumber reads a number, or a string that is one.
func AsNumber(v value.Value) (f float64, ok bool) {
	if s, is := v.AsString(); is {
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil
	}
	return v.AsFloat()
}

// NullPath is an InputPath, OutputPath or ResultPath that is null (R26).
const NullPath = "null"
