package diag

import (
	"cmp"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// The parts of SARIF 2.1.0 that a run of ours has. Places are counted in characters, as the run says.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitzero"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string       `json:"id"`
		ShortDescription     sarifText    `json:"shortDescription"`
		Help                 sarifText    `json:"help"`
		DefaultConfiguration sarifSetting `json:"defaultConfiguration"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitzero"`
	}
	sarifSetting struct {
		Level string `json:"level"`
	}
	sarifResult struct {
		RuleID           string          `json:"ruleId"`
		RuleIndex        int             `json:"ruleIndex"`
		Level            string          `json:"level"`
		Message          sarifText       `json:"message"`
		Locations        []sarifLocation `json:"locations"`
		RelatedLocations []sarifLocation `json:"relatedLocations,omitempty"`
	}
	sarifLocation struct {
		PhysicalLocation sarifPlace `json:"physicalLocation"`
		Message          *sarifText `json:"message,omitzero"`
	}
	sarifPlace struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
)

// WriteSARIF writes the diagnostics in order as a log in the Static Analysis Results Interchange Format, version 2.1.0, with
// one run and the codes that occur as its rules. base is the folder that the files' names are seen from, as the reader of the log sees it.
func (l *List) WriteSARIF(w io.Writer, version, base string) error {
	codes := []*Code{}
	for _, d := range l.found {
		if !slices.Contains(codes, d.Code) {
			codes = append(codes, d.Code)
		}
	}
	slices.SortFunc(codes, func(a, b *Code) int { return cmp.Compare(a.ID, b.ID) })
	run := sarifRun{
		Tool: sarifTool{sarifDriver{
			Name: "aslgen", Version: version, InformationURI: "https://github.com/r-seed-632eed22/aslgen", Rules: []sarifRule{},
		}},
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
	}
	for _, c := range codes {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, c.sarif())
	}
	found, related := columns{base: base}, columns{base: base}
	for _, d := range l.All() {
		run.Results = append(run.Results, d.sarif(slices.Index(codes, d.Code), &found, &related))
	}
	log := sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
	if err := json.MarshalWrite(w, log, jsontext.WithIndent("  "), jsontext.AllowInvalidUTF8(true)); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (c *Code) sarif() sarifRule {
	help := sarifText{Text: c.Sentence + "\n\n" + c.Silencing(), Markdown: c.Sentence + "\n\n" + c.Silencing()}
	if c.Example != "" {
		help.Text += "\n\nFor example:\n\n" + c.Example
		help.Markdown += "\n\nFor example:\n\n```json\n" + c.Example + "\n```"
	}
	return sarifRule{c.ID, sarifText{Text: c.Sentence}, help, sarifSetting{c.Severity.String()}}
}

func (d *Diagnostic) sarif(rule int, found, others *columns) sarifResult {
	text := d.Message
	if d.Hint != "" {
		text += " (" + d.Hint + ")"
	}
	r := sarifResult{RuleID: d.Code.ID, RuleIndex: rule, Level: d.Severity.String(), Message: sarifText{Text: text}, Locations: []sarifLocation{}}
	if d.File != nil {
		r.Locations = append(r.Locations, found.location(d.File, d.Span, ""))
	}
	for _, related := range d.Related {
		if related.File != nil {
			r.RelatedLocations = append(r.RelatedLocations, others.location(related.File, related.Span, related.Message))
		}
	}
	return r
}

// below returns the name of a file that is seen from a folder, with slashes.
func below(folder, name string) string {
	if !filepath.IsAbs(name) {
		name = filepath.Join(folder, name)
	}
	return filepath.ToSlash(name)
}

func (c *columns) location(f *source.File, span source.Span, message string) sarifLocation {
	start, end := f.Position(span.Start), f.Position(max(span.Start, span.End))
	place := sarifLocation{PhysicalLocation: sarifPlace{
		sarifArtifact{(&url.URL{Path: below(c.base, f.Name)}).String()},
		sarifRegion{start.Line, c.characters(f, start), end.Line, c.characters(f, end)},
	}}
	if message != "" {
		place.Message = &sarifText{Text: message}
	}
	return place
}

// columns counts characters in lines. Places mostly come one after another, so it goes on from the last: a file may be one
// long line.
type columns struct {
	base                   string
	file                   *source.File
	line, bytes, character int // of the last place, all but the line from 0
}

// characters returns the column of a place counted in characters.
func (c *columns) characters(f *source.File, p source.Position) int {
	if c.file != f || c.line != p.Line || c.bytes > p.Column-1 {
		*c = columns{base: c.base, file: f, line: p.Line}
	}
	rest := f.Given()[int(f.LineStart(p.Line))+c.bytes:]
	for _, b := range rest[:min(p.Column-1-c.bytes, len(rest))] {
		if utf8.RuneStart(b) { // so that it does not matter where a part ends
			c.character++
		}
	}
	c.bytes = p.Column - 1
	return c.character + 1
}
