// Package typed has the same machine with types of its own.
package typed

import (
	"context"
	"fmt"
)

// Order is the machine's input.
type Order struct {
	ID    string `json:"id"`
	Total Money  `json:"total"`
}

// Money is an amount.
type Money struct {
	Cents int `json:"cents"`
}

// Shipment is the machine's output.
type Shipment struct {
	Order    string `json:"order"`
	ExitCode int    `json:"exitCode"`
}

// Bill is what is to be paid for an order: what the Lambda function is given.
type Bill struct {
	OrderID string `json:"orderId"`
	Cents   int    `json:"cents"`
}

// Answer is what a Lambda function answers.
type Answer struct {
	Receipt string `json:"receipt"`
}

// charge takes the money. It knows the generated code, which may not be there yet.
func charge(_ context.Context, in *Bill) (*Answer, error) {
	return &Answer{Receipt: fmt.Sprintf("%s paid %d (%s)", in.OrderID, in.Cents, OrderStateCharge)}, nil
}
