// Package built is for what builds this module's packages with the go command, or runs them as programs. The go command keeps
// a test's result as long as what the test read is the same, and does not see what a program that it started read.
package built

import (
	"io/fs"
	"path/filepath"
	"strings"
)

// FromSource reads all folders of the module, whose root is given: the result of a test that does is forgotten when one of
// the module's files changes.
func FromSource(root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), ".") {
			return filepath.SkipDir
		}
		return err
	})
}
