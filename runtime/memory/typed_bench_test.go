package memory_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
)

// OrderInput is the input of the flow of these benchmarks as code generated from testdata/order.asl.json has it.
type OrderInput struct {
	Order    OrderInputOrder      `json:"order"`
	Customer *OrderInputCustomer  `json:"customer,omitzero"`
	Rest     map[string]asl.Value `json:",embed" asl:"fields:memory_test.OrderInput"`
}

type orderInputFields OrderInput

func (x OrderInput) MarshalJSON() ([]byte, error) { return asl.Marshal(orderInputFields(x)) }

func (x *OrderInput) UnmarshalJSON(data []byte) error {
	return asl.Unmarshal(data, (*orderInputFields)(x))
}

type OrderInputOrder struct {
	Amount  float64              `json:"amount"`
	Country *string              `json:"country,omitzero"`
	ID      asl.Value            `json:"id,omitzero"`
	Items   asl.Value            `json:"items,omitzero"`
	Rest    map[string]asl.Value `json:",embed" asl:"fields:memory_test.OrderInputOrder"`
}

type orderInputOrderFields OrderInputOrder

func (x OrderInputOrder) MarshalJSON() ([]byte, error) { return asl.Marshal(orderInputOrderFields(x)) }

func (x *OrderInputOrder) UnmarshalJSON(data []byte) error {
	return asl.Unmarshal(data, (*orderInputOrderFields)(x))
}

type OrderInputCustomer struct {
	Tier *string              `json:"tier,omitzero"`
	Rest map[string]asl.Value `json:",embed" asl:"fields:memory_test.OrderInputCustomer"`
}

type orderInputCustomerFields OrderInputCustomer

func (x OrderInputCustomer) MarshalJSON() ([]byte, error) {
	return asl.Marshal(orderInputCustomerFields(x))
}

func (x *OrderInputCustomer) UnmarshalJSON(data []byte) error {
	return asl.Unmarshal(data, (*orderInputCustomerFields)(x))
}

// plainInput and OrderOutput are types of the user's own.
type plainInput struct {
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

type OrderOutput struct {
	ID    string  `json:"id"`
	Base  float64 `json:"base"`
	Label string  `json:"label"`
	Gift  bool    `json:"gift"`
}

// typedFlows are the ways to run the flow of ten states in types: from struct to struct, of generated code and of the user's own, and from
// JSON to JSON by way of structs, on a machine and by hand.
func typedFlows(b *testing.B) map[string]func() error {
	text, onMachine := orderText(0), newOrder[plainInput](b)
	return map[string]func() error{
		"generated": structs[OrderInput](b),
		"own":       structs[plainInput](b),
		"JSON": func() error {
			var in plainInput
			if err := json.Unmarshal(text, &in); err != nil {
				return err
			}
			out, err := onMachine.Run(b.Context(), in)
			if err != nil {
				return err
			}
			_, err = json.Marshal(&out)
			return err
		},
		"by-hand": func() error {
			_, err := handWritten(text)
			return err
		},
	}
}

func newOrder[In any](b *testing.B) *asl.Machine[In, OrderOutput] {
	m, err := table.NewMachine[In, OrderOutput](memory.New(), table.Definition{Name: "Order", StartAt: "Start", States: orderStates()})
	if err != nil {
		b.Fatal(err)
	}
	return m
}

func structs[In any](b *testing.B) func() error {
	m := newOrder[In](b)
	var in In
	if err := json.Unmarshal(orderText(0), &in); err != nil {
		b.Fatal(err)
	}
	want := OrderOutput{"o-1729", 120.5, "o-1729-DE", true}
	return func() error {
		out, err := m.Run(b.Context(), in)
		if err == nil && out != want {
			err = fmt.Errorf("the output is %v", out)
		}
		return err
	}
}

// BenchmarkTyped runs the flow of ten states in types. By turns, it reports the medians of the processor time, that of the garbage collector
// included.
func BenchmarkTyped(b *testing.B) {
	all := typedFlows(b)
	ways := slices.Sorted(maps.Keys(all))
	for _, way := range ways {
		b.Run(way, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := all[way](); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("by-turns", func(b *testing.B) {
		const rounds = 1000
		times := map[string][]float64{}
		for b.Loop() {
			for _, way := range ways {
				from := processorTime(b)
				for range rounds {
					if err := all[way](); err != nil {
						b.Fatal(err)
					}
				}
				times[way] = append(times[way], float64(processorTime(b)-from)/rounds)
			}
		}
		for way, t := range times {
			slices.Sort(t)
			b.ReportMetric(t[len(t)/2], way+"-cpu-ns")
		}
	})
}
