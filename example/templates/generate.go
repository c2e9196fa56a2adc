// Package templates holds machines where they live: in a template of AWS SAM, in YAML, in Terraform and one of its template files, in a file of
// the Serverless Framework, and in what the CDK writes.
package templates

//go:generate go tool aslgen template.yaml cleanup.asl.yaml main.tf serverless.yml Rest.template.json pause.asl.json.tftpl
