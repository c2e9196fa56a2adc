package jsonata_test

import (
	"encoding/json"
	"fmt"
	"syscall"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// benchmarks are five typical expressions over an order of 100 lines.
var benchmarks = []struct{ name, expr string }{
	{"path", "order.customer.address.city"},
	{"sum", "$sum(order.lines[qty > 2].(price * qty))"},
	{"group", "order.lines{kind: $sum(qty)}"},
	{"map", "$map(order.lines, function($l, $i) {{'no': $i, 'sku': $l.sku, 'total': $l.price * $l.qty}})"},
	{"join", "order.lines@$l.stock[sku = $l.sku]^(>count, sku).{'sku': sku, 'left': count - $l.qty}"},
}

func benchmarkInput() value.Value {
	var lines, stock []value.Value
	for i := range 100 {
		sku := value.String(fmt.Sprintf("sku-%d", i%20))
		lines = append(lines, value.Object(value.Field("sku", sku), value.Field("qty", value.Int(int64(i%7))),
			value.Field("price", value.Float(float64(i)*1.25)), value.Field("kind", value.String("kind-"+string(rune('a'+i%5))))))
	}
	for i := range 20 {
		stock = append(stock, value.Object(value.Field("sku", value.String(fmt.Sprintf("sku-%d", i))),
			value.Field("count", value.Int(int64(i*13%50)))))
	}
	customer := value.MustParse(`{"name":"Ada","address":{"street":"Main","city":"Turin"}}`)
	return value.Object(value.Field("order", value.Object(value.Field("id", value.String("o-1")),
		value.Field("customer", customer), value.Field("lines", value.Array(lines...)), value.Field("stock", value.Array(stock...)))))
}

func BenchmarkEval(b *testing.B) {
	input := benchmarkInput()
	env := testEnv()
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			e := jsonata.MustCompile(bench.expr)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Eval(env, input, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNode times the same expressions here and in the reference implementation, and reports the processor time of
// both, which a busy machine changes little, and its ratio.
func BenchmarkNode(b *testing.B) {
	reference := startNode(b)
	input := benchmarkInput()
	data, _ := json.Marshal(input)
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			e := jsonata.MustCompile(bench.expr)
			env := testEnv()
			start := processorTime(b)
			for b.Loop() {
				if _, err := e.Eval(env, input, nil); err != nil {
					b.Fatal(err)
				}
			}
			ours := float64(processorTime(b)-start) / float64(b.N)
			theirs := reference.ask(b, nodeQuestion{Expr: bench.expr, Input: data, Rounds: 3000}).Nanos
			b.ReportMetric(ours, "cpu-ns/op")
			b.ReportMetric(theirs, "node-cpu-ns/op")
			b.ReportMetric(theirs/ours, "times-faster")
		})
	}
}

// processorTime is what the process has used so far, in nanoseconds.
func processorTime(b *testing.B) int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Skip(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for _, bench := range benchmarks {
			jsonata.MustCompile(bench.expr)
		}
	}
}

// BenchmarkLookup follows a path as generated code does, beside Go written by hand for the same document.
func BenchmarkLookup(b *testing.B) {
	input := benchmarkInput()
	names := []string{"order", "customer", "address", "city"}
	for _, way := range []struct {
		name string
		run  func() value.Value
	}{
		{"compiled", func() value.Value { return jsonata.Lookup(input, names...) }},
		{"by hand", func() value.Value { return input.Get("order").Get("customer").Get("address").Get("city") }},
	} {
		b.Run(way.name, func(b *testing.B) {
			for b.Loop() {
				if way.run().IsAbsent() {
					b.Fatal("nothing is found")
				}
			}
		})
	}
}
