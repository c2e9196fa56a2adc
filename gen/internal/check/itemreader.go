package check

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// The actions that read the items of a Map and write its results.
const (
	getObject  = "s3:getObject"
	listObject = "s3:listObjectsV2"
	putObject  = "s3:putObject"
)

// itemReader checks where a Map reads its items from (R150).
func (c *checker) itemReader(s *ast.State) {
	r := s.ItemReader
	if r == nil {
		return
	}
	m := s.Field("ItemReader")
	action := c.storage(m, &r.Object, diag.ItemReader, getObject, listObject)
	switch action {
	case getObject:
		c.located(s, m, &r.Object, diag.ItemReader, "Bucket", "Key")
	case listObject:
		c.located(s, m, &r.Object, diag.ItemReader, "Bucket")
	}
	if path := s.Field("ItemsPath"); path != nil { // X11
		c.warnf(path.Span, diag.ItemReader, "ItemsPath is ignored where an ItemReader reads the items").
			WithHint("leave it out: in a JSON file ItemsPointer says where the items are").Relate(m.Span, "ItemReader is here")
	}
	switch config := r.Field("ReaderConfig"); {
	case config == nil:
		c.readerConfig(m.Span, &ast.ReaderConfig{}, action)
	case r.ReaderConfig != nil: // parsing has said what is no object
		c.readerConfig(config.Span, r.ReaderConfig, action)
	}
}

// readerConfig checks how an ItemReader with a known action, or with none, reads the items.
func (c *checker) readerConfig(at source.Span, config *ast.ReaderConfig, action string) {
	c.words(config.Fields, ast.ReaderConfigFields, diag.ItemReader)
	c.inputType(at, config, action)
	c.flatten(config, action)
	c.manifest(config, action)
	c.headerLocation(config, action)
	c.headers(config)
	c.itemsPointer(config)
}

// inputType checks that it is said what the object is that holds the items.
func (c *checker) inputType(at source.Span, config *ast.ReaderConfig, action string) {
	if action == getObject && config.Field("InputType") == nil && config.Field("ManifestType") == nil {
		c.errorf(at, diag.ItemReader, "%s needs an InputType in its ReaderConfig: that of the object", getObject).
			WithHint(`"ReaderConfig": {"InputType": "JSON"} reads an array of JSON; there are CSV, JSONL, PARQUET and MANIFEST, too`)
	}
}

// flatten checks what goes with loading every listed object.
func (c *checker) flatten(config *ast.ReaderConfig, action string) {
	m, kind := config.Field("Transformation"), config.Field("InputType")
	switch {
	case !config.Transformation.Is("LOAD_AND_FLATTEN"):
	case action == getObject:
		c.errorf(m.Value.Span, diag.ItemReader, "only the objects of %s are loaded and flattened", listObject)
	case kind == nil:
		c.errorf(m.Value.Span, diag.ItemReader, "LOAD_AND_FLATTEN needs an InputType: that of the objects")
	case config.InputType.Is("MANIFEST"):
		c.errorf(kind.Value.Span, diag.ItemReader, "LOAD_AND_FLATTEN loads objects that hold items, not manifests")
	}
}

// manifest checks what goes with a list of files. That of an inventory says itself what the files are.
func (c *checker) manifest(config *ast.ReaderConfig, action string) {
	m, kind := config.Field("ManifestType"), config.Field("InputType")
	switch {
	case m == nil:
	case action == listObject:
		c.warnf(m.Span, diag.ItemReader, "ManifestType means nothing for %s, which reads no manifest", listObject)
	case config.ManifestType.Is("ATHENA_DATA") && kind == nil:
		c.errorf(m.Value.Span, diag.ItemReader, "ATHENA_DATA needs the InputType of the files in the manifest").
			WithHint(`"InputType" is JSONL, CSV or PARQUET`)
	case config.ManifestType.Is("ATHENA_DATA") && config.InputType.Is("MANIFEST"):
		c.errorf(kind.Value.Span, diag.ItemReader, "the InputType of ATHENA_DATA is that of the files in the manifest").
			WithHint("it is JSONL, CSV or PARQUET")
	case config.ManifestType.Is("S3_INVENTORY") && config.InputType.Is("CSV", "JSON", "JSONL", "PARQUET"):
		c.warnf(kind.Span, diag.ItemReader, "an S3_INVENTORY has no InputType: its manifest says what its files are")
	}
}

// maxItemsPointer is the longest ItemsPointer in characters (R150).
const maxItemsPointer = 2000

// itemsPointer checks where in a JSON file the items are.
func (c *checker) itemsPointer(config *ast.ReaderConfig) {
	m, kind := config.Field("ItemsPointer"), config.Field("InputType")
	if m == nil || m.Value.Kind != value.StringKind || open(m.Value) {
		return
	}
	pointer := m.Value.Text
	if pointer != "" && !strings.HasPrefix(pointer, "/") {
		c.errorf(m.Value.Span, diag.ItemReader, "ItemsPointer is a JSON Pointer, which begins with /").
			WithHint("write it \"/" + strings.ReplaceAll(strings.TrimPrefix(pointer, "$."), ".", "/") + `"`)
	}
	if n := utf8.RuneCountInString(pointer); n > maxItemsPointer {
		c.errorf(m.Value.Span, diag.ItemReader, "the ItemsPointer has %d characters; the limit is %d", n, maxItemsPointer)
	}
	if config.InputType.Is("CSV", "JSONL", "PARQUET", "MANIFEST") {
		c.warnf(m.Span, diag.ItemReader, "ItemsPointer means nothing where InputType is %s: it points into JSON", kind.Value.Text)
	}
}

// maxCSVHeaders is the most bytes that the headers of a CSV file have (R150).
const maxCSVHeaders = 10 << 10

// headerLocation checks that it is said where a CSV file that is read has the names of its columns.
func (c *checker) headerLocation(config *ast.ReaderConfig, action string) {
	read := action == getObject && !config.ManifestType.Is("S3_INVENTORY") ||
		action == listObject && config.Transformation.Is("LOAD_AND_FLATTEN")
	if kind := config.Field("InputType"); read && config.InputType.Is("CSV") && config.Field("CSVHeaderLocation") == nil {
		c.errorf(kind.Value.Span, diag.ItemReader, "a CSV file needs a CSVHeaderLocation: where the names of its columns are").
			WithHint(`"CSVHeaderLocation" is FIRST_ROW, or GIVEN with "CSVHeaders"`)
	}
}

// headers checks where the names of a CSV file's columns come from.
func (c *checker) headers(config *ast.ReaderConfig) {
	location, headers := config.Field("CSVHeaderLocation"), config.Field("CSVHeaders")
	kind, given := config.Field("InputType"), config.CSVHeaderLocation.Is("GIVEN")
	switch {
	case location != nil && config.InputType.Is("JSON"):
		c.errorf(location.Span, diag.ItemReader, "a JSON file has no CSVHeaderLocation")
		return
	case location != nil && config.InputType.Is("JSONL", "PARQUET"):
		c.warnf(location.Span, diag.ItemReader, "CSVHeaderLocation means nothing where InputType is %s", kind.Value.Text)
	case given && headers == nil:
		c.errorf(location.Value.Span, diag.ItemReader, "the headers are GIVEN, but there are no CSVHeaders")
	case headers != nil && !given && (location == nil || !open(location.Value)):
		c.warnf(headers.Span, diag.ItemReader, "CSVHeaders are read only where CSVHeaderLocation is GIVEN")
	}
	if headers == nil {
		return
	}
	c.headerNames(headers.Value)
	if kind != nil && kind.Value.Text != "CSV" && kind.Value.Text != "MANIFEST" && !open(kind.Value) {
		c.warnf(headers.Span, diag.ItemReader, "CSVHeaders mean nothing where InputType is %s", kind.Value.Text)
	}
}

// headerNames checks the names of columns.
func (c *checker) headerNames(headers *ast.Node) {
	size, seen := 0, map[string]source.Span{}
	for _, h := range headers.Elements {
		if h.Kind != value.StringKind {
			continue // parsing has said so
		}
		size += len(h.Text)
		if first, twice := seen[h.Text]; twice { // AWS takes the machine; the run fails
			c.warnf(h.Span, diag.ItemReader, "the header %q is there twice, so the Map fails", h.Text).Relate(first, "the first one")
		}
		seen[h.Text] = h.Span
	}
	if size > maxCSVHeaders {
		c.errorf(headers.Span, diag.ItemReader, "the CSVHeaders have %d bytes; the limit is %d", size, maxCSVHeaders)
	}
}

// resultWriter checks where a Map writes its results, and how (R152).
func (c *checker) resultWriter(s *ast.State) {
	w := s.ResultWriter
	if w == nil {
		return
	}
	if w.WriterConfig != nil {
		c.words(w.WriterConfig.Fields, ast.WriterConfigFields, diag.ResultWriter)
	}
	m := s.Field("ResultWriter")
	parameters := argumentsOf(&w.Object, c.jsonata(s))
	switch {
	case w.Field("Resource") != nil:
		c.storage(m, &w.Object, diag.ResultWriter, putObject)
		c.located(s, m, &w.Object, diag.ResultWriter, "Bucket")
	case parameters != nil:
		c.errorf(parameters.Span, diag.ResultWriter, "a ResultWriter with %s needs a Resource", parameters.Name).
			WithHint(`it is "arn:aws:states:::` + putObject + `"`)
	case w.Field("WriterConfig") == nil:
		c.errorf(m.Span, diag.ResultWriter, "a ResultWriter needs a WriterConfig, or a Resource and its parameters")
	}
}

// storage checks the Resource of a reader or writer, and returns its action if that is known.
func (c *checker) storage(of *ast.Member, o *ast.Object, code *diag.Code, actions ...string) string {
	m := o.Field("Resource")
	known := make([]string, len(actions))
	for i, action := range actions {
		known[i] = "arn:aws:states:::" + action
	}
	hint := `it is "` + strings.Join(known, `" or "`) + `"`
	if m == nil {
		c.errorf(of.Span, code, "an %s needs a Resource", of.Name).WithHint(hint)
		return ""
	}
	_, action, ok := strings.Cut(m.Value.Text, ":states:::")
	for _, offered := range actions {
		if ok && action == offered && strings.HasPrefix(m.Value.Text, "arn:") {
			return action
		}
	}
	if m.Value.Kind == value.StringKind && !open(m.Value) {
		c.errorf(m.Value.Span, code, "the Resource of %s cannot be %q", of.Name, m.Value.Text).
			WithHint(cmp.Or(diag.DidYouMean(m.Value.Text, known), hint))
	}
	return ""
}

// located reports what the parameters of a reader or writer lack.
func (c *checker) located(s *ast.State, of *ast.Member, o *ast.Object, code *diag.Code, names ...string) {
	ata := c.jsonata(s)
	parameters := argumentsOf(o, ata)
	if parameters == nil {
		c.errorf(of.Span, code, "%s does not say which object: it needs %s", of.Name, strings.Join(names, " and "))
		return
	}
	if parameters.Value.Kind != value.ObjectKind {
		return
	}
	for _, name := range names {
		if !given(parameters.Value, name, ata) {
			c.errorf(parameters.Span, code, "the %s of %s need %s", parameters.Name, of.Name, name)
		}
	}
}

// given reports whether a template has a member, in JSONPath perhaps as one whose name ends in .$.
func given(n *ast.Node, name string, ata bool) bool {
	return n.Members.Named(name) != nil || !ata && n.Members.Named(name+".$") != nil
}

// argumentsOf returns the Parameters, or in JSONata the Arguments, of a task, a reader or a writer.
func argumentsOf(o *ast.Object, ata bool) *ast.Member {
	if ata {
		return o.Field("Arguments")
	}
	return o.Field("Parameters")
}
