package parse

import (
	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// The fields that only a Map has. They are checked here and kept as nodes.
var (
	mapFields = map[string]fieldDecoder{
		"ItemsPath":                      itemsPath,
		"ItemSelector":                   templateOrExpressionField,
		"MaxConcurrency":                 numberOrExpressionField,
		"MaxConcurrencyPath":             numberPathField,
		"ToleratedFailureCount":          numberOrExpressionField,
		"ToleratedFailureCountPath":      numberPathField,
		"ToleratedFailurePercentage":     numberOrExpressionField,
		"ToleratedFailurePercentagePath": numberPathField,
		"Label":                          stringField,
		"ItemReader":                     objectField(itemReaderFields),
		"ItemBatcher":                    objectField(itemBatcherFields),
		"ResultWriter":                   objectField(resultWriterFields),
	}
	processorConfigFields = map[string]fieldDecoder{
		"Mode":          stringField,
		"ExecutionType": stringField,
	}
	itemReaderFields = map[string]fieldDecoder{
		"Resource":     stringField,
		"Parameters":   templateField,
		"ReaderConfig": objectField(readerConfigFields),
	}
	readerConfigFields = map[string]fieldDecoder{
		"InputType":         stringField,
		"Transformation":    stringField,
		"ManifestType":      stringField,
		"CSVDelimiter":      stringField,
		"CSVHeaderLocation": stringField,
		"CSVHeaders":        stringsField,
		"ItemsPointer":      stringField,
		"MaxItems":          numberOrExpressionField,
		"MaxItemsPath":      numberPathField,
	}
	itemBatcherFields = map[string]fieldDecoder{
		"MaxItemsPerBatch":          numberOrExpressionField,
		"MaxItemsPerBatchPath":      numberPathField,
		"MaxInputBytesPerBatch":     numberOrExpressionField,
		"MaxInputBytesPerBatchPath": numberPathField,
		"BatchInput":                templateOrExpressionField,
	}
	resultWriterFields = map[string]fieldDecoder{
		"Resource":     stringField,
		"Parameters":   templateField,
		"WriterConfig": objectField(writerConfigFields),
	}
	writerConfigFields = map[string]fieldDecoder{
		"Transformation": stringField,
		"OutputType":     stringField,
	}
)

func stringField(d *decoder, m *ast.Member)             { d.string(m) }
func numberOrExpressionField(d *decoder, m *ast.Member) { d.numberOrExpression(m) }
func templateField(d *decoder, m *ast.Member)           { d.template(m) }
func numberPathField(d *decoder, m *ast.Member)         { d.path(m, numberPath) }
func referencePathField(d *decoder, m *ast.Member)      { d.path(m, referencePath) }

// stringsField decodes an array of strings.
func stringsField(d *decoder, m *ast.Member) {
	if !d.is(m, value.ArrayKind) {
		return
	}
	for i, e := range m.Value.Elements {
		if e.Kind != value.StringKind {
			d.errorf(e.Span, diag.WrongType, "element %d of %q must be a string, not %s", i, m.Name, article(e.Kind))
		}
	}
}

// templateOrExpressionField decodes a field that in a JSONata state may be one expression (R71).
func templateOrExpressionField(d *decoder, m *ast.Member) {
	if !d.jsonata || !ast.IsExpression(m.Value.Text) {
		d.anyTemplate(m)
	}
}

func objectField(table map[string]fieldDecoder) fieldDecoder {
	return func(d *decoder, m *ast.Member) {
		if d.object(m) {
			d.fields(m.Value, table)
		}
	}
}

// itemsPath decodes ItemsPath, where null has a rule of its own (R26).
func itemsPath(d *decoder, m *ast.Member) {
	if m.Value.Kind == value.NullKind && !d.jsonata {
		d.errorf(m.Value.Span, diag.NullItemsPath, "ItemsPath cannot be null").WithHint("leave it out to take the whole input")
		return
	}
	d.path(m, referencePath)
}
