// Package asl is the contract between state machines that aslgen has generated, the programs that use them, the engines that run
// them and the services that they call:
//
//   - a program starts a [Machine], waits for its [Execution], and gives the effects ([Call], [Job], [Send]) that it is made with;
//   - an [Engine], such as that of package memory, runs a [Program] by being its [Host]: it knows goroutines, clocks and disks,
//     which a program does not;
//   - a service's package, such as ecstask, makes effects: what is done with the parameters of a task.
//
// A program walks the table of states as AWS Step Functions does: paths, templates, Retry, Catch, timeouts, the context object and
// the events of the history. Rules are cited by their numbers in docs/rules.md (R20: the order of paths in a Task, and so on).
package asl

import "github.com/r-seed-632eed22/aslgen/runtime/value"

// Value is the JSON document that flows between states; package value makes and reads it.
type Value = value.Value
