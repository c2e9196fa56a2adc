package jsonata_test

import (
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// In the dialect of Step Functions an expression reads variables.
func Example() {
	order := value.MustParse(`{"lines":[{"sku":"a","n":2,"price":1.5},{"sku":"b","n":1,"price":4}]}`)
	e, err := jsonata.Compile(`{"total": $sum($order.lines.(n * price)), "skus": $order.lines.sku}`, jsonata.AWS)
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := e.Eval(&jsonata.Env{}, value.Value{}, map[string]value.Value{"order": order})
	fmt.Println(v, err)
	// Output: {"total":7,"skus":["a","b"]} <nil>
}

// Without an option the language is that of jsonata.org, and an expression reads its input.
func ExampleExpr_Eval() {
	input := value.MustParse(`[{"name": "Ada", "born": 1815}, {"name": "Grace", "born": 1906}]`)
	v, err := jsonata.MustCompile(`$[born < 1900].name`).Eval(nil, input, nil)
	fmt.Println(v, err)
	_, err = jsonata.MustCompile(`$[0].name + 1`).Eval(nil, input, nil)
	fmt.Println(err)
	// Output:
	// "Ada" <nil>
	// T2001: The left side of the "+" operator must evaluate to a number
}

// Which variables an expression reads is known before it is evaluated, and so is what in it can only fail.
func ExampleExpr_References() {
	e := jsonata.MustCompile(`$states.input.customer.name & $trim($greeting) & $trim(2)`, jsonata.AWS)
	for _, r := range e.References() {
		if r.Library { // $trim
			continue
		}
		fmt.Print("$", r.Name)
		for _, f := range r.Fields {
			fmt.Print(".", f.Name)
		}
		fmt.Println()
	}
	for _, p := range e.Problems() {
		fmt.Println(p.Code, e.String()[p.Offset:p.End])
	}
	// Output:
	// $states.input.customer.name
	// $greeting
	// T0410 2
}
