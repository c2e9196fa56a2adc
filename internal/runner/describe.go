package runner

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Describe writes the result down: the end, a line for each event (id, the one before it, type, state, details), and what
// each task was called with.
func (r *Result) Describe() []byte {
	var b bytes.Buffer
	if r.Fault != "" {
		fmt.Fprintf(&b, "fault: %s\n", r.Fault)
		return b.Bytes()
	}
	fmt.Fprintf(&b, "%s\n", r.Status)
	if !r.Output.IsAbsent() {
		b.WriteString("output ")
		writeJSON(&b, r.Output, "")
		b.WriteByte('\n')
	}
	for _, field := range []struct {
		name string
		text *string
	}{{"error", r.Error}, {"cause", r.Cause}} {
		if field.text != nil {
			fmt.Fprintf(&b, "%s %s\n", field.name, *field.text)
		}
	}
	b.WriteByte('\n')
	for i := range r.History {
		e := &r.History[i]
		line := fmt.Sprintf("%3d %3d %s %s", e.ID, e.Previous, e.Type, cmp.Or(e.Name, resourceOf(e)))
		fmt.Fprintln(&b, strings.TrimRight(line, " ")+details(e))
	}
	calls := map[string]int64{}
	for i := range r.History {
		writeCall(&b, &r.History[i], calls)
	}
	return b.Bytes()
}

// writeCall writes what a task was called with, unless another call was the same.
func writeCall(b *bytes.Buffer, e *Event, calls map[string]int64) {
	if e.Parameters.IsAbsent() {
		return
	}
	text := e.Parameters.String()
	if same, ok := calls[text]; ok {
		fmt.Fprintf(b, "\n%d is called as %d is\n", e.ID, same)
		return
	}
	calls[text] = e.ID
	fmt.Fprintf(b, "\n%d is called with ", e.ID)
	writeJSON(b, e.Parameters, "")
	b.WriteByte('\n')
}

func resourceOf(e *Event) string {
	if e.Resource == "" {
		return ""
	}
	return e.ResourceType + ":" + e.Resource
}

// details returns a task's limits, an error, or the beginning of a state's output.
func details(e *Event) (text string) {
	if e.Timeout > 0 {
		text += fmt.Sprintf(" timeout=%ds", e.Timeout)
	}
	if e.Heartbeat > 0 {
		text += fmt.Sprintf(" heartbeat=%ds", e.Heartbeat)
	}
	if e.Error != nil { // its cause is long, and that of the last event stands above
		text += " " + *e.Error
	}
	if strings.HasSuffix(e.Type, "StateExited") {
		text += " " + shortened(e.Output.String(), 400)
	}
	return text
}

func shortened(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// writeJSON writes a document, over several lines where it does not fit in one.
func writeJSON(b *bytes.Buffer, v value.Value, indent string) {
	if v.Len() == 0 || len(indent)+v.Size() < 100 {
		b.Write(v.AppendJSON(nil))
		return
	}
	inner := indent + "  "
	separator := "\n"
	if v.Kind() == value.ArrayKind {
		b.WriteByte('[')
		for _, e := range v.Elements() {
			b.WriteString(separator + inner)
			writeJSON(b, e, inner)
			separator = ",\n"
		}
		b.WriteString("\n" + indent + "]")
		return
	}
	b.WriteByte('{')
	for name, m := range v.Members() {
		b.WriteString(separator + inner + value.String(name).String() + ": ")
		writeJSON(b, m, inner)
		separator = ",\n"
	}
	b.WriteString("\n" + indent + "}")
}
