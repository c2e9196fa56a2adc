package source_test

import (
	"testing"

	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

func TestPosition(t *testing.T) {
	f := source.New("a.json", []byte("ab\r\n\ncd"))
	for offset, want := range map[int32]string{0: "a.json:1:1", 3: "a.json:1:4", 4: "a.json:2:1", 5: "a.json:3:1", 7: "a.json:3:3", 99: "a.json:3:3", -1: "a.json:1:1"} {
		if got := f.Position(offset).String(); got != want {
			t.Errorf("%d: %s, want %s", offset, got, want)
		}
	}
	if f.Line(1) != "ab" || f.Line(2) != "" || f.Line(3) != "cd" || f.Line(4) != "" || f.Line(0) != "" {
		t.Error("lines")
	}
	if f.Text(source.Span{Start: 5, End: 99}) != "cd" || f.Text(source.Span{Start: 9, End: 3}) != "" {
		t.Error("text")
	}
}

func TestInString(t *testing.T) {
	text := `"a\"b\u00e9c\ud83d\ude00dé."`
	f := source.New("a.json", []byte(text))
	span := source.Span{Start: 0, End: int32(len(text))}
	for offset, want := range map[int]byte{0: 'a', 1: '\\', 2: 'b', 5: 'c', 10: 'd', 13: '.', 50: '"'} {
		if got := text[f.InString(span, offset)]; got != want {
			t.Errorf("%d: at %q, want %q", offset, got, want)
		}
	}
}
