package intrinsic

import (
	"fmt"
	"math"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// function is an intrinsic function. Its call gets as many arguments as arity allows; the error becomes the message of an
// [Error].
type function struct {
	least, most int
	result      value.Kind // AbsentKind if it depends on the arguments
	inFail      bool       // allowed in ErrorPath and CausePath
	call        func(*invocation) (value.Value, error)
	check       func(*Call) string // what is wrong with a call whatever the data; may be nil
}

const anyNumber = math.MaxInt

var functions = map[string]*function{
	"States.Array":          {0, anyNumber, value.ArrayKind, false, array, nil},
	"States.ArrayContains":  {2, 2, value.BoolKind, false, arrayContains, nil},
	"States.ArrayGetItem":   {2, 2, value.AbsentKind, true, arrayGetItem, nil},
	"States.ArrayLength":    {1, 1, value.NumberKind, false, arrayLength, nil},
	"States.ArrayPartition": {2, 2, value.ArrayKind, false, arrayPartition, nil},
	"States.ArrayRange":     {3, 3, value.ArrayKind, false, arrayRange, nil},
	"States.ArrayUnique":    {1, 1, value.ArrayKind, false, arrayUnique, nil},
	"States.Base64Decode":   {1, 1, value.StringKind, true, base64Decode, nil},
	"States.Base64Encode":   {1, 1, value.StringKind, true, base64Encode, nil},
	"States.Format":         {1, anyNumber, value.StringKind, true, format, checkFormat},
	"States.Hash":           {2, 2, value.StringKind, true, hashData, nil},
	"States.JsonMerge":      {3, 3, value.ObjectKind, false, jsonMerge, checkJSONMerge},
	"States.JsonToString":   {1, 1, value.StringKind, true, jsonToString, nil},
	"States.MathAdd":        {2, 2, value.NumberKind, false, mathAdd, nil},
	"States.MathRandom":     {2, 3, value.NumberKind, false, mathRandom, nil},
	"States.StringSplit":    {2, 2, value.ArrayKind, false, stringSplit, nil},
	"States.StringToJson":   {1, 1, value.AbsentKind, false, stringToJSON, nil},
	"States.UUID":           {0, 0, value.StringKind, true, uuid, nil},
}

// StringFunction reports whether ErrorPath and CausePath of a Fail state accept a call of the function, since it can give a
// string (R45).
func StringFunction(name string) bool {
	f := functions[name]
	return f != nil && f.inFail
}

// arity returns what numbers of arguments the function takes, "" if n is one.
func (f *function) arity(n int) string {
	switch {
	case f.least <= n && n <= f.most:
		return ""
	case f.most == anyNumber:
		return fmt.Sprintf("at least %d arguments", f.least)
	case f.most == 0:
		return "no arguments"
	case f.most == 1:
		return "1 argument"
	case f.least == f.most:
		return fmt.Sprintf("%d arguments", f.least)
	}
	return fmt.Sprintf("%d or %d arguments", f.least, f.most)
}

// hint names the function that was probably meant: the nearest if it is near enough.
func hint(name string) string {
	nearest, best := "", 0
	for candidate := range functions {
		d := distance(ownName(name), ownName(candidate))
		if nearest == "" || d < best || d == best && candidate < nearest {
			nearest, best = candidate, d
		}
	}
	if best > len(ownName(nearest))/3 {
		return ""
	}
	return fmt.Sprintf("did you mean %s?", nearest)
}

// ownName returns the part of a name that tells functions apart.
func ownName(name string) string { return strings.ToLower(name[strings.LastIndexByte(name, '.')+1:]) }

// distance is the number of bytes to insert, remove or replace to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// The methods below read argument i, counted from 0; messages count from 1.

func (in *invocation) wrongKind(i int, want string) error {
	return fmt.Errorf("argument %d must be %s, not %s", i+1, want, describe(in.args[i]))
}

func describe(v value.Value) string {
	switch kind := v.Kind(); kind {
	case value.NullKind:
		return "null"
	case value.ArrayKind, value.ObjectKind:
		return "an " + kind.String()
	default:
		return "a " + kind.String()
	}
}

func (in *invocation) text(i int) (string, error) {
	s, ok := in.args[i].AsString()
	if !ok {
		return "", in.wrongKind(i, "a string")
	}
	return s, nil
}

func (in *invocation) array(i int) (value.Value, error) {
	if in.args[i].Kind() != value.ArrayKind {
		return value.Value{}, in.wrongKind(i, "an array")
	}
	return in.args[i], nil
}

// maxInteger is the largest number up to which doubles have all whole ones.
const maxInteger = 1 << 53

// integer returns a number rounded half up, towards positive infinity (R202).
func (in *invocation) integer(i int) (int64, error) {
	f, ok := in.args[i].AsFloat()
	if !ok {
		return 0, in.wrongKind(i, "a number")
	}
	if math.Abs(f) > maxInteger {
		return 0, fmt.Errorf("argument %d, %s, is too large", i+1, in.args[i])
	}
	down := math.Floor(f)
	if f-down >= 0.5 {
		down++
	}
	return int64(down), nil
}

// integers returns all arguments as integers.
func (in *invocation) integers() ([]int64, error) {
	numbers := make([]int64, len(in.args))
	for i := range numbers {
		var err error
		if numbers[i], err = in.integer(i); err != nil {
			return nil, err
		}
	}
	return numbers, nil
}
