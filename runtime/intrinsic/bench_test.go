package intrinsic_test

import (
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/intrinsic"
)

var benchmarked = []string{
	"States.Format('Hello {}, {}', $.name, $.n)", "States.ArrayGetItem($.list, 1)", "States.MathAdd($.n, -1)",
	"States.StringSplit($.csv, ',;')", "States.Hash($.name, 'SHA-256')", "States.ArrayUnique($.list)",
	"States.StringToJson($.json)", "States.UUID()",
}

func BenchmarkEval(b *testing.B) {
	e := newEnv(input)
	for _, text := range benchmarked {
		b.Run(text, func(b *testing.B) {
			c := intrinsic.MustParse(text)
			b.ReportAllocs()
			for b.Loop() {
				c.Eval(e)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for _, text := range benchmarked[:2] {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				intrinsic.Parse(text)
			}
		})
	}
}
