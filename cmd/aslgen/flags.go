package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"go/token"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// flags is a command's flag set.
type flags struct {
	*flag.FlagSet
	help string // printed before the list of the flags

	valueFiles []string // given with -values
}

func newFlags(name, help string) *flags {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard) // parse and its caller say what there is to say
	return &flags{FlagSet: f, help: help}
}

func newConfig() *gen.Config {
	return &gen.Config{Names: map[string]string{}, Values: map[string]string{}, Set: map[string]string{}, Documents: map[string]bool{}}
}

// config adds the flags that say what is generated.
func (f *flags) config() *gen.Config {
	c := newConfig()
	f.Func("package", "`name` of the generated code's package (without it: that of the folder's Go files)", func(s string) error {
		c.Package = s
		return want(token.IsIdentifier(s) && s != "_", "it is no name of a package")
	})
	f.Func("machine", "`Name` of the machine in Go, if there is one FILE (without it: run_job.asl.json is RunJob)", func(s string) error {
		c.Machine = s
		return want(gen.IsIdentifier(s), "it is no exported Go name")
	})
	f.Func("name", "short Go name for a state, as `'STATE=Name'`; may be given several times", func(s string) error {
		return nameState(c.Names, s)
	})
	f.values(c)
	f.Func("type", "`type` of the workflows, standard or express (without it: standard)", func(s string) error {
		c.Express, c.Standard = s == "express", s == "standard"
		return want(c.Express || c.Standard, "it is standard or express")
	})
	return c
}

// values adds the flags that give placeholders their values.
func (f *flags) values(c *gen.Config) {
	f.Func("set", "value for the placeholder ${Name}, as `'Name=value'`; may be given several times\n"+
		"(what has no value becomes a field of the machine's Config)", func(s string) error {
		name, v, ok := strings.Cut(s, "=")
		c.Set[name] = v
		return want(ok && name != "", "write it 'Name=value'")
	})
	f.Func("values", "JSON `file` with an object of values for placeholders, by their names; -set wins over it", func(s string) error {
		f.valueFiles = append(f.valueFiles, s)
		return readValues(c, s)
	})
}

// readValues adds the values in a file. One that is no string stands for its JSON.
func readValues(c *gen.Config, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	v, err := value.Parse(bytes.TrimPrefix(text, []byte("\uFEFF")))
	if err != nil {
		return cmp.Or(gen.NotJSON(file, text), err)
	}
	if v.Kind() != value.ObjectKind {
		return errors.New("it is no JSON object")
	}
	for name, member := range v.Members() {
		c.Values[name] = member.String()
		if s, ok := member.AsString(); ok {
			c.Values[name] = s
		}
		c.Documents[name] = member.Kind() == value.ObjectKind || member.Kind() == value.ArrayKind
	}
	return nil
}

func want(ok bool, otherwise string) error {
	if ok {
		return nil
	}
	return errors.New(otherwise)
}

// nameState adds -name 'STATE=Name'.
func nameState(names map[string]string, s string) error {
	i := strings.LastIndex(s, "=")
	if i <= 0 {
		return errors.New("write it 'STATE=Name'")
	}
	state, name := s[:i], s[i+1:]
	if !gen.IsIdentifier(name) {
		return fmt.Errorf("%q is no exported Go name", name)
	}
	if other, ok := names[state]; ok && other != name {
		return fmt.Errorf("the state %q has the name %s already", state, other)
	}
	names[state] = name
	return nil
}

// parse reads the flags, which may stand between the arguments, and returns the arguments. After "--" nothing is a flag.
func (f *flags) parse(args []string, stdout io.Writer) (rest []string, err error) {
	for {
		err := f.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			f.SetOutput(stdout)
			fmt.Fprint(stdout, f.help)
			if hasFlags(f.FlagSet) {
				fmt.Fprint(stdout, "\nFlags:\n\n")
				f.PrintDefaults()
			}
			return nil, err
		}
		if err != nil {
			return nil, fmt.Errorf("%w (%s -h lists the flags)", err, f.Name())
		}
		left := f.Args()
		if n := len(args) - len(left); len(left) == 0 || n > 0 && args[n-1] == "--" {
			return append(rest, left...), nil
		}
		rest, args = append(rest, left[0]), left[1:]
	}
}

func hasFlags(f *flag.FlagSet) (has bool) {
	f.VisitAll(func(*flag.Flag) { has = true })
	return has
}

// meantCommand is a hint at a command whose name is like the word.
func meantCommand(word string) string {
	return meant(word, "aslgen ", "help")
}

// meantHelp is a hint at what there is help for that is called like the word.
func meantHelp(word string) string { return meant(word, "aslgen help ", "config") }

func meant(word, before, besides string) string {
	if name, near := gen.Nearest(word, append(slices.Sorted(maps.Keys(commands())), besides)); near {
		return fmt.Sprintf(" (did you mean \"%s%s\"?)", before, name)
	}
	return ""
}
