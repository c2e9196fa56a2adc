package value_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// FuzzCodec: values are written and read as package json does it, whose text nobody makes.
func FuzzCodec(f *testing.F) {
	for i := range codecTypes {
		random := rand.New(rand.NewPCG(1, uint64(i)))
		for range 20 {
			data := []byte{byte(i)}
			for range 300 {
				data = append(data, byte(random.Uint32()))
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &source{data}
		typ := codecTypes[s.next(len(codecTypes))]
		x := reflect.New(typ)
		s.fill(x.Elem(), 0)
		sameEncoding(t, x.Interface())
		sameEncoding(t, x.Elem().Interface())

		y := reflect.New(typ)
		s.fill(y.Elem(), 0)
		document, err := shapes.Encode(y.Interface())
		if err != nil {
			document = s.document(0)
		}
		document = s.changed(document, 0)
		again := *s
		a, b := reflect.New(typ), reflect.New(typ)
		s.fill(a.Elem(), 0)
		again.fill(b.Elem(), 0)
		sameDecoding(t, document, a.Interface(), b.Interface())
	})
}

func sameEncoding(t *testing.T, x any) {
	t.Helper()
	got, err := shapes.Encode(x)
	want, wanted := encodeText(x)
	if fmt.Sprint(err) != fmt.Sprint(wanted) {
		t.Fatalf("%T: error\n%v\nwant\n%v", x, err, wanted)
	}
	if v, ok := x.(value.Value); ok && v.IsAbsent() || err != nil {
		return
	}
	if got.String() != want.String() || got.Size() != len(got.String()) {
		t.Fatalf("%T: have\n%s\nwant\n%s\nand its size is %d", x, got, want, got.Size())
	}
	for name, m := range want.Members() {
		if !m.Equal(got.Get(name)) && !bytes.Contains(m.AppendJSON(nil), []byte("\uFFFD")) {
			t.Fatalf("the member %q is not found", name)
		}
	}
}

// asText compares documents by their texts.
var asText = cmp.Comparer(func(a, b value.Value) bool { return a.IsAbsent() == b.IsAbsent() && a.String() == b.String() })

func sameDecoding(t *testing.T, document value.Value, a, b any) {
	t.Helper()
	err, wanted := shapes.Decode(document, a), decodeText(document, b)
	if fmt.Sprint(err) != fmt.Sprint(wanted) {
		t.Fatalf("%T: error\n%v\nwant\n%v\nof %s", a, err, wanted, document)
	}
	if diff := cmp.Diff(b, a, asText, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" && err == nil {
		t.Fatalf("%T: %s\nof %s", a, diff, document)
	}
}
