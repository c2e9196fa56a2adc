// Package ecsjobs holds the two state machines of the page that aslgen began with: "Manage Amazon ECS or Fargate Tasks with
// Step Functions", in the AWS Step Functions developer guide. One runs an ECS task and waits for it to complete, the other
// waits until the task returns its token.
package ecsjobs

//go:generate go tool aslgen -name "Run an ECS Task and wait for it to complete=RunECSTask" run_job.asl.json
//go:generate go tool aslgen manage_job.asl.json

// The same two in JSONata, which AWS recommends for new workflows.

//go:generate go tool aslgen -machine RunJobJSONata -name "Run an ECS Task and wait for it to complete=RunECSTask" run_job_jsonata.asl.json
//go:generate go tool aslgen -machine ManageJobJSONata manage_job_jsonata.asl.json
