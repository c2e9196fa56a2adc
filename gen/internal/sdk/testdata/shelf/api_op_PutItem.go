package shelf

import "example.com/shelf/types"

type PutItemInput struct {
	Item   map[string]types.AttributeValue
	Marked *bool
	Within *types.Within

	hidden int
}
