package regexp_test

import (
	"errors"
	"testing"
	"unicode/utf16"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata/internal/regexp"
)

func compile(t testing.TB, pattern string) *regexp.Regexp {
	t.Helper()
	re, err := regexp.Compile(utf16.Encode([]rune(pattern)), regexp.Flags{})
	if err != nil {
		t.Fatal(err)
	}
	return re
}

// TestStepsAreCounted: a match that needs so many steps always needs as many.
func TestStepsAreCounted(t *testing.T) {
	re, text := compile(t, `(a|b|ab)*c`), utf16.Encode([]rune("abababababab"))
	m := &regexp.Machine{Steps: 1_000_000, Memory: 1 << 20}
	if positions, err := re.Match(m, text, 0); positions != nil || err != nil {
		t.Fatal(positions, err)
	}
	took := 1_000_000 - m.Steps
	for range 10 {
		m.Steps = took
		if _, err := re.Match(m, text, 0); err != nil || m.Steps != 0 {
			t.Fatal(err, m.Steps)
		}
		m.Steps = took - 1
		if _, err := re.Match(m, text, 0); !errors.Is(err, regexp.ErrSteps) {
			t.Fatal(err)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, pattern := range []string{`(a+)+$`, `((a*)*)*b`, `(?=(a+)+$)a`, `(?<=^b(a+)+)!`} {
		text := make([]uint16, 40)
		for i := range text {
			text[i] = 'a'
		}
		text[39] = '!'
		m := &regexp.Machine{Steps: 1_000_000, Memory: 1 << 20}
		if _, err := compile(t, pattern).Match(m, text, 0); !errors.Is(err, regexp.ErrSteps) {
			t.Errorf("%s: %v", pattern, err)
		}
	}
	m := &regexp.Machine{Steps: 100_000_000, Memory: 1 << 10}
	if _, err := compile(t, `(?:ab?)*c`).Match(m, make([]uint16, 1<<10), 0); err != nil {
		t.Error(err)
	}
	if _, err := compile(t, `(?:.b?)*c`).Match(m, make([]uint16, 1<<10), 0); !errors.Is(err, regexp.ErrMemory) {
		t.Error(err)
	}
}

func TestSyntaxErrors(t *testing.T) {
	for pattern, want := range map[string]struct {
		message string
		offset  int
	}{
		"ab(c":         {"a ( is not closed", 2},
		"a)":           {"a ) closes nothing", 1},
		"a[b":          {"a [ is not closed", 1},
		`ab\`:          {`a \ ends the pattern`, 2},
		"a|*":          {"there is nothing to repeat", 2},
		"a{2}{3}":      {"there is nothing to repeat", 4},
		"a{3,2}":       {"the numbers of a {} are out of order", 1},
		"[z-a]":        {"the range z-a is out of order", 4},
		"(?<a>)\\k<b>": {"there is no group named b", 11},
		"(?i:a)":       {"(? begins no group", 2},
	} {
		_, err := regexp.Compile(utf16.Encode([]rune(pattern)), regexp.Flags{})
		var e *regexp.SyntaxError
		if !errors.As(err, &e) || e.Message != want.message || e.Offset != want.offset {
			t.Errorf("%s: %+v", pattern, err)
		}
	}
}

// FuzzMatch: whatever the pattern, there is an end to it.
func FuzzMatch(f *testing.F) {
	for _, q := range hard {
		f.Add(q.Pattern, q.Text, q.Flags == "i", q.Flags == "m")
	}
	f.Fuzz(func(t *testing.T, pattern, text string, fold, lines bool) {
		re, err := regexp.Compile(utf16.Encode([]rune(pattern)), regexp.Flags{IgnoreCase: fold, Multiline: lines})
		if err != nil {
			return
		}
		units := utf16.Encode([]rune(text))
		positions, err := re.Match(&regexp.Machine{Steps: 100_000, Memory: 1 << 20}, units, 0)
		if err == nil && positions != nil && (len(positions) != 2*(re.Groups()+1) || positions[0] > positions[1] ||
			int(positions[1]) > len(units)) {
			t.Errorf("%v of %d", positions, len(units))
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	text := utf16.Encode([]rune("the order of 2026-11-25 for ada@example.com, number 17, is in work: see 192.168.0.1"))
	for name, pattern := range map[string]string{
		"date": `(\d{4})-(\d\d)-(\d\d)`, "mail": `[\w.]+@[\w.]+`, "word": `\b(?:in|is|of)\b`, "steps": `(a|b|.)*!`,
	} {
		re := compile(b, pattern)
		b.Run(name, func(b *testing.B) {
			m := &regexp.Machine{Memory: 1 << 20}
			for b.Loop() {
				m.Steps = 1_000_000
				if _, err := re.Match(m, text, 0); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(1_000_000-m.Steps), "steps/op")
		})
	}
}
