//go:build !unix

package ecsfake

import (
	"os"
	"os/exec"
)

func ownGroup(*exec.Cmd) {}

// terminate kills the process, where it cannot be asked to end.
func terminate(cmd *exec.Cmd) { cmd.Process.Kill() }

func killGroup(cmd *exec.Cmd) { cmd.Process.Kill() }

func exitCode(state *os.ProcessState) int32 { return int32(state.ExitCode()) }
