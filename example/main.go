// Command example shows aslgen at work: it generates the Go code of the two state machines in ecsjobs and runs them
// against an ECS endpoint on loopback, with real processes as containers.
//
//	go run ./example
package main

import (
	"fmt"
	"os"
	"os/exec"
)

func main() {
	for _, arguments := range [][]string{
		{"generate", "./example/ecsjobs"},
		{"run", "./example/ecsjobs/cmd/ecsjobs"},
	} {
		fmt.Println("$ go", arguments[0], arguments[1])
		command := exec.Command("go", arguments...)
		command.Stdout, command.Stderr = os.Stdout, os.Stderr
		if err := command.Run(); err != nil {
			fmt.Fprintf(os.Stderr, "go %s: %v (run it in the folder of aslgen's go.mod)\n", arguments[0], err)
			os.Exit(1)
		}
	}
}
