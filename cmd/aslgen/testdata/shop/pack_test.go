package shop

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// What no state reads goes its way: to functions that take all, and into the output.
func TestPack(t *testing.T) {
	var wrapped, lifted asl.Value
	machine, err := NewPack(memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), PackTasks{
		Wrap: asl.CallFunc(func(_ context.Context, in asl.Value) (asl.Value, error) {
			wrapped = in
			return value.String("red"), nil
		}),
		Lift: asl.CallFunc(func(_ context.Context, in asl.Value) (asl.Value, error) {
			lifted = in
			return value.Int(2), nil
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	output, err := machine.Run(t.Context(), PackInput{
		Gift: true,
		Lines: []PackInputLinesItem{
			{Grams: 20, Rest: map[string]asl.Value{"sku": value.String("pen")}},
			{Grams: 2000, Rest: map[string]asl.Value{"sku": value.String("atlas")}},
		},
		Rest: map[string]asl.Value{"to": value.String("Ada")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what string
		got  asl.Value
		want string
	}{
		{"Wrap is given", wrapped, `{"gift":true,"lines":[{"grams":20,"sku":"pen"},{"grams":2000,"sku":"atlas"}],"to":"Ada"}`},
		{"Lift is given", lifted, `{"grams":2000,"sku":"atlas"}`},
		{"the output is", output, `[{"grams":20,"sku":"pen"},{"grams":2000,"sku":"atlas","lift":2}]`},
	} {
		if c.got.String() != c.want {
			t.Errorf("%s %s, want %s", c.what, c.got, c.want)
		}
	}
}

// What the machine cannot evaluate is named by its place in the file.
func TestPlace(t *testing.T) {
	machine, err := NewPack(memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), PackTasks{
		Wrap: asl.CallFunc(func(context.Context, asl.Value) (asl.Value, error) { return asl.Value{}, nil }),
		Lift: asl.CallFunc(func(context.Context, asl.Value) (asl.Value, error) { return asl.Value{}, nil }),
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := machine.StartDocument(t.Context(), value.MustParse(`{"lines": []}`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Running().Wait(t.Context())
	var failed *asl.Error
	if !errors.As(err, &failed) || failed.Place != "pack.asl.json:6:32" || !strings.HasSuffix(err.Error(), " (pack.asl.json:6:32)") {
		t.Errorf("%v", err)
	}
}
