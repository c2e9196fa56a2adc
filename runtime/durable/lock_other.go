//go:build !unix

package durable

import (
	"errors"
	"fmt"
)

// lock refuses the folder where the system has no locks that end with the process.
func lock(folder string) (unlock func() error, err error) {
	return nil, fmt.Errorf("%s: %w: this system has no locks of files", folder, errors.ErrUnsupported)
}
