package jsonspace_test

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/r-seed-632eed22/aslgen/runtime/internal/jsonspace"
)

func TestReader(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		" \n\t\r ":                     " ",
		"[1,  2 \n\n]":                 "[1, 2 ]",
		"[1  2]":                       "[1 2]",
		"{\"a  b\" :  \"\\\"  \\\\\"}": "{\"a  b\" : \"\\\"  \\\\\"}",
		"\"a\n\n":                      "\"a\n\n",
	} {
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(text), "byte by byte": iotest.OneByteReader(strings.NewReader(text))} {
			got, err := io.ReadAll(jsonspace.NewReader(r))
			if err != nil || string(got) != want {
				t.Errorf("%s of %q: %q, %v", name, text, got, err)
			}
		}
	}
	if _, err := io.ReadAll(jsonspace.NewReader(iotest.ErrReader(io.ErrUnexpectedEOF))); err != io.ErrUnexpectedEOF {
		t.Error(err)
	}
}
