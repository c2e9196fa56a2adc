package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// Find returns the name of the configuration file for a machine's file, as it is reached from there: in its folder or the
// nearest one above it, but not above a module's or a repository's. In neither, it must be in the machine's own folder: what
// lies above that, in /tmp say, may be anybody's. "" says that there is none.
func Find(files fs.FS, machine string) (string, error) {
	var found string
	var fault error
	for dir := filepath.Dir(machine); ; dir = filepath.Join(dir, "..") {
		name := filepath.Join(dir, Name)
		if found == "" && fault == nil {
			here, err := exists(files, name)
			if err != nil {
				return "", err
			}
			if here {
				found = name
			} else {
				fault = misnamed(files, dir)
			}
			if (here || fault != nil) && dir == filepath.Dir(machine) {
				return found, fault
			}
		}
		if isTop(files, dir) {
			return found, fault
		}
		abs, err := filepath.Abs(dir)
		if err != nil || filepath.Dir(abs) == abs {
			return "", err
		}
		if !fs.ValidPath(filepath.ToSlash(filepath.Join(dir, ".."))) && !reachesUp(files) {
			return "", nil
		}
	}
}

// isTop reports whether a folder is that of a module or a repository.
func isTop(files fs.FS, dir string) bool {
	for _, name := range []string{"go.mod", ".git"} {
		if _, err := fs.Stat(files, filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// misnamed returns an error if a folder has a file that is called as those of other tools are.
func misnamed(files fs.FS, dir string) error {
	name := filepath.Join(dir, "aslgen.yml")
	here, err := exists(files, name)
	if here {
		err = fmt.Errorf("%s is not read: the file must be called %s", name, Name)
	}
	return err
}

// reachesUp reports whether names such as ../go.mod mean something for the files: they do for those of the operating system.
func reachesUp(files fs.FS) bool {
	_, err := fs.Stat(files, "..")
	return err == nil
}

func exists(files fs.FS, name string) (bool, error) {
	info, err := fs.Stat(files, name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return false, nil
	}
	return err == nil && info.Mode().IsRegular(), err
}
