// Package orders is a machine over six services, each with the types of the AWS SDK. It is a module of its own, for it needs the SDK's.
package orders

//go:generate go tool aslgen order.asl.json
