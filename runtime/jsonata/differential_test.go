package jsonata_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// TestDifferential compares with the reference implementation on expressions made at random. DIFFERENTIAL sets their
// number, DIFFERENTIAL_SEED the seed.
func TestDifferential(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	reference := startNode(t)
	count, seed := setting("DIFFERENTIAL", 4000), setting("DIFFERENTIAL_SEED", 1)
	g := generator{rand.New(rand.NewPCG(uint64(seed), 0))}
	input := value.MustParse(generatedInput)
	data, _ := json.Marshal(input)
	faults := 0
	for range count {
		expr := g.expr(1 + g.IntN(3))
		answer := reference.ask(t, nodeQuestion{Expr: expr, Input: data})
		if fault := compare(t, expr, input, answer); fault != "" {
			if faults++; faults <= 25 {
				t.Errorf("%s\n%s", expr, fault)
			}
		}
	}
	if faults > 0 {
		t.Errorf("%d of %d differ", faults, count)
	}
}

func setting(name string, byDefault int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return byDefault
}

// compare says where the package and the reference differ; "" if they agree.
func compare(t *testing.T, expr string, input value.Value, answer nodeAnswer) string {
	t.Helper()
	compiled, err := jsonata.Compile(expr)
	var got value.Value
	if err == nil {
		got, err = compiled.Eval(testEnv(), input, nil)
	}
	if differsOnPurpose(expr, answer, err) {
		return ""
	}
	switch {
	case answer.Code != nil:
		if code := codeOf(err); code != *answer.Code {
			return fmt.Sprintf("got %v (%v), want the error %s %s", got, err, *answer.Code, answer.Message)
		}
	case answer.Function:
		if !errors.Is(err, jsonata.ErrFunction) {
			return fmt.Sprintf("got %v (%v), want a function", got, err)
		}
	case err != nil:
		return fmt.Sprintf("got the error %v, want %s", err, answer.Value)
	case answer.Value == nil:
		if !got.IsAbsent() {
			return fmt.Sprintf("got %v, want nothing", got)
		}
	default:
		if want := decodeJSON(t, answer.Value); !sameOutput(got, want) {
			return fmt.Sprintf("got  %v\nwant %v", got, want)
		}
	}
	return ""
}

// differsOnPurpose tells the cases in which the package does not do what the reference does.
func differsOnPurpose(expr string, answer nodeAnswer, err error) bool {
	switch {
	case answer.Code != nil && err != nil && strings.ContainsAny(expr, "[{"):
		// The reference evaluates the elements of a constructor concurrently: which of two errors is first is its own
		// affair.
		return true
	case answer.Code != nil && *answer.Code == "":
		// The reference failed in its host language: it has no answer of its own.
		return true
	case codeOf(err) == "D1001" && (string(answer.Value) == "null" || strings.Contains(string(answer.Value), "null")):
		// Infinity as a result has no JSON: it is an error here, and null in the host language.
		return true
	}
	return false
}

// sameOutput compares values with the order of members.
func sameOutput(a, b value.Value) bool {
	return value.Equal(a, b) && sameOrder(a, b)
}

func sameOrder(a, b value.Value) bool {
	if a.Kind() == value.ObjectKind {
		names := slices.Collect(keys(b))
		return slices.Equal(slices.Collect(keys(a)), names) &&
			!slices.ContainsFunc(names, func(name string) bool { return !sameOrder(a.Get(name), b.Get(name)) })
	}
	for i, e := range a.Elements() {
		if !sameOrder(e, b.At(i)) {
			return false
		}
	}
	return true
}

// keys are the names of members but for numbers, whose order in a document that is passed on is that of the document.
func keys(v value.Value) iter.Seq[string] {
	return func(yield func(string) bool) {
		for name := range v.Members() {
			if _, err := strconv.Atoi(name); err != nil && !yield(name) {
				return
			}
		}
	}
}
