package objects

import (
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/runtime/internal/jsonspace"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func invalidJSON(err error) error {
	return ReaderFailed("Attempting to map over invalid JSON: %v", err)
}

// jsonItems reads the items of a JSON text: the elements of an array, or the members of an object, whatever is around it.
type jsonItems struct {
	parts   *parts
	decoder *jsontext.Decoder
	g       *gathering
	members []value.Member // of an object, in place of g's items
	names   bool           // the items are members
}

// readJSON reads the items that the ItemsPointer points to. If they are the members of an object, it returns that.
func (i *Source) readJSON(p *parts, g *gathering) (object value.Value, err error) {
	j := &jsonItems{parts: p, decoder: jsontext.NewDecoder(jsonspace.NewReader(p)), g: g}
	found, iterable, err := j.seek(query.ParsePointer(i.ItemsPointer), i.ItemsPointer != "")
	if err == nil {
		err = j.finish()
	}
	switch {
	case err != nil:
		return object, err
	case !found:
		return object, ReaderFailed("ItemsPointer %s does not point to anything.", i.ItemsPointer)
	case !iterable:
		return object, ReaderFailed("Attempting to map over non-iterable node.")
	case j.names:
		return value.Object(j.members...), nil
	}
	return object, nil
}

// token reads the next token.
func (j *jsonItems) token() (jsontext.Token, error) {
	t, err := j.decoder.ReadToken()
	return t, j.fault(err)
}

// fault turns an error of the decoder into the reader's.
func (j *jsonItems) fault(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if _, syntax := errors.AsType[*jsontext.SyntacticError](err); syntax || errors.Is(err, io.ErrUnexpectedEOF) {
		return invalidJSON(err)
	}
	return err
}

// seek reads the value that comes next up to the place that the rest of a pointer points to, and the items there. What
// comes after is left for finish.
func (j *jsonItems) seek(to []string, members bool) (found, iterable bool, err error) {
	kind := j.decoder.PeekKind()
	if len(to) == 0 {
		switch {
		case kind == '[':
			return true, true, j.elements()
		case kind == '{' && members:
			return true, true, j.object()
		}
		_, err := j.token()
		return true, false, err
	}
	if _, err := j.token(); err != nil || kind != '[' && kind != '{' {
		return false, false, err
	}
	for at := 0; ; at++ {
		if end := j.decoder.PeekKind(); end == ']' || end == '}' {
			return false, false, nil
		}
		here := kind == '[' && at == pointerIndex(to[0])
		if kind == '{' {
			name, err := j.token()
			if err != nil {
				return false, false, err
			}
			here = name.String() == to[0]
		}
		if here {
			return j.seek(to[1:], members)
		}
		if err := j.skip(); err != nil {
			return false, false, err
		}
	}
}

// skip passes by a value.
func (j *jsonItems) skip() error {
	for depth := j.decoder.StackDepth(); ; {
		if _, err := j.token(); err != nil || j.decoder.StackDepth() <= depth {
			return err
		}
	}
}

// next reads a value that is an item.
func (j *jsonItems) next() (value.Value, error) {
	j.parts.next()
	text, err := j.decoder.ReadValue()
	if err != nil {
		return value.Value{}, j.fault(err)
	}
	v, err := value.Parse(text)
	if err != nil {
		return v, invalidJSON(err)
	}
	return v, nil
}

func (j *jsonItems) elements() error {
	_, err := j.token()
	for err == nil && j.decoder.PeekKind() != ']' {
		var item value.Value
		if item, err = j.next(); err == nil {
			err = j.g.add(item)
		}
	}
	return err
}

func (j *jsonItems) object() error {
	j.names = true
	_, err := j.token()
	for err == nil && j.decoder.PeekKind() != '}' {
		var name jsontext.Token
		if name, err = j.token(); err != nil {
			return err
		}
		m := value.Member{Name: name.String()}
		j.g.room -= int64(len(m.Name))
		if m.Value, err = j.next(); err == nil {
			j.members = append(j.members, m)
			err = j.g.add(m.Value)
		}
	}
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// finish reads what comes after the items, as far as a part goes: it must be JSON too, unless there are enough already.
func (j *jsonItems) finish() error {
	if j.g.enough() {
		return nil
	}
	j.parts.next()
	for {
		ended := j.decoder.StackDepth() == 0
		t, err := j.decoder.ReadToken()
		switch {
		case errors.Is(err, errLongPart), ended && errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return j.fault(err)
		case ended:
			return ReaderFailed("Attempting to map over invalid JSON: there is a %v after the value", t.Kind())
		}
	}
}
