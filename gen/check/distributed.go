package check

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
	"github.com/r-seed-632eed22/aslgen/gen/source"
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
	if m == nil || m.Processor == nil {
		return false, m != nil && m.Field("ProcessorConfig") == nil
	}
	config := m.Processor
	mode, execution := member(config.Members, "Mode"), member(config.Members, "ExecutionType")
	c.word(mode, diag.ProcessorMode, "INLINE", "DISTRIBUTED")
	c.word(execution, diag.ProcessorMode, "STANDARD", "EXPRESS")
	distributed = mode != nil && mode.Value.Text == "DISTRIBUTED"
	inline := mode == nil || mode.Value.Text == "INLINE"
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

// word reports a member whose string is none of the words.
func (c *checker) word(m *ast.Member, code *diag.Code, words ...string) {
	if m == nil || m.Value.Kind != value.StringKind || slices.Contains(words, m.Value.Text) || open(m.Value) {
		return
	}
	c.errorf(m.Value.Span, code, "%s cannot be %q: it is %s", m.Name, m.Value.Text, list(words, "or")).
		WithHint(diag.DidYouMean(m.Value.Text, words))
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
	m := s.Field("ItemBatcher")
	if m == nil || m.Value.Kind != value.ObjectKind {
		return
	}
	sizes := []string{"MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"}
	if !slices.ContainsFunc(sizes, func(name string) bool { return member(m.Value.Members, name) != nil }) {
		c.errorf(m.Span, diag.BatchSize, "an ItemBatcher needs a size").WithHint("give it MaxItemsPerBatch or MaxInputBytesPerBatch")
	}
	c.wholeIn(m.Value, diag.BatchSize, "MaxInputBytesPerBatch", 0, maxDocument)
	for _, name := range []string{"MaxItemsPerBatch", "MaxInputBytesPerBatch"} {
		if size := member(m.Value.Members, name); size != nil && size.Value.Kind == value.NumberKind && isZero(numberOf(size.Value)) {
			c.warnf(size.Value.Span, diag.BatchSize, "%s 0 limits nothing", name).WithHint("leave it out")
		}
	}
}

// maxDocument is the most bytes that the input of an execution has (1.20).
const maxDocument = 262144

// mapNumbers checks the numbers of a Map (R145, R147, R150, R151).
func (c *checker) mapNumbers(s *ast.State) {
	state := &ast.Node{Members: s.Fields}
	c.wholeIn(state, diag.MapNumber, "MaxConcurrency", 0, maxSeconds)
	c.wholeIn(state, diag.MapNumber, "ToleratedFailureCount", 0, maxItems)
	if m := s.Field("ToleratedFailurePercentage"); m != nil && m.Value.Kind == value.NumberKind {
		if f, ok := number(numberOf(m.Value)); !ok || f < 0 || f > 100 {
			c.errorf(m.Value.Span, diag.MapNumber, "ToleratedFailurePercentage must be a number from 0 to 100, not %s", m.Value.Text)
		}
	}
	c.wholeIn(inside(inside(state, "ItemReader"), "ReaderConfig"), diag.MapNumber, "MaxItems", 0, maxItems)
	c.wholeIn(inside(state, "ItemBatcher"), diag.MapNumber, "MaxItemsPerBatch", 0, maxItems)
}

// maxItems is the most items that a Map takes (1.20).
const maxItems = 100000000

// inside returns the object that a member of n holds, an empty one if there is none.
func inside(n *ast.Node, name string) *ast.Node {
	if m := member(n.Members, name); m != nil && m.Value.Kind == value.ObjectKind {
		return m.Value
	}
	return &ast.Node{}
}

// wholeIn reports a member of n that is a number but not a whole one from low to high.
func (c *checker) wholeIn(n *ast.Node, code *diag.Code, name string, low, high float64) {
	m := member(n.Members, name)
	if m != nil && m.Value.Kind == value.NumberKind && !whole(numberOf(m.Value), low, high) {
		c.errorf(m.Value.Span, code, "%s must be a whole number from %.0f to %.0f, not %s", name, low, high, m.Value.Text)
	}
}

func numberOf(n *ast.Node) *ast.Number { return &ast.Number{Text: n.Text, Span: n.Span} }
