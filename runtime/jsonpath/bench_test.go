package jsonpath_test

import (
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func BenchmarkGet(b *testing.B) {
	root := value.MustParse(document)
	for _, path := range []string{
		"$.store.book", "$.store.book[1].title", "$.no", "$.store.book[*].title", "$.store.book[*].tags", "$..title",
		"$.store.book[-2:]", "$.store.book[?(@.price < 10)].title", "$.store.book[?(@.title =~ /[AB]/)]",
	} {
		b.Run(path, func(b *testing.B) {
			p := jsonpath.MustParse(path)
			b.ReportAllocs()
			for b.Loop() {
				p.Get(root)
			}
		})
	}
}

func BenchmarkSet(b *testing.B) {
	root, p := value.MustParse(document), jsonpath.MustParse("$.store.book[1].title")
	b.ReportAllocs()
	for b.Loop() {
		p.Set(root, value.Null)
	}
}

func BenchmarkParse(b *testing.B) {
	for _, path := range []string{"$.store.book", "$.store.book[?(@.price < 10)].title"} {
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				jsonpath.Parse(path)
			}
		})
	}
}

func TestPlainPathsDoNotAllocate(t *testing.T) {
	root, p := value.MustParse(document), jsonpath.MustParse("$.store.book[1].title")
	if n := testing.AllocsPerRun(100, func() { p.Get(root) }); n != 0 {
		t.Errorf("%s: %v allocations", p, n)
	}
}
