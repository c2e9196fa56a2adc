// Package shelf has what the code of services in the AWS SDK for Go has.
package shelf

const ServiceID = "Shelf Service"

type Client struct{}
