package intrinsic

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// mathAdd rounds each operand before it adds them (R202).
func mathAdd(in *invocation) (value.Value, error) {
	numbers, err := in.integers()
	if err != nil {
		return value.Value{}, err
	}
	for i, n := range numbers {
		if n < math.MinInt32 || n > math.MaxInt32 {
			return value.Value{}, fmt.Errorf("argument %d, %d, has more than 32 bits", i+1, n)
		}
	}
	return value.Int(numbers[0] + numbers[1]), nil
}

// mathRandom gives a whole number from the first to before the second. With a seed, the third, it always gives the same one:
// the first of a PCG generator with that seed. Which one AWS gives is unknown.
func mathRandom(in *invocation) (value.Value, error) {
	numbers, err := in.integers()
	if err != nil {
		return value.Value{}, err
	}
	start, end := numbers[0], numbers[1]
	if start >= end {
		return value.Value{}, fmt.Errorf("the start, %d, must be less than the end, %d", start, end)
	}
	var random *rand.Rand
	if len(numbers) == 3 {
		random = rand.New(rand.NewPCG(uint64(numbers[2]), 0))
	} else {
		random = in.env.Random()
	}
	return value.Int(start + random.Int64N(end-start)), nil
}
