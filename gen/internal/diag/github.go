package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// WriteGitHub writes the diagnostics in order as workflow commands of GitHub Actions, which shows them at the lines of a change:
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions. base is as for WriteSARIF.
func (l *List) WriteGitHub(w io.Writer, base string) error {
	b := bufio.NewWriter(w)
	for _, d := range l.All() {
		place := "title=" + d.Code.ID
		if d.File != nil {
			start, end := d.File.Position(d.Span.Start), d.File.Position(max(d.Span.Start, d.Span.End))
			place = fmt.Sprintf("file=%s,line=%d,col=%d,endLine=%d,endColumn=%d,%s", property.Replace(below(base, d.File.Name)), start.Line, start.Column, end.Line, end.Column, place)
		}
		text := d.Message
		if d.Hint != "" {
			text += "\n" + d.Hint
		}
		fmt.Fprintf(b, "::%s %s::%s\n", d.Severity, place, message.Replace(text))
	}
	return b.Flush()
}

// What a command cannot hold as it is.
var (
	message  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
