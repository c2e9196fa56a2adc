// Command example shows aslgen at work: it generates the Go code of the two state machines in ecsjobs and runs them
// against an ECS endpoint on loopback, with real processes as containers.
//
//	go run ./example
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

func main() {
	for _, step := range []struct {
		say       string
		arguments []string
	}{
		{"Generating Go from example/ecsjobs/*.asl.json: read it in example/ecsjobs/*_asl.go.", []string{"generate", "./example/ecsjobs"}},
		{"Running both machines.", []string{"run", "./example/ecsjobs/cmd/ecsjobs"}},
	} {
		fmt.Printf("%s\n$ go %s\n", step.say, strings.Join(step.arguments, " "))
		command := exec.Command("go", step.arguments...)
		command.Stdout, command.Stderr = os.Stdout, os.Stderr
		if err := command.Run(); err != nil {
			fmt.Fprintf(os.Stderr, "go %s: %v (run it in the folder of aslgen's go.mod)\n", step.arguments[0], err)
			os.Exit(1)
		}
		fmt.Println()
	}
}
