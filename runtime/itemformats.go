package runtime

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func (i *ItemReader) readJSON(data []byte) (value.Value, error) {
	v, err := value.Parse(data)
	if err != nil {
		return v, readerFailed("Attempting to map over invalid JSON: %v", err)
	}
	if i.ItemsPointer != "" {
		for _, token := range parsePointer(i.ItemsPointer) {
			v = parsePointerStep(v, token)
		}
		if v.IsAbsent() {
			return v, readerFailed("ItemsPointer %s does not point to anything.", i.ItemsPointer)
		}
	}
	if v.Kind() == value.ArrayKind || v.Kind() == value.ObjectKind && i.ItemsPointer != "" {
		return v, nil
	}
	return v, readerFailed("Attempting to map over non-iterable node.")
}

func readLines(data []byte) (value.Value, error) {
	var items []value.Value
	for line := range bytes.Lines(data) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		v, err := value.Parse(line)
		if err != nil {
			return v, readerFailed("Attempting to map over invalid JSON: %v", err)
		}
		items = append(items, v)
	}
	return value.Array(items...), nil
}

var delimiters = map[string]rune{"": ',', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

// readCSV makes an object of each row: missing columns are empty strings, those without a header are left out.
func (i *ItemReader) readCSV(data []byte) (value.Value, error) {
	rows := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF"))))
	rows.Comma, rows.FieldsPerRecord, rows.LazyQuotes = delimiters[i.CSVDelimiter], -1, true
	headers := i.CSVHeaders
	if i.CSVHeaderLocation == "FIRST_ROW" {
		var err error
		if headers, err = rows.Read(); err != nil && !errors.Is(err, io.EOF) {
			return value.Value{}, readerFailed("%v", err)
		}
	}
	if duplicate(headers) {
		return value.Value{}, readerFailed("CSV headers cannot contain duplicates.")
	}
	var items []value.Value
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return value.Array(items...), nil
		}
		if err != nil {
			return value.Value{}, readerFailed("%v", err)
		}
		members := make([]value.Member, len(headers))
		for k, h := range headers {
			cell := ""
			if k < len(row) {
				cell = row[k]
			}
			members[k] = value.Field(h, value.String(cell))
		}
		items = append(items, value.Object(members...))
	}
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

// parsePointerStep goes one step of a JSON Pointer.
func parsePointerStep(v value.Value, token string) value.Value {
	if v.Kind() != value.ArrayKind {
		return v.Get(token)
	}
	i, err := strconv.Atoi(token)
	if err != nil || strconv.Itoa(i) != token { // an index is written without signs and zeros before it
		return value.Value{}
	}
	return v.At(i)
}
