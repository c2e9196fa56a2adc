package durable

import (
	"errors"
	"maps"
	"slices"
)

// Verify reads all that a folder has of all executions, and returns what is wrong with it. It changes nothing but what opening the
// folder does: a record at the end that was not written whole is cut off.
func Verify(folder string) error {
	e, err := Open(folder)
	if err != nil {
		return err
	}
	var faults []error
	for _, serial := range slices.Sorted(maps.Keys(e.entries)) {
		if _, _, err := e.read(e.entries[serial], true); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(append(faults, e.Close())...)
}
