//go:build unix

package ecsfake

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup makes the process the first of a group, so that it can be killed with its children, as a container is.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// terminate tells the process to end. Its children are not told, as in a container.
func terminate(cmd *exec.Cmd) { cmd.Process.Signal(syscall.SIGTERM) }

func killGroup(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// exitCode is 128 and the signal for a process that a signal ended, as a container shows it.
func exitCode(state *os.ProcessState) int32 {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return int32(128 + status.Signal())
	}
	return int32(state.ExitCode())
}
