package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// expand replaces patterns by the files that they match: the shell does that too, go generate does not. A folder stands for the machines in
// it, and one with /... for those below it too, as for the go command. A name that ends in # and a word is that of a machine in a template.
func expand(patterns []string) (files []string, err error) {
	if len(patterns) == 0 {
		return nil, errors.New("no file is given (aslgen -h says how to use it)")
	}
	for _, p := range patterns {
		matches, err := match(p)
		if err != nil {
			return nil, err
		}
		for _, m := range matches {
			if m = filepath.Clean(m); !slices.Contains(files, m) {
				files = append(files, m)
			}
		}
	}
	return files, nil
}

// match returns the files that a pattern stands for.
func match(pattern string) ([]string, error) {
	root, below := strings.CutSuffix(pattern, "/...")
	if pattern == "..." {
		root, below = ".", true
	}
	if below {
		return found(pattern, root, passedOver, isMachine)
	}
	info, err := os.Stat(pattern)
	switch {
	case err == nil && info.IsDir():
		return found(pattern, pattern, func(string) bool { return true }, isMachine)
	case err == nil:
		return []string{pattern}, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	if file, _, of := strings.Cut(pattern, "#"); of {
		if _, err := os.Stat(file); err == nil {
			return []string{pattern}, nil
		}
	}
	if !strings.ContainsAny(pattern, "*?[") {
		return nil, fmt.Errorf("there is no file %s%s", pattern, meantCommand(pattern))
	}
	if root, rest, ok := strings.Cut(filepath.ToSlash(pattern), "**/"); ok {
		return deep(pattern, filepath.FromSlash(root), rest)
	}
	matches, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pattern, err)
	}
	if len(matches) == 0 {
		return nil, fmt.Errorf("no file matches %s", pattern)
	}
	return matches, nil
}

// deep returns the files below a folder whose last names match a pattern, for one with **.
func deep(pattern, root, rest string) ([]string, error) {
	if _, err := path.Match(rest, ""); err != nil {
		return nil, fmt.Errorf("%s: %w", pattern, err)
	}
	parts := strings.Count(rest, "/") + 1
	hidden := func(folder string) bool { return strings.HasPrefix(folder, ".") }
	return found(pattern, filepath.Clean(root), hidden, func(name string) bool {
		names := strings.Split(filepath.ToSlash(name), "/")
		matches, _ := path.Match(rest, strings.Join(names[max(len(names)-parts, 0):], "/"))
		return matches
	})
}

// isMachine reports whether a file's name is that of a machine.
func isMachine(name string) bool {
	for _, suffix := range []string{".asl.json", ".asl.yaml", ".asl.yml", ".asl.json.tftpl", ".asl.json.tmpl", ".asl.json.tpl"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// found returns the files in a folder that are wanted, and those in the folders below it but for some.
func found(pattern, root string, but, wanted func(name string) bool) (files []string, err error) {
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch base := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && name != root && but(base):
			return fs.SkipDir
		case !d.IsDir() && wanted(name):
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no file matches %s: machines are files *.asl.json, *.asl.yaml and *.asl.yml", pattern)
	}
	return files, nil
}

// passedOver reports whether the go command passes over a folder, or it is one of what other tools have made.
func passedOver(folder string) bool {
	return strings.HasPrefix(folder, ".") || strings.HasPrefix(folder, "_") || slices.Contains([]string{"testdata", "vendor", "node_modules", "cdk.out"}, folder)
}
