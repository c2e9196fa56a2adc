package check

import (
	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// parallel checks a Parallel state; its branches are checked as machines (R130).
func (c *checker) parallel(s *ast.State) {
	switch branches := s.Field("Branches"); {
	case branches == nil:
		c.errorf(s.Name.Span, diag.NoBranches, "Parallel %q has no Branches", s.Name.Text)
	case branches.Value.Kind == value.ArrayKind && len(branches.Value.Elements) == 0:
		c.errorf(branches.Value.Span, diag.NoBranches, "Branches cannot be empty")
	}
}

// mapState checks the structure of a Map state; its item processor is checked as a machine (R140).
func (c *checker) mapState(s *ast.State) {
	ata := c.jsonata(s)
	switch processor, iterator := s.Field("ItemProcessor"), s.Field("Iterator"); {
	case processor != nil && iterator != nil:
		c.errorf(iterator.Span, diag.MapProcessor, "a Map has either ItemProcessor or Iterator").
			Relate(processor.Span, "ItemProcessor is here")
	case processor == nil && iterator == nil:
		c.errorf(s.Name.Span, diag.MapProcessor, "Map %q has no ItemProcessor", s.Name.Text)
	case iterator != nil:
		c.warnf(iterator.Span, diag.Deprecated, "Iterator is the older name of ItemProcessor")
	}
	switch selector, parameters := s.Field("ItemSelector"), s.Field("Parameters"); {
	case selector != nil && parameters != nil:
		c.errorf(parameters.Span, diag.MapTemplateTwice, "a Map has either ItemSelector or Parameters").
			Relate(selector.Span, "ItemSelector is here")
	case parameters != nil && !ata:
		c.warnf(parameters.Span, diag.Deprecated, "Parameters of a Map is the older name of ItemSelector")
	}
	reader := c.objectFields(s.Fields, "ItemReader", itemReaderFields, ata)
	config := c.objectFields(reader, "ReaderConfig", readerConfigFields, ata)
	batcher := c.objectFields(s.Fields, "ItemBatcher", itemBatcherFields, ata)
	writer := c.objectFields(s.Fields, "ResultWriter", resultWriterFields, ata)
	c.objectFields(writer, "WriterConfig", writerConfigFields, ata)
	for _, object := range [][]ast.Member{s.Fields, config, batcher} {
		c.fieldAndPath(object, diag.FieldAndPath, "MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage",
			"MaxItems", "MaxItemsPerBatch", "MaxInputBytesPerBatch")
	}
	c.mapFields(s)
}

// fieldAndPath reports the named fields that an object has both as a value and as a path.
func (c *checker) fieldAndPath(fields []ast.Member, code *diag.Code, names ...string) {
	for _, name := range names {
		literal, path := member(fields, name), member(fields, name+"Path")
		if literal != nil && path != nil {
			c.errorf(path.Span, code, "%s and %sPath exclude each other", name, name).Relate(literal.Span, "%s is here", name)
		}
	}
}
