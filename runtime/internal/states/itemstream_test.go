package states_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// streams are Objects whose contents are read from functions, by their keys.
type streams struct {
	contents map[string]func() io.Reader
	read     int // bytes
	closed   int
	opened   int
}

func (s *streams) Get(_ context.Context, o asl.Object) (io.ReadCloser, error) {
	if s.contents[o.Key] == nil {
		return nil, errors.New("there is no " + o.Key)
	}
	s.opened++
	return &stream{s.contents[o.Key](), s}, nil
}

func (s *streams) List(context.Context, string, string) (list []asl.ObjectInfo, err error) {
	return []asl.ObjectInfo{{Key: "k"}}, nil
}

func (s *streams) Put(context.Context, asl.Object, []byte) error { return nil }

type stream struct {
	io.Reader
	of *streams
}

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	s.of.read += n
	return n, err
}

func (s *stream) Close() error {
	s.of.closed++
	return nil
}

// endless is a text that goes on for ever with the same.
type endless struct{ text, again string }

func (e *endless) Read(p []byte) (int, error) {
	if e.text == "" {
		e.text = e.again
	}
	n := copy(p, e.text)
	e.text = e.text[n:]
	return n, nil
}

// zipped returns so many times a text, compressed by gzip, without ever holding it.
func zipped(t testing.TB, text string, times int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for range times {
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Of objects however large only as much is read as MaxItems needs, and of an object that has no end as much as there is
// memory for: the execution fails then, and not the process.
func TestHugeObjects(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads hundreds of megabytes")
	}
	const manifest = `{"destinationBucket":"b","fileSchema":"x,y","files":[{"key":"zipped"}]}`
	rows := strings.Repeat("1,2\n", 1<<14)
	bomb := zipped(t, rows, 1<<11) // 128 MiB
	csv := table.ItemReader{InputType: "CSV", CSVHeaderLocation: "FIRST_ROW"}
	for _, row := range []struct {
		name        string
		reader      table.ItemReader
		text, again string
		first       string // the items, if there are to be two
		endless     string // the cause, if there is no limit
	}{
		{"CSV", csv, "x,y\n", "1,2\n", `[{"x":"1","y":"2"},{"x":"1","y":"2"}]`, "no more memory for items: MaxItems reads fewer"},
		{"JSONL", table.ItemReader{InputType: "JSONL"}, "", "[1]\n", `[[1],[1]]`, "no more memory"},
		{"JSON", table.ItemReader{InputType: "JSON"}, "[0", ",1", `[0,1]`, "no more memory"},
		{"JSON at a place", table.ItemReader{InputType: "JSON", ItemsPointer: "/b/1"}, `{"a":{"x":[1,{}]},"b":[7,[0`, ",1", `[0,1]`, "no more memory"},
		{"JSON members", table.ItemReader{InputType: "JSON", ItemsPointer: "/b"}, `{"a":1,"b":{"p":1,"q":2`, " ", `[{"Key":"p","Value":1},{"Key":"q","Value":2}]`, "without an item"},
		{"row without an end", csv, "x,y\n1,2\n3,4\n", "1", `[{"x":"1","y":"2"},{"x":"3","y":"4"}]`, "more than 16777216 bytes without an item"},
		{"quote without an end", csv, "x,y\n1,2\n3,4\n\"", "1\n", `[{"x":"1","y":"2"},{"x":"3","y":"4"}]`, "more than 16777216 bytes without an item"},
		{"line without an end", table.ItemReader{InputType: "JSONL"}, "1\n2\n", "1", `[1,2]`, "more than 16777216 bytes without an item"},
		{"text without an end", table.ItemReader{InputType: "JSON"}, `[1,2,"`, "1", `[1,2]`, "more than 16777216 bytes without an item"},
		{"inventory", table.ItemReader{InputType: "MANIFEST"}, manifest, "", `[{"x":"1","y":"2"},{"x":"1","y":"2"}]`, "no more memory"},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, most := range []int{2, 0} {
				again := row.again
				s := &streams{contents: map[string]func() io.Reader{
					"k": func() io.Reader {
						if again == "" {
							return strings.NewReader(row.text)
						}
						return &endless{row.text, again}
					},
					"zipped": func() io.Reader { return bytes.NewReader(bomb) },
				}}
				reader := row.reader
				reader.Resource, reader.Objects, reader.MaxItems = "arn:aws:states:::s3:getObject", s, most
				reader.Parameters = constant(`{"Bucket":"b","Key":"k"}`)
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				e := runMap(t, &table.Map{Distributed: &table.Distributed{ItemReader: &reader}}, nil, "{}", asl.ItemMemory(4<<20))
				runtime.ReadMemStats(&after)
				if s.closed != s.opened {
					t.Errorf("%d of %d objects were closed", s.closed, s.opened)
				}
				if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 200<<20 {
					t.Errorf("MaxItems %d: %d bytes were allocated", most, allocated)
				}
				if most == 0 {
					failed, ok := errors.AsType[*asl.Error](e.err)
					if !ok || failed.Name != "States.ItemReaderFailed" || !strings.Contains(failed.Cause, row.endless) {
						t.Errorf("without an end: %v", e.err)
					}
				} else if e.err != nil || e.output.String() != row.first || s.read > 1<<20 {
					t.Errorf("%s, %v, after %d bytes", e.output, e.err, s.read)
				}
			}
		})
	}
}

// A CSV in another encoding would be read with its letters gone: that is an error, and says where.
func TestCSVThatIsNotUTF8(t *testing.T) {
	for text, want := range map[string]string{
		"name\nAnna\nJos\xe9,x\n": "The CSV is not UTF-8 at line 3, column 1: \"Jos\\xe9\".",
		"n\xe4me,b\n1,2\n":        "The CSV is not UTF-8 at line 1, column 1: \"n\\xe4me\".",
	} {
		reader := &table.ItemReader{
			Resource: "arn:aws:states:::s3:getObject", Objects: bucket(t, map[string]string{"k": text}),
			Parameters: constant(`{"Bucket":"b","Key":"k"}`), InputType: "CSV", CSVHeaderLocation: "FIRST_ROW",
		}
		e := runMap(t, &table.Map{Distributed: &table.Distributed{ItemReader: reader}}, nil, "{}")
		if failed, ok := errors.AsType[*asl.Error](e.err); !ok || failed.Name != "States.ItemReaderFailed" || failed.Cause != want {
			t.Errorf("%q: %v", text, e.err)
		}
	}
}

// Whatever is in an object, a Map ends with JSON or with an error of Amazon States Language.
func FuzzItems(f *testing.F) {
	for _, text := range []string{
		"a,b\n1,2\n", `[1,{"a":2}]`, "{\"a\":1}\n[2]\n", `{"destinationBucket":"b","fileSchema":"x,y","files":[{"key":"k"}]}`,
		"s3://b/k\n", "\x1f\x8b\x08", "\uFEFFa,b\n\"x", "a,a\n1\n", `{"a":{"":[1,2]}}`, "\xe9;1\n",
	} {
		for how := range uint8(8) {
			f.Add([]byte(text), how, uint8(len(text)%3))
		}
	}
	delimiters := []string{"", "PIPE", "SEMICOLON", "SPACE", "TAB"}
	pointers := []string{"", "/a", "/a/", "/0", "/~1"}
	f.Fuzz(func(t *testing.T, data []byte, how, more uint8) {
		r := table.ItemReader{Resource: "arn:aws:states:::s3:getObject", Parameters: constant(`{"Bucket":"b","Key":"k"}`), MaxItems: int(more % 4)}
		switch how % 8 {
		case 0:
			r.InputType, r.CSVHeaderLocation, r.CSVDelimiter = "CSV", "FIRST_ROW", delimiters[int(more)%len(delimiters)]
		case 1:
			r.InputType, r.CSVHeaderLocation, r.CSVHeaders = "CSV", "GIVEN", []string{"x", "y"}
		case 2, 3:
			r.InputType, r.ItemsPointer = "JSON", pointers[int(more)%len(pointers)]
		case 4:
			r.InputType = "JSONL"
		case 5:
			r.InputType = "MANIFEST"
		case 6:
			r.InputType, r.ManifestType = "JSONL", "ATHENA_DATA"
		case 7:
			r.Resource, r.Transformation, r.InputType = "arn:aws:states:::s3:listObjectsV2", "LOAD_AND_FLATTEN", "JSON"
		}
		r.Objects = &streams{contents: map[string]func() io.Reader{"k": func() io.Reader { return bytes.NewReader(data) }}}
		e := runMap(t, &table.Map{Distributed: &table.Distributed{ItemReader: &r}}, nil, "{}")
		if e.err != nil {
			if _, ok := errors.AsType[*asl.Error](e.err); !ok {
				t.Fatalf("%T %v", e.err, e.err)
			}
			return
		}
		text := e.output.String()
		if _, err := value.Parse([]byte(text)); err != nil || !json.Valid([]byte(text)) || !utf8.ValidString(text) {
			t.Fatalf("%q: %v", text, err)
		}
		if n := int(more % 4); n > 0 && e.output.Len() > n {
			t.Fatalf("%d items, MaxItems is %d", e.output.Len(), n)
		}
	})
}
