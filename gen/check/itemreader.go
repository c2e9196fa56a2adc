package check

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
	"github.com/r-seed-632eed22/aslgen/gen/source"
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
	m := s.Field("ItemReader")
	if m == nil || m.Value.Kind != value.ObjectKind {
		return
	}
	action := c.storage(m, diag.ItemReader, getObject, listObject)
	switch action {
	case getObject:
		c.located(s, m, diag.ItemReader, "Bucket", "Key")
	case listObject:
		c.located(s, m, diag.ItemReader, "Bucket")
	}
	config := inside(m.Value, "ReaderConfig")
	field := func(name string) *ast.Member { return member(config.Members, name) }
	c.word(field("InputType"), diag.ItemReader, "CSV", "JSON", "JSONL", "PARQUET", "MANIFEST")
	c.word(field("Transformation"), diag.ItemReader, "NONE", "LOAD_AND_FLATTEN")
	c.word(field("ManifestType"), diag.ItemReader, "ATHENA_DATA", "S3_INVENTORY")
	c.word(field("CSVDelimiter"), diag.ItemReader, "COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")
	c.word(field("CSVHeaderLocation"), diag.ItemReader, "FIRST_ROW", "GIVEN")
	c.flatten(config, action)
	c.headers(config)
	if p := field("ItemsPointer"); p != nil && p.Value.Kind == value.StringKind && !open(p.Value) &&
		p.Value.Text != "" && !strings.HasPrefix(p.Value.Text, "/") {
		c.errorf(p.Value.Span, diag.ItemReader, "ItemsPointer is a JSON Pointer, which begins with /").
			WithHint("write it \"/" + strings.ReplaceAll(strings.TrimPrefix(p.Value.Text, "$."), ".", "/") + `"`)
	}
}

// flatten checks what goes with loading every listed object.
func (c *checker) flatten(config *ast.Node, action string) {
	m := member(config.Members, "Transformation")
	if m == nil || m.Value.Text != "LOAD_AND_FLATTEN" {
		return
	}
	if action == getObject {
		c.errorf(m.Value.Span, diag.ItemReader, "only the objects of %s are loaded and flattened", listObject)
	}
	if member(config.Members, "InputType") == nil {
		c.errorf(m.Value.Span, diag.ItemReader, "LOAD_AND_FLATTEN needs an InputType: that of the objects")
	}
}

// headers checks where the names of a CSV file's columns come from.
func (c *checker) headers(config *ast.Node) {
	location, headers := member(config.Members, "CSVHeaderLocation"), member(config.Members, "CSVHeaders")
	given := location != nil && location.Value.Text == "GIVEN"
	switch {
	case given && headers == nil:
		c.errorf(location.Value.Span, diag.ItemReader, "the headers are GIVEN, but there are no CSVHeaders")
	case headers != nil && !given && (location == nil || !open(location.Value)):
		c.warnf(headers.Span, diag.ItemReader, "CSVHeaders are read only where CSVHeaderLocation is GIVEN")
	}
	if headers == nil {
		return
	}
	seen := map[string]source.Span{}
	for _, h := range headers.Value.Elements {
		if first, twice := seen[h.Text]; twice { // AWS takes the machine; the run fails
			c.warnf(h.Span, diag.ItemReader, "the header %q is there twice, so the Map fails", h.Text).Relate(first, "the first one")
		}
		seen[h.Text] = h.Span
	}
	if kind := member(config.Members, "InputType"); kind != nil && kind.Value.Text != "CSV" && kind.Value.Text != "MANIFEST" && !open(kind.Value) {
		c.warnf(headers.Span, diag.ItemReader, "CSVHeaders mean nothing where InputType is %s", kind.Value.Text)
	}
}

// resultWriter checks where a Map writes its results, and how (R152).
func (c *checker) resultWriter(s *ast.State) {
	m := s.Field("ResultWriter")
	if m == nil || m.Value.Kind != value.ObjectKind {
		return
	}
	config := inside(m.Value, "WriterConfig")
	c.word(member(config.Members, "Transformation"), diag.ResultWriter, "NONE", "COMPACT", "FLATTEN")
	c.word(member(config.Members, "OutputType"), diag.ResultWriter, "JSON", "JSONL")
	parameters := argumentsOf(m.Value, c.jsonata(s))
	resource := member(m.Value.Members, "Resource")
	switch {
	case resource != nil:
		c.storage(m, diag.ResultWriter, putObject)
		c.located(s, m, diag.ResultWriter, "Bucket")
	case parameters != nil:
		c.errorf(parameters.Span, diag.ResultWriter, "a ResultWriter with %s needs a Resource", parameters.Name).
			WithHint(`it is "arn:aws:states:::` + putObject + `"`)
	case member(m.Value.Members, "WriterConfig") == nil:
		c.errorf(m.Span, diag.ResultWriter, "a ResultWriter needs a WriterConfig, or a Resource and its parameters")
	}
}

// storage checks the Resource of a reader or writer, and returns its action if that is known.
func (c *checker) storage(of *ast.Member, code *diag.Code, actions ...string) string {
	m := member(of.Value.Members, "Resource")
	if m == nil {
		c.errorf(of.Span, code, "an %s needs a Resource", of.Name).WithHint(`it is "arn:aws:states:::` + strings.Join(actions, `" or "arn:aws:states:::`) + `"`)
		return ""
	}
	_, action, ok := strings.Cut(m.Value.Text, ":states:::")
	for _, known := range actions {
		if ok && action == known && strings.HasPrefix(m.Value.Text, "arn:") {
			return action
		}
	}
	if m.Value.Kind == value.StringKind && !open(m.Value) {
		c.errorf(m.Value.Span, code, "the Resource of %s cannot be %q", of.Name, m.Value.Text).
			WithHint(`it is "arn:aws:states:::` + strings.Join(actions, `" or "arn:aws:states:::`) + `"`)
	}
	return ""
}

// located reports what the parameters of a reader or writer lack.
func (c *checker) located(s *ast.State, of *ast.Member, code *diag.Code, names ...string) {
	ata := c.jsonata(s)
	parameters := argumentsOf(of.Value, ata)
	if parameters == nil {
		c.errorf(of.Span, code, "%s does not say which object: it needs %s", of.Name, strings.Join(names, " and "))
		return
	}
	if parameters.Value.Kind != value.ObjectKind {
		return
	}
	for _, name := range names {
		if member(parameters.Value.Members, name) == nil && (ata || member(parameters.Value.Members, name+".$") == nil) {
			c.errorf(parameters.Span, code, "the %s of %s need %s", parameters.Name, of.Name, name)
		}
	}
}

// argumentsOf returns the Parameters, or in JSONata the Arguments, of a reader or writer.
func argumentsOf(n *ast.Node, ata bool) *ast.Member {
	if ata {
		return member(n.Members, "Arguments")
	}
	return member(n.Members, "Parameters")
}
