package value_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// FuzzParse holds Parse to package jsontext: what is JSON, and what its canonical form is, however it is read.
func FuzzParse(f *testing.F) {
	long := strings.Repeat(`{"name":"ballast", "weight":12.5}, `, 40)
	for _, s := range []string{
		`{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":{"a":1,"a":1},"a":2}`, `{"a":[1,"é\ud83d\ude00",null,true]}`,
		`{"a":1}`, ` [1, 2 ,"é\n\u00e9😀\ud83d\ude00"] `, `{"a":{"a":1},"\u0061":2}`, `{"a":1,"\u0061":2}`, `"\ud800"`, `{"x":[` + long + `0]}`, `-0.0e+12`,
		`[[],{},[{}],""]`, `[1 2]`, `tr ue`, `1 `, ` `, `"\u001F\u0008\u000a\u000B\/\u007f"`, "\"\xff\"", `{"a"  :  1`, `[` + long + `,]`, `{"":{"":{"":"` + strings.Repeat(`\"`, 300) + `"}}}`,
		`{"a":"` + strings.Repeat("x", 600) + `","b":[{"c":"` + strings.Repeat(`\\`, 300) + `"},{}],"d":[` + strings.Repeat("[1],", 300) + `null]}`, "-", "01", "1.", "1e", `"`, `"\`, `"\u00`, `"\u00 0"`, `"\u000"`,
		`[` + strings.Repeat(`{"n":`, 200) + `1` + strings.Repeat(`}`, 200) + `]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := value.Parse(data)
		valid := jsontext.Value(data).IsValid()
		if (err == nil) != valid {
			t.Fatalf("%q: valid %t, %v", data, valid, err)
		}
		if !valid {
			return
		}
		want, err := jsontext.AppendFormat(nil, data, jsontext.SpaceAfterColon(false), jsontext.SpaceAfterComma(false))
		if err != nil {
			t.Fatal(err)
		}
		if v.String() != string(want) || v.Size() != len(want) {
			t.Fatalf("%q: %s (%d), not %s", data, v, v.Size(), want)
		}
		if again := rebuilt(v); again.String() != string(want) || again.Size() != len(want) || !again.Equal(v) {
			t.Fatalf("%q: rebuilt %s, not %s", data, again, want)
		}
	})
}

// rebuilt makes a value anew of all its parts.
func rebuilt(v value.Value) value.Value {
	switch v.Kind() {
	case value.ArrayKind:
		all := make([]value.Value, 0, v.Len())
		for _, e := range v.Elements() {
			all = append(all, rebuilt(e))
		}
		return value.Array(all...)
	case value.ObjectKind:
		all := make([]value.Member, 0, v.Len())
		for name, e := range v.Members() {
			if !value.SharesMemory(e, v.Get(name)) {
				return value.String("Get gives another member " + name)
			}
			all = append(all, value.Field(name, rebuilt(e)))
		}
		return value.Object(all...)
	case value.StringKind:
		s, _ := v.AsString()
		return value.String(s)
	}
	return v
}

// random returns a value of some depth.
func random(r *rand.Rand, depth int) value.Value {
	switch k := r.IntN(10); {
	case depth > 0 && k < 3:
		all := make([]value.Value, r.IntN(12))
		for i := range all {
			all[i] = random(r, depth-1)
		}
		return value.Array(all...)
	case depth > 0 && k < 7:
		all := make([]value.Member, r.IntN(20))
		for i := range all {
			all[i] = value.Field(strings.Repeat("n", r.IntN(12))+`"é`+string(rune('a'+i)), random(r, depth-1))
		}
		return value.Object(all...)
	case k < 8:
		return value.Int(r.Int64N(1e6))
	case k == 8:
		return value.String(strings.Repeat("é\\ \n", r.IntN(10)))
	}
	return []value.Value{value.Null, value.True, value.False}[r.IntN(3)]
}

// TestReading reads documents of all sizes, and with white space, in two goroutines: they are what they were made of.
func TestReading(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		v := random(r, 4)
		text := v.String()
		var spaced bytes.Buffer
		if err := json.Indent(&spaced, []byte(text), " ", "\t"); err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{text, spaced.String()} {
			w, err := value.Parse([]byte(form))
			if err != nil {
				t.Fatal(err)
			}
			if w.Size() != len(text) || w.String() != text {
				t.Fatalf("%s\nnot\n%s", w, text)
			}
			var all sync.WaitGroup
			for range 2 {
				all.Go(func() {
					if again := rebuilt(w); again.String() != text || !w.Equal(v) || !v.Equal(w) {
						t.Errorf("%s\nnot\n%s", again, text)
					}
				})
			}
			all.Wait()
		}
	}
}

// TestDeep reads what lies as deep as it may, and refuses what lies deeper.
func TestDeep(t *testing.T) {
	deep := func(n int) string { return strings.Repeat(`[`, n) + strings.Repeat(`]`, n) }
	v, err := value.Parse([]byte(deep(10_000)))
	if err != nil {
		t.Fatal(err)
	}
	depth := 0
	for ; v.Len() > 0; v = v.At(0) {
		depth++
	}
	if depth != 9_999 {
		t.Errorf("%d arrays", depth)
	}
	if _, err := value.Parse([]byte(deep(10_001))); err == nil {
		t.Error("10,001 arrays are read")
	}
}

// order is a document of about so many bytes.
func order(bytes int) []byte {
	return fmt.Appendf(nil, `{"order":{"id":"o-1729","amount":120.5,"country":"DE","items":["book","lamp"]},"customer":{"tier":"gold"},"ballast":[%s0]}`,
		strings.Repeat(`{"name":"ballast","weight":12.5},`, bytes/33))
}

// orderFields is what a program reads of it.
type orderFields struct {
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

// BenchmarkParse reads an order: with encoding/json into a struct; and as a Value, of which nothing, five members, or all is read then.
func BenchmarkParse(b *testing.B) {
	for _, size := range []int{0, 2_000, 200_000} {
		text := order(size)
		spaced := bytes.ReplaceAll(bytes.ReplaceAll(text, []byte(":"), []byte(": ")), []byte(","), []byte(", "))
		for _, of := range []struct {
			name string
			run  func() error
		}{
			{"encoding/json", func() error { return json.Unmarshal(text, new(orderFields)) }},
			{"value", func() error { _, err := value.Parse(text); return err }},
			{"value, five read", func() error {
				v, err := value.Parse(text)
				o := v.Get("order")
				_, _, _, _, _ = o.Get("id"), o.Get("amount"), o.Get("country"), o.Get("items").At(1), v.Get("customer").Get("tier")
				return err
			}},
			{"value, all read", func() error {
				v, err := value.Parse(text)
				readAll(v)
				return err
			}},
			{"value, with spaces", func() error { _, err := value.Parse(spaced); return err }},
		} {
			b.Run(fmt.Sprintf("%dKB/%s", size/1000, of.name), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					if err := of.run(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func readAll(v value.Value) {
	for _, e := range v.Elements() {
		readAll(e)
	}
	for _, e := range v.Members() {
		readAll(e)
	}
}
