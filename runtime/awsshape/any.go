package awsshape

import (
	"reflect"

	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// shapes has AWS's types in the form of Step Functions. Generated types whose methods call [Document] and [Store], by way of package asl, are
// tagged with asl.
var shapes = value.NewCodec("asl", shapeForm, func(v value.Value, s smithy.Serializable) error {
	if v.IsNull() { // as encoding/json has it: it changes nothing that is no pointer
		return nil
	}
	return StepFunctions.Decode(v, s)
})

// Document returns the document of a parameter or result: AWS's types, wherever they are in it, in the form of Step Functions,
// the rest by the rules of [value.Encode].
func Document(x any) (value.Value, error) {
	switch x := x.(type) {
	case value.Value:
		return x, nil
	case smithy.Serializable:
		return shapeForm(x), nil
	}
	return shapes.Encode(x)
}

func shapeForm(s smithy.Serializable) value.Value {
	if v := reflect.ValueOf(s); v.Kind() == reflect.Pointer && v.IsNil() {
		return value.Null
	}
	return StepFunctions.Encode(s)
}

// Store stores a document in the Go value that into points to; [Document] is its inverse.
func Store(v value.Value, into any) error {
	switch into := into.(type) {
	case *value.Value:
		*into = v
		return nil
	case smithy.Serializable:
		return StepFunctions.Decode(v, into)
	}
	return shapes.Decode(v, into)
}
