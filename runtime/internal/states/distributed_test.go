package states_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/google/go-cmp/cmp"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/dirstore"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// bucket returns a folder that holds a bucket named "b" with these objects.
func bucket(t testing.TB, objects map[string]string) dirstore.Dir {
	t.Helper()
	store := dirstore.Dir(t.TempDir())
	if err := os.Mkdir(filepath.Join(string(store), "b"), 0o777); err != nil {
		t.Fatal(err)
	}
	for key, text := range objects {
		if err := store.Put(t.Context(), asl.Object{Bucket: "b", Key: key}, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

func gzipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// constant is a template that is always the same.
func constant(text string) *table.Template {
	return table.Document(func(*asl.Context, *table.Reader) asl.Value {
		v, err := value.Parse([]byte(text))
		if err != nil {
			panic(err)
		}
		return v
	})
}

// ended is how an execution went.
type ended struct {
	output  asl.Value
	err     error
	history []asl.Event
}

// runMap runs a machine of one Map on a driven clock. What its children do is told by process, or nothing.
func runMap(t testing.TB, m *table.Map, process func(ctx context.Context, item asl.Value) (asl.Value, error), input string, options ...asl.Option) (e ended) {
	t.Helper()
	if process == nil {
		process = func(_ context.Context, item asl.Value) (asl.Value, error) { return item, nil }
	}
	m.Name, m.End = "Each", true
	m.ItemProcessor = table.Branch{StartAt: "Work", States: []table.State{
		&table.Task{Name: "Work", Resource: lambda, Run: table.RequestResponse("Work", table.Input, asl.CallFunc(process)), End: true},
	}}
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	machine, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Many", StartAt: "Each", States: []table.State{m}}, options...)
	if err != nil {
		t.Fatal(err)
	}
	engine.Driven().Run(t.Context(), func(ctx context.Context) {
		x, err := machine.StartDocument(ctx, doc(t, input))
		if err != nil {
			t.Error(err)
			return
		}
		e.output, e.err = x.Running().Wait(ctx)
		e.history = told.History(x)
	})
	return e
}

// TestItemReader reads items in every form there is.
func TestItemReader(t *testing.T) {
	const read, list = "arn:aws:states:::s3:getObject", "arn:aws:states:::s3:listObjectsV2"
	given := []string{"x", "y"}
	store := bucket(t, map[string]string{
		"a.json":    `[1, {"k": 2.50}]`,
		"deep.json": `{"a/b": {"list": [0, [7, 8]], "map": {"p": 1, "q": 2}}}`,
		"a.jsonl":   "{\"n\": 1}\n\n  [2]  \r\n\"three\"",
		"a.csv":     "x,y\n1,\"a, \"\"b\"\"\"\n2\n3,c,more\n",
		"bom.csv":   "\uFEFFx,y\r\n1,a\r\n",
		"pipe.csv":  "1|a\n", "semicolon.csv": "1;a\n", "space.csv": "1 a\n", "tab.csv": "1\ta\n",
		"twice.csv": "x,y,x\n", "empty.csv": "", "broken.json": `[1`, "text.json": `"text"`, "broken.jsonl": "1\n{",
		"parts/1.json": `[1, 2]`, "parts/2.json": `[3]`, "parts/none.json": `[]`,
		"rows/1.csv": "x,y\n1,a\n", "rows/2.csv": "x,y\n2,b\n",
		"inventory.json":  `{"destinationBucket": "arn:aws:s3:::b", "fileSchema": "Bucket, Key", "files": [{"key": "data/1.csv.gz"}, {"key": "data/2.csv.gz"}]}`,
		"data/1.csv.gz":   gzipped(t, "\"b\",\"one\"\n"),
		"data/2.csv.gz":   gzipped(t, "\"b\",\"two\"\n\"b\",\"three\"\n"),
		"athena.csv":      "s3://b/unload/1\n\"s3://b/unload/2\"\n",
		"unload/1":        gzipped(t, "{\"n\":1}\n"),
		"unload/2":        "{\"n\":2}\n",
		"athena-rows.csv": "s3://b/pipe.csv\n",
		"lost.csv":        "s3://b/none\n", "strange.csv": "http://b/none\n",
	})
	for _, c := range []struct {
		name, parameters string
		reader           table.ItemReader
		input            string
		want             string // the items, or "!" and the beginning of the error's text
	}{
		{"JSON", `"Key": "a.json"`, table.ItemReader{InputType: "JSON"}, ``, `[1,{"k":2.50}]`},
		{"pointer to an array", `"Key": "deep.json"`, table.ItemReader{InputType: "JSON", ItemsPointer: "/a~1b/list/1"}, ``, `[7,8]`},
		{"pointer to an object", `"Key": "deep.json"`, table.ItemReader{InputType: "JSON", ItemsPointer: "/a~1b/map"}, ``, `[{"Key":"p","Value":1},{"Key":"q","Value":2}]`},
		{"pointer to nothing", `"Key": "deep.json"`, table.ItemReader{InputType: "JSON", ItemsPointer: "/none"}, ``, `!States.ItemReaderFailed`},
		{"pointer to a number", `"Key": "deep.json"`, table.ItemReader{InputType: "JSON", ItemsPointer: "/a~1b/list/0"}, ``, `!States.ItemReaderFailed: Attempting to map over non-iterable node.`},
		{"no array", `"Key": "text.json"`, table.ItemReader{InputType: "JSON"}, ``, `!States.ItemReaderFailed: Attempting to map over non-iterable node.`},
		{"no JSON", `"Key": "broken.json"`, table.ItemReader{InputType: "JSON"}, ``, `!States.ItemReaderFailed`},
		{"no object", `"Key": "none"`, table.ItemReader{InputType: "JSON"}, ``, `!States.ItemReaderFailed`},
		{"MaxItems", `"Key": "a.json"`, table.ItemReader{InputType: "JSON", MaxItems: 1}, ``, `[1]`},
		{"MaxItems of an object", `"Key": "deep.json"`, table.ItemReader{InputType: "JSON", ItemsPointer: "/a~1b/map", MaxItems: 1}, ``, `[{"Key":"p","Value":1}]`},
		{"MaxItemsPath", `"Key": "a.json"`, table.ItemReader{InputType: "JSON", MaxItemsPath: "$.n"}, `{"n": 1}`, `[1]`},
		{"MaxItemsPath to 0", `"Key": "a.json"`, table.ItemReader{InputType: "JSON", MaxItemsPath: "$.n"}, `{"n": 0}`, `[1,{"k":2.50}]`},
		{"MaxItemsPath to less", `"Key": "a.json"`, table.ItemReader{InputType: "JSON", MaxItemsPath: "$.n"}, `{"n": -1}`, `!States.ItemReaderFailed: field MaxItems must be positive`},
		{"MaxItemsPath to a text", `"Key": "a.json"`, table.ItemReader{InputType: "JSON", MaxItemsPath: "$.n"}, `{"n": "some"}`, `!States.Runtime`},
		{"JSONL", `"Key": "a.jsonl"`, table.ItemReader{InputType: "JSONL"}, ``, `[{"n":1},[2],"three"]`},
		{"broken JSONL", `"Key": "broken.jsonl"`, table.ItemReader{InputType: "JSONL"}, ``, `!States.ItemReaderFailed`},
		{"CSV with headers", `"Key": "a.csv"`, table.ItemReader{InputType: "CSV", CSVHeaderLocation: "FIRST_ROW"}, ``,
			`[{"x":"1","y":"a, \"b\""},{"x":"2","y":""},{"x":"3","y":"c"}]`},
		{"CSV without headers", `"Key": "a.csv"`, table.ItemReader{InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: []string{"v"}, MaxItems: 2}, ``, `[{"v":"x"},{"v":"1"}]`},
		{"CSV from Windows", `"Key": "bom.csv"`, table.ItemReader{InputType: "CSV", CSVHeaderLocation: "FIRST_ROW", CSVDelimiter: "COMMA"}, ``, `[{"x":"1","y":"a"}]`},
		{"PIPE", `"Key": "pipe.csv"`, table.ItemReader{InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: given, CSVDelimiter: "PIPE"}, ``, `[{"x":"1","y":"a"}]`},
		{"SEMICOLON", `"Key": "semicolon.csv"`, table.ItemReader{InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: given, CSVDelimiter: "SEMICOLON"}, ``, `[{"x":"1","y":"a"}]`},
		{"SPACE", `"Key": "space.csv"`, table.ItemReader{InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: given, CSVDelimiter: "SPACE"}, ``, `[{"x":"1","y":"a"}]`},
		{"TAB", `"Key": "tab.csv"`, table.ItemReader{InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: given, CSVDelimiter: "TAB"}, ``, `[{"x":"1","y":"a"}]`},
		{"a header twice", `"Key": "twice.csv"`, table.ItemReader{InputType: "CSV", CSVHeaderLocation: "FIRST_ROW"}, ``, `!States.ItemReaderFailed: CSV headers cannot contain duplicates.`},
		{"empty CSV", `"Key": "empty.csv"`, table.ItemReader{InputType: "CSV", CSVHeaderLocation: "FIRST_ROW"}, ``, `[]`},
		{"a list of objects", `"Prefix": "parts/"`, table.ItemReader{Resource: list, MaxItems: 2, ItemsPointer: ""}, ``, `keys parts/1.json parts/2.json`},
		{"the objects' items", `"Prefix": "parts/"`, table.ItemReader{Resource: list, Transformation: "LOAD_AND_FLATTEN", InputType: "JSON"}, ``, `[1,2,3]`},
		{"the objects' rows", `"Prefix": "rows/"`, table.ItemReader{Resource: list, Transformation: "LOAD_AND_FLATTEN", InputType: "CSV", CSVHeaderLocation: "FIRST_ROW"}, ``,
			`[{"x":"1","y":"a"},{"x":"2","y":"b"}]`},
		{"the first of the objects' items", `"Prefix": "parts/"`, table.ItemReader{Resource: list, Transformation: "LOAD_AND_FLATTEN", InputType: "JSON", MaxItems: 2}, ``, `[1,2]`},
		{"no objects", `"Prefix": "none"`, table.ItemReader{Resource: list, Transformation: "NONE"}, ``, `[]`},
		{"S3 inventory", `"Key": "inventory.json"`, table.ItemReader{ManifestType: "S3_INVENTORY"}, ``,
			`[{"Bucket":"b","Key":"one"},{"Bucket":"b","Key":"two"},{"Bucket":"b","Key":"three"}]`},
		{"S3 inventory, as it was written before", `"Key": "inventory.json"`, table.ItemReader{InputType: "MANIFEST", MaxItems: 1}, ``, `[{"Bucket":"b","Key":"one"}]`},
		{"Athena", `"Key": "athena.csv"`, table.ItemReader{ManifestType: "ATHENA_DATA", InputType: "JSONL"}, ``, `[{"n":1},{"n":2}]`},
		{"Athena's rows", `"Key": "athena-rows.csv"`, table.ItemReader{ManifestType: "ATHENA_DATA", InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: given, CSVDelimiter: "PIPE"}, ``,
			`[{"x":"1","y":"a"}]`},
		{"a manifest of what is not there", `"Key": "lost.csv"`, table.ItemReader{ManifestType: "ATHENA_DATA", InputType: "JSONL"}, ``, `!States.ItemReaderFailed`},
		{"a key that is no text", `"Key": 5`, table.ItemReader{InputType: "JSON"}, ``, `!States.Runtime`},
		{"a manifest of something else", `"Key": "strange.csv"`, table.ItemReader{ManifestType: "ATHENA_DATA", InputType: "JSONL"}, ``, `!States.ItemReaderFailed`},
	} {
		t.Run(c.name, func(t *testing.T) {
			reader := c.reader
			reader.Objects, reader.Parameters = store, constant(`{"Bucket": "b", `+c.parameters+`}`)
			if reader.Resource == "" {
				reader.Resource = read
			}
			e := runMap(t, &table.Map{Distributed: &table.Distributed{ItemReader: &reader}}, nil, c.input)
			got := e.output.String()
			if failed, ok := errors.AsType[*asl.Error](e.err); ok {
				got = "!" + failed.Name + ": " + failed.Cause
			}
			if keys, ok := strings.CutPrefix(c.want, "keys "); ok {
				var found []string
				for _, item := range e.output.Elements() {
					key, _ := item.Get("Key").AsString()
					found = append(found, key)
				}
				got, c.want = strings.Join(found, " "), keys
			}
			if failure, ok := strings.CutPrefix(c.want, "!"); ok && strings.HasPrefix(got, "!"+failure) {
				return
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestItemReaderRefused wants a reader that cannot work to be refused when the machine is made.
func TestItemReaderRefused(t *testing.T) {
	store := dirstore.Dir(t.TempDir())
	for name, reader := range map[string]table.ItemReader{
		"no objects":      {InputType: "JSON"},
		"no type":         {Objects: store},
		"Parquet":         {Objects: store, InputType: "PARQUET"},
		"transformation":  {Objects: store, InputType: "JSON", Transformation: "LOAD"},
		"manifest":        {Objects: store, InputType: "JSON", ManifestType: "OTHER"},
		"flattened":       {Objects: store, Resource: "arn:aws:states:::s3:listObjectsV2", Transformation: "LOAD_AND_FLATTEN"},
		"headers":         {Objects: store, InputType: "CSV"},
		"no headers":      {Objects: store, InputType: "CSV", CSVHeaderLocation: "GIVEN"},
		"delimiter":       {Objects: store, InputType: "CSV", CSVHeaderLocation: "FIRST_ROW", CSVDelimiter: "COLON"},
		"pointer":         {Objects: store, InputType: "JSON", ItemsPointer: "a"},
		"Athena's type":   {Objects: store, ManifestType: "ATHENA_DATA"},
		"path to a limit": {Objects: store, InputType: "JSON", MaxItemsPath: "n"},
	} {
		definition := table.Definition{Name: "Many", StartAt: "Each", States: []table.State{&table.Map{Name: "Each", End: true,
			ItemProcessor: table.Branch{StartAt: "Work", States: []table.State{&table.Pass{Name: "Work", End: true}}},
			Distributed:   &table.Distributed{ItemReader: &reader}}}}
		if _, err := table.NewMachine[asl.Value, asl.Value](memory.New(), definition); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestItemBatcher puts items into batches by their number, their bytes, and both.
func TestItemBatcher(t *testing.T) {
	long := strings.Repeat("x", 100)
	for _, c := range []struct {
		name    string
		batcher table.ItemBatcher
		input   string
		want    string // the items' numbers in each batch
	}{
		{"number", table.ItemBatcher{MaxItemsPerBatch: 2}, `{"items": [1, 2, 3]}`, "2 1"},
		{"more than there are", table.ItemBatcher{MaxItemsPerBatch: 9}, `{"items": [1, 2, 3]}`, "3"},
		{"path to a number", table.ItemBatcher{MaxItemsPerBatchPath: "$.n"}, `{"items": [1, 2, 3], "n": 1}`, "1 1 1"},
		{"bytes", table.ItemBatcher{MaxInputBytesPerBatch: len(`{"Items":[10,20]}`)}, `{"items": [10, 20, 30, 40, 50]}`, "2 2 1"},
		{"one byte less", table.ItemBatcher{MaxInputBytesPerBatch: len(`{"Items":[10,20]}`) - 1}, `{"items": [10, 20, 30]}`, "1 1 1"},
		{"path to bytes", table.ItemBatcher{MaxInputBytesPerBatchPath: "$.n"}, `{"items": [10, 20, 30], "n": 17}`, "2 1"},
		{"an item longer than that", table.ItemBatcher{MaxInputBytesPerBatch: 50}, `{"items": [1, "` + long + `", 2]}`, "1 1 1"},
		{"both, of which the bytes are less", table.ItemBatcher{MaxItemsPerBatch: 3, MaxInputBytesPerBatch: 17}, `{"items": [10, 20, 30]}`, "2 1"},
		{"both, of which the number is less", table.ItemBatcher{MaxItemsPerBatch: 1, MaxInputBytesPerBatch: 17}, `{"items": [10, 20, 30]}`, "1 1 1"},
		{"input of its own takes room", table.ItemBatcher{MaxInputBytesPerBatch: 30, BatchInput: constant(`{"a":1}`)}, `{"items": [10, 20, 30]}`, "1 1 1"},
		{"nothing", table.ItemBatcher{MaxItemsPerBatch: 2}, `{"items": []}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := runMap(t, &table.Map{ItemsPath: "$.items", Distributed: &table.Distributed{ItemBatcher: &c.batcher}}, nil, c.input)
			if e.err != nil {
				t.Fatal(e.err)
			}
			var sizes []string
			var items []asl.Value
			for _, batch := range e.output.Elements() {
				sizes = append(sizes, value.Int(int64(batch.Get("Items").Len())).String())
				for _, item := range batch.Get("Items").Elements() {
					items = append(items, item)
				}
				if (c.batcher.BatchInput == nil) != batch.Get("BatchInput").IsAbsent() {
					t.Errorf("a batch is %s", batch)
				}
			}
			if got := strings.Join(sizes, " "); got != c.want {
				t.Errorf("the batches have %s items, want %s", got, c.want)
			}
			if all := value.Array(items...).String(); all != doc(t, c.input).Get("items").String() {
				t.Errorf("the batches hold %s", all)
			}
		})
	}
	for _, n := range []string{"0", "-1", "1.5", `"some"`} {
		e := runMap(t, &table.Map{ItemsPath: "$.items", Distributed: &table.Distributed{ItemBatcher: &table.ItemBatcher{MaxItemsPerBatchPath: "$.n"}}}, nil, `{"items": [1], "n": `+n+`}`)
		if failed, ok := errors.AsType[*asl.Error](e.err); !ok || failed.Name != "States.Runtime" {
			t.Errorf("%s items a batch: %v", n, e.err)
		}
	}
}

// TestTolerated has items that are negative fail.
func TestTolerated(t *testing.T) {
	count, percent := func(n int) *int { return &n }, func(p float64) *float64 { return &p }
	process := func(ctx context.Context, item asl.Value) (asl.Value, error) {
		if n, _ := item.AsInt(); n < 0 {
			return item, &asl.Error{Name: "Negative"}
		}
		return item, nil
	}
	const threshold, fault = "States.ExceedToleratedFailureThreshold", "States.Runtime"
	for _, c := range []struct {
		name        string
		distributed table.Distributed
		input       string
		failure     string
	}{
		{"none fails", table.Distributed{}, `{"items": [1, 2]}`, ""},
		{"one is too many", table.Distributed{}, `{"items": [1, -2]}`, threshold},
		{"as many as may", table.Distributed{ToleratedFailureCount: count(1)}, `{"items": [1, -2, 3]}`, ""},
		{"one more", table.Distributed{ToleratedFailureCount: count(1)}, `{"items": [-1, -2, 3]}`, threshold},
		{"percent", table.Distributed{ToleratedFailurePercentage: percent(50)}, `{"items": [-1, 2]}`, ""},
		{"more percent", table.Distributed{ToleratedFailurePercentage: percent(49.9)}, `{"items": [-1, 2]}`, threshold},
		{"all", table.Distributed{ToleratedFailurePercentage: percent(100)}, `{"items": [-1, -2]}`, ""},
		{"either is enough to fail", table.Distributed{ToleratedFailureCount: count(1), ToleratedFailurePercentage: percent(100)}, `{"items": [-1, -2]}`, threshold},
		{"paths", table.Distributed{ToleratedFailureCountPath: "$.n", ToleratedFailurePercentagePath: "$.p"}, `{"items": [-1, 2], "n": 1, "p": 50}`, ""},
		{"negative count", table.Distributed{ToleratedFailureCountPath: "$.n"}, `{"items": [1], "n": -1}`, fault},
		{"count that is no integer", table.Distributed{ToleratedFailureCountPath: "$.n"}, `{"items": [1], "n": 1.5}`, fault},
		{"percentage of more than all", table.Distributed{ToleratedFailurePercentagePath: "$.n"}, `{"items": [1], "n": 101}`, fault},
		{"percentage that is no number", table.Distributed{ToleratedFailurePercentagePath: "$.n"}, `{"items": [1], "n": "some"}`, fault},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := runMap(t, &table.Map{ItemsPath: "$.items", Distributed: &c.distributed}, process, c.input)
			failed, _ := errors.AsType[*asl.Error](e.err)
			if c.failure == "" && e.err != nil || c.failure != "" && (failed == nil || failed.Name != c.failure) {
				t.Errorf("%v, want %q", e.err, c.failure)
			}
		})
	}
}

// TestResultWriter writes results in every form there is.
func TestResultWriter(t *testing.T) {
	process := func(ctx context.Context, item asl.Value) (asl.Value, error) {
		if item.Kind() == value.StringKind {
			return item, &asl.Error{Name: "Text", Cause: "no number"}
		}
		return item, nil
	}
	all := 100.0
	for _, c := range []struct {
		transformation, outputType string
		want                       string // of SUCCEEDED
	}{
		{"COMPACT", "", `[1,[2,3]]`},
		{"COMPACT", "JSONL", "1\n[2,3]\n"},
		{"FLATTEN", "JSON", `[1,2,3]`},
		{"FLATTEN", "JSONL", "1\n2\n3\n"},
		{"NONE", "JSONL", ""},
		{"", "", ""},
	} {
		t.Run(c.transformation+" "+c.outputType, func(t *testing.T) {
			store := bucket(t, nil)
			e := runMap(t, &table.Map{Distributed: &table.Distributed{ToleratedFailurePercentage: &all, ResultWriter: &table.ResultWriter{
				Resource: "arn:aws:states:::s3:putObject", Objects: store, Parameters: constant(`{"Bucket": "b", "Prefix": "out/"}`),
				Transformation: c.transformation, OutputType: c.outputType,
			}}}, process, `[1, "x", [2, 3]]`)
			if e.err != nil {
				t.Fatal(e.err)
			}
			files := exported(t, store, e.output.Get("ResultWriterDetails"))
			suffix := ".json"
			if c.outputType == "JSONL" {
				suffix = ".jsonl"
			}
			succeeded, failed := files["SUCCEEDED_0"+suffix], files["FAILED_0"+suffix]
			if len(files) != 2 || !strings.Contains(failed, `"Error":"Text"`) || !strings.Contains(failed, `"Status":"FAILED"`) {
				t.Errorf("%q", files)
			}
			if c.want != "" && succeeded != c.want {
				t.Errorf("%s, want %s", succeeded, c.want)
			}
			if c.want == "" && (strings.Count(succeeded, `"Status":"SUCCEEDED"`) != 2 || !strings.Contains(succeeded, `"Output":"[2,3]"`)) {
				t.Errorf("%s", succeeded)
			}
		})
	}
	// Without a Resource the results are the state's.
	for transformation, want := range map[string]string{"COMPACT": `[1,[2,3]]`, "FLATTEN": `[1,2,3]`, "": `[1,[2,3]]`} {
		e := runMap(t, &table.Map{Distributed: &table.Distributed{ResultWriter: &table.ResultWriter{Transformation: transformation}}}, nil, `[1, [2, 3]]`)
		if e.err != nil || e.output.String() != want {
			t.Errorf("%s: %s, %v", transformation, e.output, e.err)
		}
	}
}

// exported returns the files that a manifest names, by their base names.
func exported(t *testing.T, store dirstore.Dir, details asl.Value) map[string]string {
	t.Helper()
	key, _ := details.Get("Key").AsString()
	if in, _ := details.Get("Bucket").AsString(); in != "b" || !strings.HasPrefix(key, "out/") || !strings.HasSuffix(key, "/manifest.json") {
		t.Fatalf("the manifest is %s", details)
	}
	data, err := read(t.Context(), store, asl.Object{Bucket: "b", Key: key})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, list := range doc(t, string(data)).Get("ResultFiles").Members() {
		for _, file := range list.Elements() {
			key, _ := file.Get("Key").AsString()
			text, err := read(t.Context(), store, asl.Object{Bucket: "b", Key: key})
			if size, _ := file.Get("Size").AsInt(); err != nil || int(size) != len(text) {
				t.Errorf("%s has %d bytes, the manifest says %d: %v", key, len(text), size, err)
			}
			files[key[strings.LastIndex(key, "/")+1:]] = string(text)
		}
	}
	return files
}

// A Map Run that fails still writes what came of its children: those that were cut off, and those never started.
func TestResultWriterOfFailure(t *testing.T) {
	store := bucket(t, nil)
	process := func(ctx context.Context, item asl.Value) (asl.Value, error) {
		switch n, _ := item.AsInt(); n {
		case 0:
			return item, nil
		case 1:
			_ = clock.Sleep(ctx, time.Second)
			return item, &asl.Error{Name: "One"}
		}
		return item, clock.Sleep(ctx, time.Hour)
	}
	e := runMap(t, &table.Map{MaxConcurrency: 2, Distributed: &table.Distributed{ResultWriter: &table.ResultWriter{
		Resource: "arn:aws:states:::s3:putObject", Objects: store, Parameters: constant(`{"Bucket": "b", "Prefix": "out"}`),
	}}}, process, `[0, 1, 2, 3, 4]`)
	if failed, _ := errors.AsType[*asl.Error](e.err); failed == nil || failed.Name != "States.ExceedToleratedFailureThreshold" {
		t.Fatal(e.err)
	}
	list, err := store.List(t.Context(), "b", "out/")
	if err != nil || len(list) != 4 {
		t.Fatal(list, err)
	}
	text := map[string]string{}
	for _, o := range list {
		data, err := read(t.Context(), store, asl.Object{Bucket: "b", Key: o.Key})
		if err != nil {
			t.Fatal(err)
		}
		text[o.Key[strings.LastIndex(o.Key, "/")+1:]] = string(data)
	}
	for file, want := range map[string][]string{
		"SUCCEEDED_0.json": {`"Input":"0"`},
		"FAILED_0.json":    {`"Input":"1"`, `"Status":"FAILED"`, `"Input":"2"`, `"Status":"ABORTED"`},
		"PENDING_0.json":   {`"Input":"3"`, `"Input":"4"`, `"Status":"PENDING"`},
		"manifest.json":    {`"PENDING":[{`},
	} {
		for _, part := range want {
			if !strings.Contains(text[file], part) {
				t.Errorf("%s has no %s: %s", file, part, text[file])
			}
		}
	}
}

// TestChildren looks at the names of children and of their Map Run, and at what children see of the outside.
func TestChildren(t *testing.T) {
	for _, c := range []struct {
		distributed table.Distributed
		want        []string // the beginnings of the Map Run's and of a child's ARN, and of its state machine's
	}{
		{table.Distributed{ExecutionType: asl.Standard, Label: "lab"}, []string{
			"arn:aws:states:us-east-1:123456789012:mapRun:Many/lab:", "arn:aws:states:us-east-1:123456789012:execution:Many/lab:", "arn:aws:states:us-east-1:123456789012:stateMachine:Many/lab"}},
		{table.Distributed{ExecutionType: asl.Express}, []string{
			"arn:aws:states:us-east-1:123456789012:mapRun:Many/Each:", "arn:aws:states:us-east-1:123456789012:express:Many/Each:", "arn:aws:states:us-east-1:123456789012:stateMachine:Many/Each"}},
	} {
		m := &table.Map{Name: "Each", End: true, ItemSelector: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
			return value.Object(value.Field("index", r.Value("$$.Map.Item.Index", "/i.$")), value.Field("item", r.Value("$$.Map.Item.Value", "/v.$")))
		}), ItemProcessor: table.Branch{StartAt: "Show", States: []table.State{&table.Pass{Name: "Show", End: true, Parameters: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
			return value.Array(r.Value("$$.Execution.Id", "/0.$"), r.Value("$$.StateMachine.Id", "/1.$"), r.Value("$$.Execution.Input", "/2.$"), r.Value("$", "/3.$"))
		})}}}, Distributed: &c.distributed}
		engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
		machine, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Many", StartAt: "Each", States: []table.State{m}})
		if err != nil {
			t.Fatal(err)
		}
		var output asl.Value
		var history []asl.Event
		engine.Driven().Run(t.Context(), func(ctx context.Context) {
			x, err := machine.StartDocument(ctx, doc(t, `["a"]`))
			if err != nil {
				t.Error(err)
				return
			}
			output, _ = x.Running().Wait(ctx)
			history = told.History(x)
		})
		run := slices.IndexFunc(history, func(e asl.Event) bool { return e.Type == asl.MapRunStarted })
		if run < 0 || !strings.HasPrefix(history[run].Map.RunARN, c.want[0]) {
			t.Fatalf("%+v", history)
		}
		child := output.At(0)
		id, _ := child.At(0).AsString()
		of, _ := child.At(1).AsString()
		if !strings.HasPrefix(id, c.want[1]) || of != c.want[2] {
			t.Errorf("the child is %s of %s", id, of)
		}
		const item = `{"index":0,"item":"a"}`
		if diff := cmp.Diff([]string{item, item}, []string{child.At(2).String(), child.At(3).String()}); diff != "" {
			t.Error(diff)
		}
	}
}

// TestItemContext looks at what ItemSelector sees of an item.
func TestItemContext(t *testing.T) {
	selector := func() *table.Template {
		return table.Document(func(_ *asl.Context, r *table.Reader) asl.Value { return r.Value("$$.Map.Item", "/i.$") })
	}
	store := bucket(t, map[string]string{"a.json": `["x"]`})
	for name, c := range map[string]struct {
		distributed table.Distributed
		input, want string
	}{
		"array":  {table.Distributed{}, `["x"]`, `[{"Index":0,"Value":"x","Source":"STATE_DATA"}]`},
		"object": {table.Distributed{}, `{"k": "x", "l": "y"}`, `[{"Index":0,"Value":"x","Key":"k","Source":"STATE_DATA"},{"Index":1,"Value":"y","Key":"l","Source":"STATE_DATA"}]`},
		"reader": {table.Distributed{ItemReader: &table.ItemReader{Resource: "arn:aws:states:::s3:getObject", InputType: "JSON", Objects: store,
			Parameters: constant(`{"Bucket": "b", "Key": "a.json"}`)}}, ``, `[{"Index":0,"Value":"x","Source":"S3://b/a.json"}]`},
	} {
		t.Run(name, func(t *testing.T) {
			e := runMap(t, &table.Map{ItemSelector: selector(), Distributed: &c.distributed}, nil, c.input)
			if e.err != nil || !e.output.Equal(doc(t, c.want)) {
				t.Errorf("%s, %v; want %s", e.output, e.err, c.want)
			}
		})
	}
}

// A Map that is retried makes another Map Run. Its exit follows the start of the last one.
func TestMapRunAgain(t *testing.T) {
	calls := 0
	process := func(context.Context, asl.Value) (asl.Value, error) {
		if calls++; calls == 1 {
			return asl.Value{}, &asl.Error{Name: "Once"}
		}
		return value.True, nil
	}
	e := runMap(t, &table.Map{Distributed: &table.Distributed{}, Retry: []table.Retrier{
		{ErrorEquals: []string{"States.ExceedToleratedFailureThreshold"}, IntervalSeconds: 1, MaxAttempts: 1, BackoffRate: 1},
	}}, process, `[1]`)
	if e.err != nil || e.output.String() != "[true]" {
		t.Errorf("%s, %v", e.output, e.err)
	}
	var runs []string
	var types []asl.EventType
	for _, event := range e.history {
		types = append(types, event.Type)
		if event.Type == asl.MapRunStarted {
			runs = append(runs, event.Map.RunARN)
		}
	}
	if len(runs) != 2 || runs[0] == runs[1] {
		t.Errorf("the Map Runs are %q", runs)
	}
	want := []asl.EventType{
		asl.ExecutionStarted, "MapStateEntered", asl.MapStateStarted, asl.MapRunStarted, asl.MapRunFailed,
		asl.MapStateStarted, asl.MapRunStarted, asl.MapRunSucceeded, asl.MapStateSucceeded, "MapStateExited", asl.ExecutionSucceeded,
	}
	if diff := cmp.Diff(want, types); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	started, exited := e.history[6], e.history[9]
	if exited.Previous != started.ID || e.history[8].Previous != e.history[7].ID {
		t.Errorf("the exit follows event %d, want %d: %+v", exited.Previous, started.ID, e.history[8])
	}
}

// read returns all of an object.
func read(ctx context.Context, objects asl.Objects, o asl.Object) ([]byte, error) {
	contents, err := objects.Get(ctx, o)
	if err != nil {
		return nil, err
	}
	defer contents.Close()
	return io.ReadAll(contents)
}
