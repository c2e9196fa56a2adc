//go:build unix

package aslcover

import (
	"os"
	"syscall"
)

// lock keeps other processes from a file until it is closed.
func lock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX) }
