package awsshape

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/aws/smithy-go/document"
	smithyjson "github.com/aws/smithy-go/document/json"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// encodeDocument returns a member whose contents the service leaves free.
func (f Format) encodeDocument(d document.Value) value.Value {
	switch d := d.(type) {
	case document.Boolean:
		return value.Bool(bool(d))
	case document.Number:
		return parsed(string(d))
	case document.String:
		return value.String(string(d))
	case document.Blob:
		return value.String(base64.StdEncoding.EncodeToString(d))
	case document.Timestamp:
		return f.encodeTime(nil, time.Time(d))
	case document.List:
		elements := make([]value.Value, len(d))
		for i, element := range d {
			elements[i] = f.encodeDocument(element)
		}
		return value.Array(elements...)
	case document.Map:
		return f.encodeDocuments(d)
	case document.Structure:
		return f.encodeDocuments(d.Members)
	case document.Opaque:
		return encodeOpaque(d.Value)
	case *document.Opaque:
		return encodeOpaque(d.Value)
	}
	return value.Null
}

func (f Format) encodeDocuments(members map[string]document.Value) value.Value {
	e := &encoder{format: f}
	e.push(mapContainer, nil)
	for name, d := range members {
		e.WriteKey(nil, name)
		e.put(nil, f.encodeDocument(d))
	}
	e.pop()
	return e.result
}

// encodeOpaque writes what a user gave as a document: a Go value by the rules of smithy-go's documents.
func encodeOpaque(x any) value.Value {
	var data []byte
	var err error
	if m, ok := x.(document.Marshaler); ok {
		data, err = m.MarshalSmithyDocument()
	} else {
		data, err = smithyjson.NewEncoder().Encode(x)
	}
	if err != nil {
		return value.Null
	}
	return parsed(string(data))
}

// plain returns v in the Go types that the SDK's documents are read from.
func plain(v value.Value) any {
	switch v.Kind() {
	case value.BoolKind:
		b, _ := v.AsBool()
		return b
	case value.NumberKind:
		text, _ := v.AsNumber()
		return json.Number(text)
	case value.StringKind:
		s, _ := v.AsString()
		return s
	case value.ArrayKind:
		list := make([]any, 0, v.Len())
		for _, element := range v.Elements() {
			list = append(list, plain(element))
		}
		return list
	case value.ObjectKind:
		object := make(map[string]any, v.Len())
		for name, member := range v.Members() {
			object[name] = plain(member)
		}
		return object
	}
	return nil
}
