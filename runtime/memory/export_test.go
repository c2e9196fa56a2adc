package memory

import "github.com/r-seed-632eed22/aslgen/runtime/asl"

// Rests reports whether an execution is put away.
func Rests(r asl.Running) bool {
	x := r.(*execution)
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.rested != ""
}
