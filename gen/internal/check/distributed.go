package check

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// mapFields checks the fields of a Map that say where its items come from, how they are processed and where results go.
func (c *checker) mapFields(s *ast.State) {
	distributed, known := c.mode(s)
	c.mapNumbers(s)
	c.items(s, distributed || !known)
	if known && !distributed {
		c.distributedOnly(s)
		return
	}
	c.label(s)
	c.itemReader(s)
	c.itemBatcher(s)
	c.resultWriter(s)
}

// items checks that what a JSONata Map goes over may be an array, or an object where such are taken (X10).
func (c *checker) items(s *ast.State, objects bool) {
	m := s.Field("Items")
	if m == nil || !c.jsonata(s) {
		return
	}
	n := m.Value
	switch {
	case n.Kind == value.ArrayKind, n.Kind == value.ObjectKind && objects, open(n), n.Kind == value.StringKind && ast.IsUnended(n.Text):
	case n.Kind == value.ObjectKind:
		c.errorf(n.Span, diag.WrongType, "an inline Map does not go over an object: Items must be an array or an expression between {%% and %%}").
			WithHint(distributedItems)
	default:
		d := c.errorf(n.Span, diag.WrongType, "Items must be an array or an expression between {%% and %%}")
		if looksDynamic.MatchString(n.Text) {
			d.WithHint(asJSONata(n.Text))
		}
	}
}

const distributedItems = `a distributed one does: "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} in its ItemProcessor`

// mode checks the ProcessorConfig of a Map (R141) and returns whether the Map is distributed, if that is known.
func (c *checker) mode(s *ast.State) (distributed, known bool) {
	m := s.ItemProcessor
	if m == nil || m.ProcessorConfig == nil {
		return false, m != nil && m.Field("ProcessorConfig") == nil
	}
	config := m.ProcessorConfig
	mode, execution := config.Field("Mode"), config.Field("ExecutionType")
	c.words(config.Fields, ast.ProcessorConfigFields, diag.ProcessorMode)
	distributed = m.IsDistributed()
	inline := mode == nil || config.Mode.Is("INLINE")
	switch {
	case distributed && execution == nil:
		c.errorf(mode.Span, diag.ProcessorMode, "a distributed Map needs an ExecutionType").
			WithHint(`"ExecutionType" is STANDARD or EXPRESS`)
	case inline && execution != nil:
		c.errorf(execution.Span, diag.ProcessorMode, "an inline Map has no ExecutionType").
			WithHint(`"Mode": "DISTRIBUTED" runs the items as executions of their own`)
	}
	if distributed && c.options.Type == Express {
		c.errorf(mode.Value.Span, diag.DistributedInExpress, "an Express machine cannot have a distributed Map")
	}
	return distributed, distributed || inline
}

// words reports the members of an object that are none of their fields' words.
func (c *checker) words(members ast.Members, t *ast.Fields, code *diag.Code) {
	for i := range members {
		m := &members[i]
		f := t.Named(m.Name)
		if f == nil || f.Words == nil || m.Value.Kind != value.StringKind || slices.Contains(f.Words, m.Value.Text) || open(m.Value) {
			continue
		}
		c.errorf(m.Value.Span, code, "%s cannot be %q: it is %s", m.Name, m.Value.Text, list(f.Words, "or")).
			WithHint(diag.DidYouMean(m.Value.Text, f.Words))
	}
}

// open reports whether what a node says depends on a placeholder or an expression.
func open(n *ast.Node) bool {
	return n.Kind == value.StringKind && (source.HasPlaceholder(n.Text) || ast.IsExpression(n.Text))
}

// distributedOnly looks for what an inline Map does without (R142). Tolerated failures on one have been seen to be accepted.
func (c *checker) distributedOnly(s *ast.State) {
	for i := range s.Fields {
		m := &s.Fields[i]
		switch {
		case strings.HasPrefix(m.Name, "ToleratedFailure"):
			c.warnf(m.Span, diag.DistributedOnly, "%s means nothing for an inline Map: its first failure fails it", m.Name).WithHint(distributedHint)
		case slices.Contains([]string{"ItemReader", "ItemBatcher", "ResultWriter", "Label"}, m.Name):
			c.errorf(m.Span, diag.DistributedOnly, "an inline Map has no %s", m.Name).WithHint(distributedHint)
		}
	}
}

const distributedHint = `a distributed one has: "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} in its ItemProcessor`

// maxLabel is the longest label of a Map in characters (R149).
const maxLabel = 40

func (c *checker) label(s *ast.State) {
	m := s.Field("Label")
	if m == nil || m.Value.Kind != value.StringKind || open(m.Value) {
		return
	}
	label := m.Value
	if n := utf8.RuneCountInString(label.Text); n > maxLabel {
		c.errorf(label.Span, diag.BadLabel, "the Label has %d characters; the limit is %d", n, maxLabel)
	}
	if i := strings.IndexFunc(label.Text, notInLabel); i >= 0 {
		r, _ := utf8.DecodeRuneInString(label.Text[i:])
		c.errorf(label.Span, diag.BadLabel, "a Label cannot have the character %q", r)
	}
	if first, twice := c.labels[label.Text]; twice {
		c.errorf(label.Span, diag.BadLabel, "another Map has the Label %q", label.Text).Relate(first, "the first one")
	} else {
		c.labels[label.Text] = label.Span
	}
}

func notInLabel(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("?*<>{}[]:;,\\|^~$#%&`\"", r)
}

// itemBatcher checks that batches have a size (R151).
func (c *checker) itemBatcher(s *ast.State) {
	b := s.ItemBatcher
	if b == nil {
		return
	}
	sized := false
	for f := range ast.ItemBatcherFields.All() {
		size := b.Field(f.Name)
		if size == nil || f.Kind != ast.NumberField && f.Kind != ast.NumberPath {
			continue
		}
		sized = true
		if size.Value.Kind == value.NumberKind && isZero(numberOf(size.Value)) {
			c.warnf(size.Value.Span, diag.BatchSize, "%s 0 limits nothing", f.Name).WithHint("leave it out")
		}
	}
	if !sized {
		c.errorf(s.Field("ItemBatcher").Span, diag.BatchSize, "an ItemBatcher needs a size").WithHint("give it MaxItemsPerBatch or MaxInputBytesPerBatch")
	}
}

// mapNumbers checks the numbers of a Map (R145, R147, R150, R151).
func (c *checker) mapNumbers(s *ast.State) {
	c.ranges(s.Fields, ast.StateFieldsOf["Map"], diag.MapNumber)
	if r := s.ItemReader; r != nil && r.ReaderConfig != nil {
		c.ranges(r.ReaderConfig.Fields, ast.ReaderConfigFields, diag.MapNumber)
	}
	if b := s.ItemBatcher; b != nil {
		for i := range b.Fields {
			code := diag.MapNumber
			if b.Fields[i].Name == "MaxInputBytesPerBatch" {
				code = diag.BatchSize
			}
			c.ranges(b.Fields[i:i+1], ast.ItemBatcherFields, code)
		}
	}
}
