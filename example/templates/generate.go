// Package templates holds machines where they live: two in a template of AWS SAM, one in a file of YAML, and one in a file of Terraform.
package templates

//go:generate go tool aslgen template.yaml cleanup.asl.yaml main.tf
