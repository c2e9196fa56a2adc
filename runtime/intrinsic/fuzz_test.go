package intrinsic_test

import (
	"errors"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/intrinsic"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// FuzzParse checks that no text makes the parser or an evaluation panic, and that a call is what its text says.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`States.Format('{} \{\} {}', $.name, $.o)`, `States.Array(1, -2.5e1, 'a\'b', null, true, States.UUID())`,
		`States.ArrayGetItem($.list, 0)`, `States.ArrayRange(1, 10, 3)`, `States.Base64Decode(States.Base64Encode($.name))`,
		`States.Hash($.list[?(@ > 1)], 'SHA-384')`, `States.JsonMerge($.o, $.eo, false)`, `States.MathRandom(1, 9, 3)`,
		`States.ArrayUnique($.list[*])`, `States.ArrayPartition($.list, 2)`, `States.StringToJson('{"a":-0}')`,
		`States.Format('{"a":{}}', 1)`, `States.Format('a } {}', 1)`, `States.Format($.name, 1)`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := intrinsic.Parse(text)
		if err != nil {
			var syntax *intrinsic.SyntaxError
			if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(text) {
				t.Fatalf("%q: error %v", text, err)
			}
			return
		}
		again := intrinsic.MustParse(c.String())
		if again.String() != c.String() || len(again.Paths()) != len(c.Paths()) {
			t.Fatalf("%q became %q", text, again)
		}
		got, err := c.Eval(newEnv(input))
		same, errAgain := again.Eval(newEnv(input))
		if (err == nil) != (errAgain == nil) || err == nil && !got.Equal(same) {
			t.Fatalf("%q gave %s, %v and %s, %v", text, got, err, same, errAgain)
		}
		if err != nil && !errors.As(err, new(*intrinsic.Error)) && !errors.As(err, new(*jsonpath.NotFoundError)) {
			t.Fatalf("%q: error %v", text, err)
		}
		if err == nil && c.Result() != value.AbsentKind && c.Result() != got.Kind() {
			t.Fatalf("%q gave %s", text, got)
		}
	})
}
