package asl

import (
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Marshal returns the JSON of a Go value as documents have it: AWS's types in AWS's form. Generated code calls it.
func Marshal(x any) ([]byte, error) {
	v, err := awsshape.Document(x)
	if err != nil {
		return nil, err
	}
	return v.AppendJSON(nil), nil
}

// Unmarshal stores what [Marshal] returns in the Go value that into points to. Generated code calls it.
func Unmarshal(data []byte, into any) error {
	v, err := value.Parse(data)
	if err != nil {
		return err
	}
	return awsshape.Store(v, into)
}
