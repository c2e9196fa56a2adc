package httptask

import "github.com/r-seed-632eed22/aslgen/runtime/value"

// UnmarshalJSON reads the parameters of a state. Numbers, booleans and other JSON in place of a text are read as their text (I5b).
func (in *Request) UnmarshalJSON(data []byte) error {
	type parameters Request
	return readParameters(data, (*parameters)(in))
}

// UnmarshalJSON reads the parameters of a state. Numbers, booleans and other JSON in place of a text are read as their text (I5b).
func (in *APIRequest) UnmarshalJSON(data []byte) error {
	type parameters APIRequest
	return readParameters(data, (*parameters)(in))
}

// UnmarshalJSON reads the parameters of a state. Numbers, booleans and other JSON in place of a text are read as their text (I5b).
func (in *KubernetesRequest) UnmarshalJSON(data []byte) error {
	type parameters KubernetesRequest
	return readParameters(data, (*parameters)(in))
}

// UnmarshalJSON reads the parameters of a state. Numbers, booleans and other JSON in place of a text are read as their text (I5b).
func (in *KubernetesJob) UnmarshalJSON(data []byte) error {
	type parameters KubernetesJob
	return readParameters(data, (*parameters)(in))
}

// readParameters reads JSON into a type without a method that reads it. Null is a parameter that is not given.
func readParameters(data []byte, into any) error {
	document, err := value.Parse(data)
	if err != nil {
		return err
	}
	return asText.Decode(document, into)
}

// asText reads any JSON as a text.
var asText = value.NewCodec("", func(text *string) value.Value { return value.String(*text) }, func(v value.Value, text *string) error {
	if !v.IsNull() {
		*text = textOf(v)
	}
	return nil
})
