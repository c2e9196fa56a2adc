package durable

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/r-seed-632eed22/aslgen/internal/recordlog"
)

// keyFile is the file of a folder that has its key.
const keyFile = "key"

// keyBytes is how long the key is that tokens are made with.
const keyBytes = 32

// readKey returns the folder's key, which is made when the folder is new.
func readKey(folder string) ([]byte, error) {
	name := filepath.Join(folder, keyFile)
	key, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		key = random(keyBytes)
		return key, writeFile(folder, name, key)
	}
	if err == nil && len(key) != keyBytes {
		err = fmt.Errorf("%s has %d bytes, not %d", name, len(key), keyBytes)
	}
	return key, err
}

// writeFile writes a file that is whole, or is not there.
func writeFile(folder, name string, data []byte) error {
	f, err := os.CreateTemp(folder, "new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return recordlog.SyncFolder(folder)
}
