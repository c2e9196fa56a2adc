package asltest

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/aslcover"
	"github.com/r-seed-632eed22/aslgen/internal/covered"
)

// ProfileVariable is the environment variable that names the file to which [Cover] adds its profile.
const ProfileVariable = "ASLCOVERPROFILE"

// Cover runs a package's tests and counts which states, transitions, rules of Choices, retriers, catchers and branches of machines their
// executions run. A TestMain is all that it needs:
//
//	func TestMain(m *testing.M) { os.Exit(asltest.Cover(m)) }
//
// It prints a line for each machine, and with -v what was missed. Where the environment variable ASLCOVERPROFILE names a file, the counts are
// added to those in it, which go tool cover -html shows and aslgen cover sums up. Machines are counted whose text their program has.
func Cover(m *testing.M) (code int) {
	c := &coverage{machines: map[string]*coveredMachine{}}
	covered.Tell(c.seen)
	code = m.Run()
	covered.Tell(nil)
	if err := c.report(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "asltest:", err)
		return max(code, 1)
	}
	return code
}

// coverage is which parts of machines were run.
type coverage struct {
	mu       sync.Mutex
	machines map[string]*coveredMachine // by their names and texts
	order    []*coveredMachine
}

type coveredMachine struct {
	name, file, definition, places string
	run                            map[partKey]bool
}

// partKey names a part of a machine.
type partKey struct {
	state, part string
	index       int
}

func (c *coverage) seen(m covered.Machine, state, part string, index int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := m.Name() + "\x00" + m.Definition()
	of := c.machines[id]
	if of == nil {
		of = &coveredMachine{m.Name(), m.File(), m.Definition(), m.Places(), map[partKey]bool{}}
		c.machines[id], c.order = of, append(c.order, of)
	}
	of.run[partKey{state, part, index}] = true
}

// report prints what was run, and adds it to the profile.
func (c *coverage) report(w io.Writer) error {
	profile := aslcover.Profile{}
	for _, m := range c.order {
		if m.definition == "" {
			continue
		}
		run, err := m.segments()
		if err != nil { // a template that other tools have made a machine of
			fmt.Fprintf(w, "%s: its file is not counted: %v\n", m.name, err)
			continue
		}
		summary, err := aslcover.Summarize(run, aslcover.Text{Definition: m.definition, Places: m.places})
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Fprintf(w, "%s: %s\n", m.name, summary)
		if testing.Verbose() {
			fmt.Fprint(w, summary.MissedText(m.file))
		}
		file := m.path()
		for segment, run := range run {
			profile.Add(file, segment, run)
		}
	}
	name := os.Getenv(ProfileVariable)
	if name == "" {
		return nil
	}
	return profile.Merge(name)
}

// segments returns all segments of the machine's file, and whether each was run.
func (m *coveredMachine) segments() (map[aslcover.Block]bool, error) {
	parts, err := aslcover.Parts(aslcover.Text{Definition: m.definition, Places: m.places})
	if err != nil {
		return nil, err
	}
	all := map[aslcover.Block]bool{}
	for _, p := range parts {
		for _, s := range p.Segments {
			all[s] = m.run[partKey{p.State, p.Field, p.Index}]
		}
	}
	return all, nil
}

// path returns the machine's file: in the folder of the tests, or another one of their module.
func (m *coveredMachine) path() string {
	here, err := os.Getwd()
	if err != nil {
		return m.file
	}
	if m.is(filepath.Join(here, m.file)) {
		return filepath.Join(here, m.file)
	}
	root := here
	for !exists(filepath.Join(root, "go.mod")) && filepath.Dir(root) != root {
		root = filepath.Dir(root)
	}
	found := m.file
	_ = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch base := d.Name(); {
		case err != nil, d.IsDir() && name != root && strings.HasPrefix(base, "."):
			return fs.SkipDir
		case base == m.file && m.is(name):
			found = name
			return fs.SkipAll
		}
		return nil
	})
	return found
}

// is reports whether a file has the machine's text.
func (m *coveredMachine) is(name string) bool {
	text, err := os.ReadFile(name)
	return err == nil && (m.places != "" || string(text) == m.definition)
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
