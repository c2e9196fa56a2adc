// Package shop has a machine whose tasks are Go functions and an ECS task.
package shop

import (
	"context"
	"fmt"
)

// Charge takes the money for an order: the Lambda function of the machine, in Go.
func Charge(_ context.Context, in *OrderChargeParameters) (*OrderChargeResult, error) {
	id, _ := in.OrderID.AsString()
	cents, ok := in.Cents.AsInt()
	if !ok {
		return nil, fmt.Errorf("order %s costs nothing", id)
	}
	out := &OrderChargeResult{}
	out.Receipt = fmt.Sprintf("%s paid %d", id, cents)
	return out, nil
}
