package states

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

var attemptEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// attemptID names an attempt (E60): the same however often the attempt is carried out.
func attemptID(f *asl.Frame) string {
	sum := digest(f, "attempt")
	return attemptEncoding.EncodeToString(sum[:])
}

// digest is a number for something of the attempt that the frame makes, or is about to make: another for each entry of a
// state, each retry and each redrive.
func digest(f *asl.Frame, of string) [sha256.Size]byte {
	var room [256]byte
	b := append(room[:0], of...)
	for _, text := range []string{f.Execution, f.Path, f.State} {
		b = append(append(b, 0), text...)
	}
	for _, n := range []int{f.Entry, f.Tries(), f.Context.Execution.RedriveCount} {
		b = strconv.AppendInt(append(b, 0), int64(n), 10)
	}
	return sha256.Sum256(b)
}
