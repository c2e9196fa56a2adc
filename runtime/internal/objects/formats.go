package objects

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// readLines reads an item from each line.
func readLines(p *parts, g *gathering) error {
	lines := bufio.NewReader(p)
	for {
		p.next()
		line, ended := lines.ReadBytes('\n')
		if ended != nil && !errors.Is(ended, io.EOF) {
			return ended
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			v, err := value.Parse(line)
			if err != nil {
				return invalidJSON(err)
			}
			if err := g.add(v); err != nil {
				return err
			}
		}
		if ended != nil {
			return nil
		}
	}
}

var delimiters = map[string]rune{"": ',', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

// readCSV makes an object of each row: missing columns are empty strings, those without a header are left out.
func (i *Source) readCSV(p *parts, g *gathering) error {
	text := bufio.NewReader(p)
	if mark, _ := text.Peek(3); string(mark) == "\uFEFF" {
		_, _ = text.Discard(3) // they were peeked at
	}
	rows := csv.NewReader(text)
	rows.Comma, rows.FieldsPerRecord, rows.LazyQuotes = delimiters[i.CSVDelimiter], -1, true
	headers := i.CSVHeaders
	if i.CSVHeaderLocation == "FIRST_ROW" {
		var err error
		if headers, err = readRow(rows); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
	if duplicate(headers) {
		return ReaderFailed("CSV headers cannot contain duplicates.")
	}
	for {
		p.next()
		row, err := readRow(rows)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		members := make([]value.Member, len(headers))
		for k, h := range headers {
			cell := ""
			if k < len(row) {
				cell = row[k]
			}
			members[k] = value.Field(h, value.String(cell))
		}
		if err := g.add(value.Object(members...)); err != nil {
			return err
		}
	}
}

// readRow reads a row, which must be UTF-8: other texts would only seem to be read.
func readRow(rows *csv.Reader) ([]string, error) {
	row, err := rows.Read()
	if err != nil {
		return nil, err
	}
	for k, cell := range row {
		if !utf8.ValidString(cell) {
			line, column := rows.FieldPos(k)
			return nil, ReaderFailed("The CSV is not UTF-8 at line %d, column %d: %q.", line, column, cell)
		}
	}
	return row, nil
}

func duplicate(headers []string) bool {
	seen := map[string]bool{}
	for _, h := range headers {
		if seen[h] {
			return true
		}
		seen[h] = true
	}
	return false
}

// pointerIndex returns the index that a token of a JSON Pointer is in an array, -1 if it is none: it is written without
// signs and zeros before it.
func pointerIndex(token string) int {
	i, err := strconv.Atoi(token)
	if err != nil || i < 0 || strconv.Itoa(i) != token {
		return -1
	}
	return i
}
