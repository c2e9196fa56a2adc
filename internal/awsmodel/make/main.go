// Make writes the models of all services from the files that botocore, the AWS SDK for Python, has of them:
//
//	go run ./internal/awsmodel/make -o internal/awsmodel/models.zip FOLDER
//
// FOLDER is botocore's folder data. The same files give the same bytes. Of a model is kept what [awsmodel] shows: names, kinds,
// limits; nothing of its text.
package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/internal/awsname"
)

func main() {
	log.SetFlags(0)
	out := flag.String("o", "models.zip", "`file` to write")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("make: it needs botocore's folder data")
	}
	if err := run(flag.Arg(0), *out); err != nil {
		log.Fatal("make: ", err)
	}
}

// run writes the models that a folder has.
func run(folder, out string) error {
	version, err := versionOf(folder)
	if err != nil {
		return err
	}
	files, err := newest(folder)
	if err != nil {
		return err
	}
	entries := map[string][]byte{"VERSION": []byte(version)}
	for _, file := range files {
		m, err := read(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		name := strings.ToLower(awsname.Service(m.Metadata.ServiceID))
		if entries[name] == nil { // of one service there may be two folders
			entries[name] = m.text(filepath.Base(filepath.Dir(filepath.Dir(file))))
		}
	}
	return write(out, entries)
}

// versionOf returns the version of botocore whose data a folder is.
func versionOf(folder string) (string, error) {
	text, err := os.ReadFile(filepath.Join(folder, "..", "__init__.py"))
	if err != nil {
		return "", err
	}
	found := regexp.MustCompile(`(?m)^__version__ = '(.*)'`).FindSubmatch(text)
	if found == nil {
		return "", fmt.Errorf("%s is not botocore's folder data: there is no version beside it", folder)
	}
	return "botocore " + string(found[1]), nil
}

// newest returns the files of the newest version of each service's API.
func newest(folder string) ([]string, error) {
	all, err := filepath.Glob(filepath.Join(folder, "*", "*", "service-2.json.gz"))
	if err != nil || len(all) == 0 {
		return nil, cmp.Or(err, fmt.Errorf("%s has no models", folder))
	}
	byService := map[string]string{} // Glob sorts, and versions are dates
	for _, file := range all {
		byService[filepath.Dir(filepath.Dir(file))] = file
	}
	return slices.Sorted(maps.Values(byService)), nil
}

// model is what is read of a service's file.
type model struct {
	Metadata struct {
		ServiceID      string `json:"serviceId"`
		Protocol       string `json:"protocol"`
		EndpointPrefix string `json:"endpointPrefix"`
		SigningName    string `json:"signingName"`
	} `json:"metadata"`
	Operations map[string]operation `json:"operations"`
	Shapes     map[string]shape     `json:"shapes"`
}

type operation struct {
	Input, Output reference
	Errors        []reference `json:"errors"`
	Deprecated    bool        `json:"deprecated"`
}

type reference struct {
	Shape            string `json:"shape"`
	Streaming        bool   `json:"streaming"`
	IdempotencyToken bool   `json:"idempotencyToken"`
}

type shape struct {
	Type        string               `json:"type"`
	Members     map[string]reference `json:"members"`
	Required    []string             `json:"required"`
	Member      reference            `json:"member"`
	Key         reference            `json:"key"`
	Value       reference            `json:"value"`
	Enum        []string             `json:"enum"`
	Min         json.Number          `json:"min"`
	Max         json.Number          `json:"max"`
	Union       bool                 `json:"union"`
	Streaming   bool                 `json:"streaming"`
	EventStream bool                 `json:"eventstream"`
	Document    bool                 `json:"document"`
}

func read(file string) (*model, error) {
	packed, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	text, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	m := &model{}
	return m, json.NewDecoder(text).Decode(m)
}

// text writes a model: a line for the service, one for each operation, an empty one, and one for each shape that they use. The
// parts of a line stand between tabs. The name is that of the service's folder.
func (m *model) text(name string) []byte {
	var b bytes.Buffer
	line := func(parts ...string) { fmt.Fprintln(&b, strings.Join(parts, "\t")) }
	line(awsname.Service(m.Metadata.ServiceID), m.Metadata.Protocol, module(m.Metadata.ServiceID),
		cmp.Or(m.Metadata.SigningName, m.Metadata.EndpointPrefix), strings.Join(m.others(name), " "))
	used := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(m.Operations)) {
		o := m.Operations[name]
		flag := ""
		if o.Deprecated || m.events(o.Input.Shape) || m.events(o.Output.Shape) {
			flag = "-" // Step Functions does not offer it (I5)
		}
		m.use(used, o.Input.Shape)
		m.use(used, o.Output.Shape)
		errors := make([]string, len(o.Errors))
		for i, e := range o.Errors {
			errors[i] = e.Shape
		}
		slices.Sort(errors)
		line(name, flag, o.Input.Shape, o.Output.Shape, strings.Join(errors, " "))
	}
	line()
	for _, name := range slices.Sorted(maps.Keys(used)) {
		line(append([]string{name}, m.shape(m.Shapes[name])...)...)
	}
	return b.Bytes()
}

// module returns what the AWS SDK for Go calls the module of a service: its id, in small letters and without what is between words.
func module(id string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(id))
}

// others returns what the service is called elsewhere: in its endpoint, in policies, by the AWS CLI.
func (m *model) others(folder string) []string {
	var names []string
	for _, name := range []string{folder, m.Metadata.EndpointPrefix, m.Metadata.SigningName} {
		if strings.ReplaceAll(name, "-", "") != strings.ToLower(awsname.Service(m.Metadata.ServiceID)) && name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// events reports whether a shape has a stream of events as a member.
func (m *model) events(name string) bool {
	for _, member := range m.Shapes[name].Members {
		if m.Shapes[member.Shape].EventStream {
			return true
		}
	}
	return false
}

// use marks a shape and all that it holds.
func (m *model) use(used map[string]bool, name string) {
	if name == "" || used[name] {
		return
	}
	used[name] = true
	s := m.Shapes[name]
	for _, r := range s.Members {
		m.use(used, r.Shape)
	}
	for _, r := range []reference{s.Member, s.Key, s.Value} {
		m.use(used, r.Shape)
	}
}

// shape returns the parts of a shape's line behind its name: its kind, and what belongs to that.
func (m *model) shape(s shape) []string {
	limits := []string{s.Min.String(), s.Max.String()}
	switch {
	case s.Document:
		return []string{"document"}
	case s.Type == "structure":
		parts := []string{s.Type}
		if s.Union {
			parts[0] = "union"
		}
		for _, name := range slices.Sorted(maps.Keys(s.Members)) {
			r, flags := s.Members[name], ""
			if slices.Contains(s.Required, name) {
				flags += "!"
			}
			if r.IdempotencyToken {
				flags += "~"
			}
			if r.Streaming || m.Shapes[r.Shape].Streaming {
				flags += "*"
			}
			parts = append(parts, name+flags, r.Shape)
		}
		return parts
	case s.Type == "list":
		return append([]string{s.Type, s.Member.Shape}, limits...)
	case s.Type == "map":
		return append([]string{s.Type, s.Key.Shape, s.Value.Shape}, limits...)
	case s.Type == "string":
		enum := make([]string, len(s.Enum))
		for i, value := range s.Enum {
			enum[i] = strconv.Quote(value)
			enum[i] = enum[i][1 : len(enum[i])-1]
		}
		return slices.Concat([]string{s.Type}, limits, enum)
	case s.Type == "boolean", s.Type == "timestamp":
		return []string{s.Type}
	}
	return append([]string{s.Type}, limits...)
}

// write writes an archive of entries, which has no times in it.
func write(out string, entries map[string][]byte) error {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestCompression) })
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := f.Write(entries[name]); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(out, b.Bytes(), 0o666)
}
