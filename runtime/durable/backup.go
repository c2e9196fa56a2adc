package durable

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/r-seed-632eed22/aslgen/internal/recordlog"
)

// Backup copies what is on disk to a folder that is not there yet, or empty, while the engine goes on. An engine that opens the copy goes on from
// what was acknowledged before Backup was called, and perhaps a little more. It must not do so while the first one does: both would start
// the same tasks.
func (e *Engine) Backup(folder string) error {
	log, ok := e.log.(*recordlog.Files)
	if !ok {
		return errors.New("durable: the engine has no folder")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	names, err := os.ReadDir(folder)
	if err == nil && len(names) > 0 {
		err = fmt.Errorf("%s is not empty", folder)
	}
	if err == nil {
		err = writeFile(folder, filepath.Join(folder, keyFile), e.key)
	}
	if err == nil {
		err = log.Copy(folder)
	}
	if definitions := filepath.Join(e.folder, definitionsFolder); err == nil {
		if err = os.CopyFS(filepath.Join(folder, definitionsFolder), os.DirFS(definitions)); errors.Is(err, os.ErrNotExist) {
			err = nil // there are none
		}
	}
	if err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	return nil
}
