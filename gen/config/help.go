package config

// Help explains the file, for a person at the command line.
const Help = `aslgen.yaml says once, for the machines in its folder and those below, what flags would say for every call. A machine
takes the file in its own folder or the nearest one above it, up to the folder of the module's go.mod or of the repository; in
neither it takes that of its own folder alone. Flags win over it.

` + Example + `
Every key may be left out. A machine is named by its file or by a pattern, with slashes as seen from the folder of
aslgen.yaml; without a slash the name is looked for in every folder below. Of several entries for a machine the first wins.
Only warnings are silenced, not errors, and the changes that aslgen breaking finds. A silence of a warning that is no longer
needed is a warning itself, as soon as all machines that it is for are checked in one call.
`

// Example is a file with every key.
const Example = `	package: jobs                # of the generated code
	type: standard               # of the workflows, or express
	values:                      # for ${Name} placeholders; a list or an object for one without quotes
	  Cluster: arn:aws:ecs:eu-central-1:111111111111:cluster/jobs
	silence:                     # warnings that are not shown, by their codes
	  - ASL0223
	  - {code: ASL0308, reason: the machine has a TimeoutSeconds}
	machines:
	  run_job.asl.json:          # a machine may have package, type, values and silence too
	    name: RunJob             # in Go
	    prefix: false            # its types are Input, Output, Tasks, …, not RunJobInput: for a package of one machine
	    states:                  # names in Go
	      Run an ECS Task and wait for it to complete: RunECSTask
	    types:                   # Go types of your own for its documents
	      input: example.com/shop.Order
	      output: "*example.com/shop.Receipt"
	      tasks:
	        Charge: {parameters: example.com/shop.Charge, result: example.com/shop.Receipt}
	  night/*.asl.json:
	    type: express
`
