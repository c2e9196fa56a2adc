// Package temporal runs state machines as workflows of Temporal: the states are workflow code, every call to the outside is an activity. An
// execution outlives its workers, and what was begun goes on wherever a worker of the machine runs.
//
//	engine := temporal.New(client, "jobs")
//	machine, err := NewRunJob(engine, NewRunJobTasks(clients)) // starts executions, from anywhere
//	w := worker.New(client, "jobs", engine.WorkerOptions())    // runs them
//	engine.RegisterWorker(w, machine.Program())
//
// How a machine stands in Temporal:
//
//	machine              workflow type MACHINE@VERSION, the beginning of its checksum: a machine that has changed is another type
//	execution            workflow MACHINE/NAME; its one argument is the input, its result the output, so anybody can start one
//	Task, answered       one activity
//	Task, .sync          activities that start the job, wait for it, and stop it if it is not wanted any more
//	Task, token          activities that wait for the token, which its answer completes, and that send it
//	Wait, back-off       timers
//	Parallel, Map        coroutines
//	DISTRIBUTED Map      child workflows: one for each STANDARD child, one for a page of EXPRESS children
//	StopExecution        the signal asl.stop; Temporal's own cancellation does the same without error and cause
//	GetExecutionHistory  nothing is stored for it: the workflow code is run again on Temporal's history; the query asl.history is for others
//	long executions      continue as new between states, with the frame as the second argument
package temporal
