//go:build !unix

package aslcover

import "os"

// lock does nothing: the system has no such lock, so the tests of several packages need a profile each.
func lock(*os.File) error { return nil }
