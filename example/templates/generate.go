// Package templates holds machines where they live: two in a template of AWS SAM, and one in a file of YAML.
package templates

//go:generate go tool aslgen template.yaml cleanup.asl.yaml
