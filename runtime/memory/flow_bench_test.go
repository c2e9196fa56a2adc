package memory_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// orderText is the input of the flow of these benchmarks, with as much more as is wanted that no state reads.
func orderText(ballast int) []byte {
	return fmt.Appendf(nil, `{"order":{"id":"o-1729","amount":120.5,"country":"DE","items":["book","lamp"]},"customer":{"tier":"gold"},"ballast":[%s0]}`,
		strings.Repeat(`{"name":"ballast","weight":12.5},`, ballast/33))
}

// orderStates are ten states as generated code has them, all of which are run; there would be more for other orders.
func orderStates() []table.State {
	test := func(name, variable string, o table.Operator, with any, next string) *table.Choice {
		return &table.Choice{Name: name, Choices: []table.Rule{{Variable: variable, Operator: o, Value: with, Next: next}}, Default: "Done"}
	}
	return []table.State{
		&table.Pass{Name: "Start", Result: value.MustParse(`{"tries":0}`), ResultPath: "$.meta", Next: "Large?"},
		test("Large?", "$.order.amount", "NumericGreaterThanEquals", 100, "Discount"),
		&table.Pass{Name: "Discount", ResultPath: "$.price", Next: "Tier?", Parameters: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
			return value.Object(value.Field("rate", value.String("large")), value.Field("base", r.Value("$.order.amount", "/base.$")))
		})},
		test("Tier?", "$.customer.tier", "StringEquals", "gold", "Gift"),
		&table.Pass{Name: "Gift", Result: value.MustParse(`{"gift":true}`), ResultPath: "$.extras", Next: "Country?"},
		&table.Choice{Name: "Country?", Default: "Done", Choices: []table.Rule{{Next: "Label", And: []table.Rule{
			{Variable: "$.order.country", Operator: "IsPresent", Value: true}, {Variable: "$.order.country", Operator: "StringEquals", Value: "DE"},
		}}}},
		&table.Pass{Name: "Label", ResultPath: "$.label", Next: "Items?", Parameters: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
			return value.Object(value.Field("text", r.Value("States.Format('{}-{}', $.order.id, $.order.country)", "/text.$")))
		})},
		test("Items?", "$.order.items[0]", "IsPresent", true, "Summary"),
		&table.Pass{Name: "Summary", Next: "Done", Parameters: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
			return value.Object(value.Field("id", r.Value("$.order.id", "/id.$")), value.Field("base", r.Value("$.price.base", "/base.$")), value.Field("label", r.Value("$.label.text", "/label.$")), value.Field("gift", r.Value("$.extras.gift", "/gift.$")))
		})},
		&table.Pass{Name: "Done", End: true},
	}
}

const orderOutput = `{"id":"o-1729","base":120.5,"label":"o-1729-DE","gift":true}`

// handWritten is the same flow as a Go programmer would write it, with JSON at both ends.
func handWritten(text []byte) ([]byte, error) {
	var in struct {
		Order struct {
			ID      string   `json:"id"`
			Amount  float64  `json:"amount"`
			Country *string  `json:"country"`
			Items   []string `json:"items"`
		} `json:"order"`
		Customer struct {
			Tier string `json:"tier"`
		} `json:"customer"`
	}
	if err := json.Unmarshal(text, &in); err != nil {
		return nil, err
	}
	var out struct {
		ID    string  `json:"id"`
		Base  float64 `json:"base"`
		Label string  `json:"label"`
		Gift  bool    `json:"gift"`
	}
	if in.Order.Amount < 100 {
		return text, nil
	}
	out.Base = in.Order.Amount
	if in.Customer.Tier != "gold" {
		return text, nil
	}
	out.Gift = true
	if in.Order.Country == nil || *in.Order.Country != "DE" {
		return text, nil
	}
	out.Label = fmt.Sprintf("%s-%s", in.Order.ID, *in.Order.Country)
	if len(in.Order.Items) == 0 {
		return text, nil
	}
	out.ID = in.Order.ID
	return json.Marshal(&out)
}

// BenchmarkFlow runs ten states on an input of 2 KB and of 200 KB, which the states touch a small part of. With "run" alone
// the documents are there: a transition must not cost more on the large one.
func BenchmarkFlow(b *testing.B) {
	for _, size := range []struct {
		name  string
		bytes int
	}{{"100B", 0}, {"2KB", 2_000}, {"200KB", 200_000}} {
		text := orderText(size.bytes)
		b.Run(size.name+"/machine", func(b *testing.B) {
			m := newMachine(b, memory.New(), "Start", table.Definition{States: orderStates()})
			b.ReportAllocs()
			for b.Loop() {
				input, err := value.Parse(text)
				if err != nil {
					b.Fatal(err)
				}
				if output := run(b, m, input); string(output.AppendJSON(nil)) != orderOutput {
					b.Fatal(output)
				}
			}
			perSecond(b, 10, "transitions/s")
		})
		b.Run(size.name+"/hand-written", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if output, err := handWritten(text); err != nil || string(output) != orderOutput {
					b.Fatal(string(output), err)
				}
			}
			perSecond(b, 10, "transitions/s")
		})
		b.Run(size.name+"/Run", func(b *testing.B) {
			m := newMachine(b, memory.New(), "Start", table.Definition{States: orderStates()})
			b.ReportAllocs()
			for b.Loop() {
				input, err := value.Parse(text)
				if err != nil {
					b.Fatal(err)
				}
				if output, err := m.Run(b.Context(), input); err != nil || string(output.AppendJSON(nil)) != orderOutput {
					b.Fatal(output, err)
				}
			}
			perSecond(b, 10, "transitions/s")
		})
		b.Run(size.name+"/Run alone", func(b *testing.B) {
			m, input := newMachine(b, memory.New(), "Start", table.Definition{States: orderStates()}), value.MustParse(string(text))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Run(b.Context(), input); err != nil {
					b.Fatal(err)
				}
			}
			perSecond(b, 10, "transitions/s")
		})
		b.Run(size.name+"/run", func(b *testing.B) {
			m, input := newMachine(b, memory.New(), "Start", table.Definition{States: orderStates()}), value.MustParse(string(text))
			b.ReportAllocs()
			for b.Loop() {
				run(b, m, input)
			}
			perSecond(b, 10, "transitions/s")
		})
	}
}

// run runs a machine to its output.
func run(b *testing.B, m *machine, input asl.Value) asl.Value {
	e, err := m.StartDocument(context.Background(), input)
	if err != nil {
		b.Fatal(err)
	}
	output, err := e.Running().Wait(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	return output
}

// perSecond reports how many of n things in each round there are in a second.
func perSecond(b *testing.B, n int, unit string) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), unit)
}
