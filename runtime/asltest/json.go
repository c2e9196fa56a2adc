package asltest

import (
	"context"
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// CallJSON returns f as a [asl.Call] whose result is JSON, as the state shows it: with the names of the integration, where a Go value would
// have those of the AWS SDK for Go. R is the view of the result in the machine's Tasks.
func CallJSON[R, P any](f func(ctx context.Context, parameters P) (result string, err error)) asl.Call[P, R] {
	return asl.Call[P, R]{Caller: callJSON[P](f)}
}

type callJSON[P any] func(context.Context, P) (string, error)

func (f callJSON[P]) Call(ctx context.Context, a *asl.Attempt, p P) (value.Value, error) {
	result, err := f(ctx, p)
	return parsed(a.State, result, err)
}

func parsed(state, result string, err error) (value.Value, error) {
	if err != nil {
		return value.Value{}, err
	}
	v, err := value.Parse([]byte(result))
	if err != nil {
		return value.Value{}, fmt.Errorf("asltest: the result of %s is not JSON: %w", state, err)
	}
	return v, nil
}

// JobJSON is [CallJSON] for a [asl.Job], which lasts as long as f runs.
func JobJSON[R, P any](f func(ctx context.Context, parameters P) (result string, err error)) asl.Job[P, R] {
	documents := asl.JobFunc(func(ctx context.Context, p P) (value.Value, error) {
		result, err := f(ctx, p)
		return parsed("the job", result, err)
	})
	return asl.Job[P, R]{Runner: jobJSON[P]{documents}}
}

// jobJSON hides what else a job of documents has.
type jobJSON[P any] struct{ asl.Runner[P] }
