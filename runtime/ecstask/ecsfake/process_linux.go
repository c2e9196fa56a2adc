package ecsfake

import (
	"os/exec"
	"syscall"
	"unsafe"
)

// awaitExit returns when the process has ended and is not waited for yet, so that its number still is its own.
func awaitExit(cmd *exec.Cmd) bool {
	const byPID = 1            // P_PID
	var information [16]uint64 // siginfo_t
	for {
		_, _, err := syscall.Syscall6(syscall.SYS_WAITID, byPID, uintptr(cmd.Process.Pid),
			uintptr(unsafe.Pointer(&information)), syscall.WEXITED|syscall.WNOWAIT, 0, 0)
		if err != syscall.EINTR {
			return err == 0
		}
	}
}
