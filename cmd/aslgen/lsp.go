package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/r-seed-632eed22/aslgen/gen"
)

const lspHelp = `Usage: aslgen lsp

Serves an editor over standard input and output by the Language Server Protocol: what is found in machines as they are written, hints that can
be applied, hover over expressions and resources, completion of names, states, parameters and errors, the way from a transition to its
state and from a state to its Go constant, renaming of states, the states of a file, and formatting of JSON. Files are machines in all forms that aslgen reads.
`

// stdio is the connection with the editor.
type stdio struct {
	io.Reader
	io.Writer
}

func (stdio) Close() error { return nil }

func serveEditor(ctx context.Context, args []string, stdout, _ io.Writer) error {
	words, err := newFlags("aslgen lsp", lspHelp).parse(args, stdout)
	if err != nil {
		return err
	}
	if len(words) > 0 {
		return errors.New("lsp takes no argument")
	}
	return serveLSP(ctx, stdio{os.Stdin, stdout})
}

// serveLSP serves one editor until it says exit or is gone.
func serveLSP(ctx context.Context, stream io.ReadWriteCloser) error {
	s := &languageServer{documents: map[string]*document{}, exit: make(chan struct{})}
	connection := jsonrpc2.NewConn(ctx, jsonrpc2.NewBufferedStream(stream, jsonrpc2.VSCodeObjectCodec{}), jsonrpc2.HandlerWithError(s.handle))
	select {
	case <-connection.DisconnectNotify():
	case <-s.exit:
		return connection.Close()
	}
	return nil
}

// languageServer answers one editor. Requests come one after the other.
type languageServer struct {
	mu        sync.Mutex
	utf8      bool // positions are counted in bytes, else in units of UTF-16
	documents map[string]*document
	ended     sync.Once
	exit      chan struct{}
}

// methods are the requests that are answered, by their names.
func (s *languageServer) methods() map[string]func(*message) (any, error) {
	return map[string]func(*message) (any, error){
		"textDocument/hover": s.hover, "textDocument/definition": s.definition, "textDocument/references": s.references,
		"textDocument/completion": s.completion, "textDocument/documentSymbol": s.symbols, "textDocument/rename": s.rename,
		"textDocument/codeAction": s.actions, "textDocument/formatting": s.formatting,
	}
}

func (s *languageServer) handle(ctx context.Context, connection *jsonrpc2.Conn, request *jsonrpc2.Request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var m message
	if request.Params != nil {
		if err := json.Unmarshal(*request.Params, &m); err != nil {
			return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: err.Error()}
		}
	}
	switch request.Method {
	case "initialize":
		return s.initialize(&m), nil
	case "initialized", "$/setTrace", "$/cancelRequest", "shutdown", "textDocument/didSave":
		return nil, nil
	case "exit":
		s.ended.Do(func() { close(s.exit) })
		return nil, nil
	case "textDocument/didOpen":
		return nil, s.changed(ctx, connection, m.TextDocument.URI, m.TextDocument.Text)
	case "textDocument/didChange":
		if n := len(m.ContentChanges); n > 0 {
			return nil, s.changed(ctx, connection, m.TextDocument.URI, m.ContentChanges[n-1].Text)
		}
		return nil, nil
	case "textDocument/didClose":
		delete(s.documents, m.TextDocument.URI)
		return nil, connection.Notify(ctx, "textDocument/publishDiagnostics", map[string]any{"uri": m.TextDocument.URI, "diagnostics": []any{}})
	}
	answer := s.methods()[request.Method]
	if answer == nil {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound, Message: "there is no method " + request.Method}
	}
	if s.documents[m.TextDocument.URI] == nil {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: m.TextDocument.URI + " is not open"}
	}
	return answer(&m)
}

func (s *languageServer) initialize(m *message) any {
	encoding := "utf-16"
	for _, e := range m.Capabilities.General.PositionEncodings {
		if e == "utf-8" {
			encoding, s.utf8 = e, true
		}
	}
	return map[string]any{
		"capabilities": map[string]any{
			"positionEncoding": encoding, "textDocumentSync": 1, "hoverProvider": true, "definitionProvider": true, "referencesProvider": true,
			"documentSymbolProvider": true, "renameProvider": true, "codeActionProvider": true, "documentFormattingProvider": true,
			"completionProvider": map[string]any{"triggerCharacters": []string{`"`, " "}},
		},
		"serverInfo": map[string]any{"name": "aslgen", "version": version()},
	}
}

// changed takes in what a document says now, and tells the editor what is found in it.
func (s *languageServer) changed(ctx context.Context, connection *jsonrpc2.Conn, uri, text string) error {
	d := s.documents[uri]
	if d == nil {
		name, err := fileOf(uri)
		if err != nil {
			return err
		}
		d = &document{uri: uri, name: name}
		s.documents[uri] = d
	}
	d.set(ctx, text, s.utf8)
	found := []lspDiagnostic{}
	for _, f := range d.findings {
		found = append(found, d.diagnostic(f))
	}
	return connection.Notify(ctx, "textDocument/publishDiagnostics", map[string]any{"uri": uri, "diagnostics": found})
}

func fileOf(uri string) (string, error) {
	u, err := url.Parse(uri)
	if err != nil {
		return "", err
	}
	if u.Scheme != "file" { // of an editor that has not saved it yet
		return filepath.Base(u.Path), nil
	}
	name := filepath.FromSlash(u.Path)
	if volume := strings.TrimPrefix(name, `\`); filepath.VolumeName(volume) != "" {
		name = volume
	}
	return name, nil
}

func (s *languageServer) hover(m *message) (any, error) {
	d, at := s.at(m)
	for _, e := range d.machines {
		if said := e.Hover(at); said != "" {
			return map[string]any{"contents": map[string]any{"kind": "markdown", "value": said}}, nil
		}
	}
	return nil, nil
}

func (s *languageServer) completion(m *message) (any, error) {
	d, at := s.at(m)
	all := []any{}
	for _, e := range d.machines {
		for _, c := range e.Complete(at, d.before(at)) {
			all = append(all, map[string]any{"label": c.Word, "detail": c.Detail})
		}
		if len(all) > 0 {
			break
		}
	}
	return all, nil
}

// definition leads from a name to the state, and from the state to its constant in the generated code.
func (s *languageServer) definition(m *message) (any, error) {
	d, at := s.at(m)
	for _, e := range d.machines {
		state := e.StateAt(at)
		if state == nil {
			continue
		}
		if first := state.Words[0]; at < first.Start || at > first.End {
			return location{d.uri, d.span(first)}, nil
		}
		if l := constantOf(d.name, state.Name); l != nil {
			return *l, nil
		}
		return location{d.uri, d.span(state.Words[0])}, nil
	}
	return nil, nil
}

// constantOf returns where the generated code beside a machine has the constant of a state, nil if it has none.
func constantOf(machine, state string) *location {
	files, err := filepath.Glob(filepath.Join(filepath.Dir(machine), "*_asl.go"))
	if err != nil {
		return nil
	}
	constant := regexp.MustCompile(`^\t\w+State\w* += ` + regexp.QuoteMeta(fmt.Sprintf("%q", state)) + `$`)
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil || !strings.Contains(string(text), "\n// source: "+filepath.Base(machine)) {
			continue
		}
		for i, line := range strings.Split(string(text), "\n") {
			if constant.MatchString(line) {
				uri := url.URL{Scheme: "file", Path: filepath.ToSlash(name)}
				return &location{uri.String(), lspRange{lspPosition{i, 1}, lspPosition{i, 1}}}
			}
		}
	}
	return nil
}

func (s *languageServer) references(m *message) (any, error) {
	d, at := s.at(m)
	all := []location{}
	for _, e := range d.machines {
		if state := e.StateAt(at); state != nil {
			for _, w := range state.Words {
				all = append(all, location{d.uri, d.span(w)})
			}
			break
		}
	}
	return all, nil
}

// plainState matches the names that are the same in all forms of a machine, whatever quotes they stand in.
var plainState = regexp.MustCompile(`^[\pL\pN_][\pL\pN_ .?!()/-]*$`)

func (s *languageServer) rename(m *message) (any, error) {
	d, at := s.at(m)
	for _, e := range d.machines {
		state := e.StateAt(at)
		if state == nil {
			continue
		}
		if !plainState.MatchString(m.NewName) || len([]rune(m.NewName)) > 80 {
			return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: "a state's name has up to 80 letters, digits and spaces here"}
		}
		var edits []textEdit
		for _, w := range state.Words {
			edits = append(edits, textEdit{d.span(w), m.NewName})
		}
		return map[string]any{"changes": map[string]any{d.uri: edits}}, nil
	}
	return nil, nil
}

func (s *languageServer) symbols(m *message) (any, error) {
	d := s.documents[m.TextDocument.URI]
	all := []any{}
	for _, e := range d.machines {
		all = append(all, d.symbols(e.Symbols())...)
	}
	return all, nil
}

func (d *document) symbols(states []gen.Symbol) []any {
	all := []any{}
	for _, s := range states {
		all = append(all, map[string]any{
			"name": s.Name, "detail": s.Type, "kind": 12, "range": d.span(s.Whole), "selectionRange": d.span(s.Word), "children": d.symbols(s.Inside),
		})
	}
	return all
}

// meantWord is a hint that says which word to write.
var meantWord = regexp.MustCompile(`^did you mean "([^"]+)"\?$`)

// actions offers the hints that say what to write in the place of what was found.
func (s *languageServer) actions(m *message) (any, error) {
	d := s.documents[m.TextDocument.URI]
	from, to := d.offset(m.Range.Start), d.offset(m.Range.End)
	all := []any{}
	for _, f := range d.findings {
		match := meantWord.FindStringSubmatch(f.Hint)
		r := d.given(f)
		if match == nil || r.End < from || to < r.Start {
			continue
		}
		all = append(all, map[string]any{
			"title": "Write " + match[1], "kind": "quickfix", "diagnostics": []lspDiagnostic{d.diagnostic(f)},
			"edit": map[string]any{"changes": map[string]any{d.uri: []textEdit{{d.span(d.unquoted(r)), match[1]}}}},
		})
	}
	return all, nil
}

// formatting offers what aslgen fmt would write, and nothing for a file that it leaves as it is.
func (s *languageServer) formatting(m *message) (any, error) {
	d := s.documents[m.TextDocument.URI]
	edits := []textEdit{}
	f, _, err := gen.Format(edited{gen.OS, d.name, d.text}, d.name)
	if err == nil && f != nil && d.text != string(f.After) {
		edits = append(edits, textEdit{d.span(gen.Range{Start: 0, End: len(d.text)}), string(f.After)})
	}
	return edits, nil
}
