package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// history is what a git repository had at a commit, a branch or a tag.
type history struct {
	ref string
	run func(dir string, arguments ...string) ([]byte, error) // git
}

// versionsAgainst returns the versions that files, and the machines in folders, had then and have now.
func versionsAgainst(ctx context.Context, ref string, arguments []string) (all []gen.Versions, err error) {
	h := &history{ref, func(dir string, arguments ...string) ([]byte, error) {
		command := exec.CommandContext(ctx, "git", append([]string{"-C", dir}, arguments...)...)
		command.Env = append(os.Environ(), "LC_ALL=C")
		return command.Output()
	}}
	for _, name := range arguments {
		if info, err := os.Stat(name); err == nil && info.IsDir() { // with the machines that are gone
			some, err := h.folder(name)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
			continue
		}
		files, err := expand([]string{name})
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			some, err := h.file(file)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
	}
	if len(arguments) == 0 {
		_, err = expand(nil)
	}
	return all, err
}

// file returns the versions of a file, which must have been there.
func (h *history) file(name string) ([]gen.Versions, error) {
	dir, base := filepath.Split(name)
	dir = filepath.Clean(dir)
	commit, err := h.commit(dir)
	if err != nil {
		return nil, err
	}
	base, _, _ = strings.Cut(base, "#") // of a template
	text, err := h.run(dir, "show", commit+":./"+base)
	if err != nil {
		return nil, fmt.Errorf("%s is not in %s", name, h.ref)
	}
	return []gen.Versions{{Old: h.old(name), New: name, Text: append([]byte{}, text...)}}, nil
}

// folder returns the versions of the machines that a folder had then. One that is new changes nothing for anybody.
func (h *history) folder(dir string) (all []gen.Versions, err error) {
	commit, err := h.commit(dir)
	if err != nil {
		return nil, err
	}
	list, err := h.run(dir, "ls-tree", "-r", "-z", "--name-only", commit)
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(string(list), "\x00") {
		if !isMachine(name) {
			continue
		}
		name = filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			all = append(all, gen.Versions{Old: h.old(name), New: name, Gone: true})
			continue
		}
		v, err := h.file(name)
		if err != nil {
			return nil, err
		}
		all = append(all, v...)
	}
	return all, nil
}

// old is what a file is called as it was then.
func (h *history) old(name string) string { return h.ref + ":" + filepath.ToSlash(name) }

// commit returns the commit that is meant in the repository of a folder.
func (h *history) commit(dir string) (string, error) {
	if _, err := h.run(dir, "rev-parse", "--git-dir"); errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("breaking -against needs the command git, which is not there")
	} else if err != nil {
		return "", fmt.Errorf("breaking -against: the folder %s is in no git repository", dir)
	}
	id, err := h.run(dir, "rev-parse", "--verify", "--quiet", "--end-of-options", h.ref+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("breaking -against: the git repository has no commit, branch or tag %s", h.ref)
	}
	return strings.TrimSpace(string(id)), nil
}
