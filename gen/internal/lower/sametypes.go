package lower

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

// taskType is a type of parameters or results, with the types in it. Tasks whose types are made alike have one.
type taskType struct {
	typ     *shape.Type // of parameters
	name    string
	structs []*ir.Struct
	doc     string   // with %s for the states
	states  []string // that have the type
}

// taskType declares a type that was made for a state, unless a state before has one that is made alike: then it is that one.
func (w *lowering) taskType(s *state, kind, doc string, typ *shape.Type, decls []ir.Decl) *taskType {
	made := &taskType{typ: typ, doc: doc}
	for _, d := range decls {
		if d, ok := d.(*ir.Struct); ok {
			made.structs = append(made.structs, d)
		}
	}
	made.name = made.structs[0].Name
	key := kind + made.key()
	kept := w.types[key]
	if kept == nil {
		kept = made
		w.types[key] = kept
		w.late = append(w.late, decls...)
	} else {
		w.release(decls)
	}
	kept.states = append(kept.states, strconv.Quote(s.Name.Text))
	kept.structs[0].Doc = fmt.Sprintf(doc, kept.name, listed(kept.states))
	if kept != made {
		kept.addComments(made)
	}
	return kept
}

// release gives back the names of types that are not declared after all.
func (w *lowering) release(decls []ir.Decl) {
	for _, d := range decls {
		switch d := d.(type) {
		case *ir.Struct:
			delete(w.global, d.Name)
		case *ir.Defined:
			delete(w.global, d.Name)
		}
	}
}

// key is the same for types that are made alike: whatever they are called, their fields are.
func (t *taskType) key() string {
	number := map[string]int{}
	for i, d := range t.structs {
		number[d.Name] = i
	}
	var b strings.Builder
	for _, d := range t.structs {
		b.WriteString("{")
		for _, f := range d.Fields {
			fmt.Fprintf(&b, "%s %s %q;", f.Name, typeKey(f.Type, number), tagText(f.Tags))
		}
		b.WriteString("}")
	}
	return b.String()
}

func tagText(tags []ir.Tag) (text []string) {
	for _, t := range tags {
		if t.Key == fieldsTag { // it says how the struct is called
			continue
		}
		text = append(text, t.Key, t.Value)
	}
	return text
}

// typeKey writes a type, those of the same declaration by their numbers.
func typeKey(t ir.Type, number map[string]int) string {
	switch t := t.(type) {
	case ir.Pointer:
		return "*" + typeKey(t.Elem, number)
	case ir.Slice:
		return "[]" + typeKey(t.Elem, number)
	case ir.Map:
		return "map " + typeKey(t.Elem, number)
	case ir.Named:
		if i, own := number[t.Name]; own && t.Package == "" {
			return strconv.Itoa(i)
		}
		return t.Package + "." + t.Name
	}
	return fmt.Sprintf("%#v", t)
}

// addComments adds to the fields' comments those of a type that is made alike: they say which states read what.
func (t *taskType) addComments(other *taskType) {
	for i, d := range t.structs {
		for j := range d.Fields {
			f, more := &d.Fields[j], other.structs[i].Fields[j].Comment
			paths, states := cutReaders(more)
			known, _ := cutReaders(f.Comment)
			switch {
			case more == "" || more == f.Comment || strings.HasSuffix(f.Comment, "…"):
			case len(t.states) > mostReaders:
				f.Comment += ", …"
			case paths == known:
				f.Comment += ", " + states
			default:
				f.Comment += "; " + more
			}
		}
	}
}

// cutReaders cuts the comment of a field, "$.a of First, Second", before the states.
func cutReaders(comment string) (paths, states string) {
	if i := strings.LastIndex(comment, " of "); i >= 0 {
		return comment[:i], comment[i+len(" of "):]
	}
	return "", comment
}

// listed writes names one after the other, of many only some.
func listed(names []string) string {
	last := len(names) - 1
	switch {
	case last == 0:
		return names[0]
	case last > mostReaders:
		return fmt.Sprintf("%s and %d others", strings.Join(names[:mostReaders], ", "), len(names)-mostReaders)
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
