package memory_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// asker is a machine on an engine on the wall clock whose executions hand their tokens out and wait.
func asker(t testing.TB) (engine *memory.Engine, ask func() (token string, e *asl.Execution[asl.Value])) {
	t.Helper()
	engine = memory.New()
	given := make(chan string, 1)
	m := newMachine(t, engine, "Ask", table.Definition{States: []table.State{&table.Task{
		Name: "Ask", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", End: true, Run: table.WaitForTaskToken("Work",
			func(*asl.Context, *table.Reader) string { return "" },
			asl.SendFunc(func(_ context.Context, token, _ string) error { given <- token; return nil })),
	}}})
	return engine, func() (string, *asl.Execution[asl.Value]) {
		e := start(t, context.Background(), m)
		t.Cleanup(func() { told.Stop(e, "", "") })
		return <-given, e
	}
}

func codeOf(t testing.TB, err error) string {
	t.Helper()
	refused, ok := errors.AsType[*asl.APIError](err)
	if !ok {
		t.Fatalf("have %v, want a APIError", err)
	}
	return refused.Code
}

// Tokens are short enough, all different, and nothing in them can be left out, guessed or carried to another engine.
func TestTokensAreSecret(t *testing.T) {
	engine, ask := asker(t)
	other, askOther := asker(t)
	seen := map[string]bool{}
	for range 100 {
		token, e := ask()
		if len(token) > 1024 || seen[token] || strings.ContainsAny(token, " \t\n\"'\\$&|<>") {
			t.Errorf("the token is %q", token)
		}
		seen[token] = true
		if code := codeOf(t, other.SendTaskSuccess(t.Context(), token, value.True)); code != asl.CodeTaskDoesNotExist {
			t.Errorf("another engine: %s", code)
		}
		if err := engine.SendTaskSuccess(t.Context(), token, value.True); err != nil {
			t.Error(err)
		}
		if _, err := e.Wait(t.Context()); err != nil {
			t.Error(err)
		}
	}
	// Every character counts.
	token, _ := ask()
	foreign, _ := askOther()
	for i := range token {
		changed := token[:i] + string(foreign[i]) + token[i+1:]
		if changed == token {
			continue
		}
		if code := codeOf(t, engine.SendTaskHeartbeat(t.Context(), changed)); code == asl.CodeTaskTimedOut {
			t.Errorf("%q is taken for a token of the engine", changed)
		}
	}
}

func TestAnswersWithoutContents(t *testing.T) {
	engine, ask := asker(t)
	token, e := ask()
	if code := codeOf(t, engine.SendTaskSuccess(t.Context(), token, value.Value{})); code != asl.CodeInvalidOutput {
		t.Error(code)
	}
	if err := engine.SendTaskFailure(t.Context(), token, nil); err != nil {
		t.Error(err)
	}
	_, err := e.Wait(t.Context())
	if failed, ok := errors.AsType[*asl.Error](err); !ok || !failed.Unnamed || !failed.Causeless {
		t.Errorf("%v", err)
	}
}

// No text is a token but a token.
func FuzzTokens(f *testing.F) {
	engine, ask := asker(f)
	token, _ := ask()
	other, askOther := asker(f)
	foreign, _ := askOther()
	for _, text := range []string{"", "x", "asltoken.", token[:len(token)-1], token + "=", token + "\r\n", foreign} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text == token || text == foreign {
			return
		}
		for _, e := range []*memory.Engine{engine, other} {
			switch code := codeOf(t, e.SendTaskHeartbeat(t.Context(), text)); code {
			case asl.CodeInvalidToken, asl.CodeTaskDoesNotExist:
			default:
				t.Errorf("%q: %s", text, code)
			}
		}
	})
}
