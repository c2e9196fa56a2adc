package ast

// Operand says what a comparison operator of a Choice rule compares with (R94).
type Operand uint8

// The operands of comparison operators.
const (
	StringOperand    Operand = iota + 1 // a string
	PatternOperand                      // a string in which * stands for any text (StringMatches)
	NumberOperand                       // a number
	BooleanOperand                      // true or false: BooleanEquals and the type tests
	TimestampOperand                    // a string that is a timestamp
	PathOperand                         // a path to one of those: the operators that end in Path
)

// Operators holds the 39 comparison operators of Choice rules (R94).
var Operators = operators()

func operators() map[string]Operand {
	all := map[string]Operand{
		"StringMatches": PatternOperand, "BooleanEquals": BooleanOperand, "BooleanEqualsPath": PathOperand,
	}
	families := map[string]Operand{"String": StringOperand, "Numeric": NumberOperand, "Timestamp": TimestampOperand}
	for family, operand := range families {
		for _, comparison := range []string{"Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"} {
			all[family+comparison] = operand
			all[family+comparison+"Path"] = PathOperand
		}
	}
	for _, test := range []string{"IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp"} {
		all[test] = BooleanOperand
	}
	return all
}
