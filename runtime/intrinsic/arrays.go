package intrinsic

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// maxRange is the largest number of elements of States.ArrayRange (1.20).
const maxRange = 1000

func array(in *invocation) (value.Value, error) { return value.Array(in.args...), nil }

func arrayLength(in *invocation) (value.Value, error) {
	a, err := in.array(0)
	return value.Int(int64(a.Len())), err
}

// arrayContains compares as [value.Equal] does.
func arrayContains(in *invocation) (value.Value, error) {
	a, err := in.array(0)
	if err != nil {
		return value.Value{}, err
	}
	for _, element := range a.Elements() {
		if element.Equal(in.args[1]) {
			return value.True, nil
		}
	}
	return value.False, nil
}

func arrayGetItem(in *invocation) (value.Value, error) {
	a, err := in.array(0)
	if err != nil {
		return value.Value{}, err
	}
	index, err := in.integer(1)
	if err != nil {
		return value.Value{}, err
	}
	if index < 0 || index >= int64(a.Len()) {
		return value.Value{}, fmt.Errorf("there is no element %d in an array of %d", index, a.Len())
	}
	return a.At(int(index)), nil
}

func arrayPartition(in *invocation) (value.Value, error) {
	a, err := in.array(0)
	if err != nil {
		return value.Value{}, err
	}
	size, err := in.integer(1)
	if err != nil {
		return value.Value{}, err
	}
	if size <= 0 {
		return value.Value{}, fmt.Errorf("the size of the chunks must be positive, not %d", size)
	}
	elements := make([]value.Value, 0, a.Len())
	for _, element := range a.Elements() {
		elements = append(elements, element)
	}
	var chunks []value.Value
	for chunk := range slices.Chunk(elements, int(min(size, int64(a.Len())+1))) {
		chunks = append(chunks, value.Array(chunk...))
	}
	return value.Array(chunks...), nil
}

func arrayRange(in *invocation) (value.Value, error) {
	numbers, err := in.integers()
	if err != nil {
		return value.Value{}, err
	}
	first, last, step := numbers[0], numbers[1], numbers[2]
	if step == 0 {
		return value.Value{}, errors.New("the step must not be 0")
	}
	if (last-first)/step >= maxRange {
		return value.Value{}, fmt.Errorf("the range has more than %d elements", maxRange)
	}
	var elements []value.Value
	for n := first; step > 0 && n <= last || step < 0 && n >= last; n += step {
		elements = append(elements, value.Int(n))
	}
	return value.Array(elements...), nil
}

// arrayUnique keeps the first of equal elements, in order.
func arrayUnique(in *invocation) (value.Value, error) {
	a, err := in.array(0)
	if err != nil {
		return value.Value{}, err
	}
	seen := make(map[string]bool, a.Len())
	var elements []value.Value
	for _, element := range a.Elements() {
		if key := string(appendKey(nil, element)); !seen[key] {
			seen[key] = true
			elements = append(elements, element)
		}
	}
	return value.Array(elements...), nil
}

// appendKey appends a text that is the same for values that are equal (R99), and only for those.
func appendKey(b []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.NumberKind:
		f, _ := v.AsFloat()
		return strconv.AppendFloat(b, f+0, 'g', -1, 64) // -0 + 0 is 0
	case value.ArrayKind:
		b = append(b, '[')
		for _, element := range v.Elements() {
			b = append(appendKey(b, element), ',')
		}
		return append(b, ']')
	case value.ObjectKind:
		members := make([]value.Member, 0, v.Len())
		for name, m := range v.Members() {
			members = append(members, value.Field(name, m))
		}
		slices.SortFunc(members, func(x, y value.Member) int { return cmp.Compare(x.Name, y.Name) })
		b = append(b, '{')
		for _, m := range members {
			b = append(strconv.AppendQuote(b, m.Name), ':')
			b = append(appendKey(b, m.Value), ',')
		}
		return append(b, '}')
	}
	return v.AppendJSON(b)
}
