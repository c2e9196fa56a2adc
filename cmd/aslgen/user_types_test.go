package main

import (
	"strings"
	"testing"
)

// TestUserTypes follows a machine, a Lambda function that is Go, and an ECS task through two refactorings: a field renamed
// in the machine breaks the user's build at the user's line, one renamed in the user's Go type breaks generation at the
// machine's line.
func TestUserTypes(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a module of its own")
	}
	u := newUserRepo(t)
	for _, name := range []string{"shop/order.asl.json", "shop/pack.asl.json", "shop/pack_test.go", "shop/shop.go", "shop/shop_test.go", "shop/typed.go", "shop/typed_test.go", "shop/aslgen.yaml"} {
		to := name
		if strings.Contains(name, "typed") || strings.HasSuffix(name, "yaml") {
			to = strings.Replace(name, "shop/", "typed/", 1)
		}
		u.copy(to, "testdata/"+name)
	}
	u.copy("typed/order.asl.json", "testdata/shop/order.asl.json")
	u.write("shop/generate.go", "package shop\n\n//go:generate go tool aslgen order.asl.json pack.asl.json\n")
	u.write("typed/generate.go", "package typed\n\n//go:generate go tool aslgen order.asl.json\n")
	u.run("mod", "tidy")
	u.copy("go.sum", moduleRoot+"/go.sum")
	u.run("generate", "./...")
	u.run("mod", "tidy")
	u.run("test", "./...")

	u.write("shop/wrong.go", wrongResults)
	if said := u.fail("build", "./shop"); strings.Count(said, "cannot use asl.") != 2 {
		t.Errorf("functions with wrong results: the build says\n%s", said)
	}
	u.write("shop/wrong.go", "package shop\n")

	u.replace("typed/typed.go", "type Money struct {", "type Money struct {\n\tCurrency string `json:\"currency\"`")
	const stale = "the Go type typed.Order has changed since the state machine's Go code was generated: run go generate"
	if said := u.fail("test", "./typed"); !strings.Contains(said, stale) {
		t.Errorf("a type changed: the program says\n%s", said)
	}
	u.run("generate", "./typed")
	u.run("test", "./typed")

	u.replace("shop/order.asl.json", `"orderId.$"`, `"order.$"`)
	u.run("generate", "./shop")
	place := "shop/shop.go:" + u.lineOf("shop/shop.go", "in.OrderID") + ":"
	if said := u.fail("build", "./shop"); !strings.Contains(said, place) || !strings.Contains(said, "OrderID undefined") {
		t.Errorf("a field renamed in the machine: the build says\n%s", said)
	}

	before := u.read("typed/order_asl.go")
	for _, c := range []struct{ file, old, new, machine, field string }{
		{"typed/typed.go", "`json:\"cents\"`\n}\n\n// Shipment", "`json:\"cent\"`\n}\n\n// Shipment", `"$.total.cents"`, "type Money"},
		{"typed/typed.go", "`json:\"orderId\"`", "`json:\"bill\"`", `"orderId.$"`, "type Bill"},
		{"typed/typed.go", "`json:\"receipt\"`", "`json:\"slip\"`", `"$.Payload.receipt"`, "type Answer"},
	} {
		u.replace(c.file, c.old, c.new)
		said := u.fail("generate", "./typed")
		machine := "order.asl.json:" + u.lineOf("typed/order.asl.json", c.machine) + ":"
		if !strings.Contains(said, machine) || !strings.Contains(said, "ASL0505") {
			t.Errorf("%s: generating says\n%s", c.new, said)
		}
		if !strings.Contains(said, "typed.go:"+u.lineOf(c.file, c.field)+":") {
			t.Errorf("%s: generating does not name %s\n%s", c.new, c.field, said)
		}
		u.replace(c.file, c.new, c.old)
	}
	if u.read("typed/order_asl.go") != before {
		t.Error("a file was written though there was an error")
	}
	u.replace("typed/aslgen.yaml", "typed.Order", "typed.Ordre")
	if said := u.fail("generate", "./typed"); !strings.Contains(said, `aslgen.yaml:6:14: ASL0506`) || !strings.Contains(said, `did you mean "Order"?`) {
		t.Errorf("a type that is not there: generating says\n%s", said)
	}
}

// wrongResults has functions for tasks whose results have other types.
const wrongResults = `package shop

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

var _ = OrderTasks{
	Charge: asl.CallFunc(func(context.Context, *OrderChargeParameters) (string, error) { return "any", nil }),
	Ship:   asl.JobFunc(func(context.Context, *ecs.RunTaskInput) (int, error) { return 7, nil }),
}
`

// replace replaces a text in a file, which has it once.
func (u *userRepo) replace(name, old, text string) {
	u.Helper()
	before := u.read(name)
	if strings.Count(before, old) != 1 {
		u.Fatalf("%s has %q %d times", name, old, strings.Count(before, old))
	}
	u.write(name, strings.Replace(before, old, text, 1))
}

// lineOf returns the number of the line of a file on which a text begins.
func (u *userRepo) lineOf(name, text string) string {
	u.Helper()
	before, _, found := strings.Cut(u.read(name), text)
	if !found {
		u.Fatalf("%s has no %q", name, text)
	}
	return line(before)
}
