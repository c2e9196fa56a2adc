// Package jsonspace keeps the white space of JSON texts from costing anything: a decoder holds all that stands before a token,
// and moves it with every block that it reads.
package jsonspace

import "io"

// NewReader returns the JSON text of r with one blank for any white space between tokens. What is no JSON stays no JSON.
func NewReader(r io.Reader) io.Reader { return &reader{from: r} }

type reader struct {
	from             io.Reader
	inString, escape bool
	blank            bool // the last byte was one
}

// Read implements [io.Reader].
func (r *reader) Read(p []byte) (int, error) {
	for {
		n, err := r.from.Read(p)
		kept := p[:0]
		for _, c := range p[:n] {
			if r.keeps(c) {
				kept = append(kept, c)
			}
		}
		if len(kept) > 0 || err != nil || n == 0 {
			return len(kept), err
		}
	}
}

// keeps reports whether a byte is part of the text that is left.
func (r *reader) keeps(c byte) bool {
	if r.inString {
		r.inString = c != '"' || r.escape
		r.escape = c == '\\' && !r.escape
		return true
	}
	space := c == ' ' || c == '\t' || c == '\n' || c == '\r'
	again := space && r.blank
	r.blank, r.inString = space, c == '"'
	return !again
}
