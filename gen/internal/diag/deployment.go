package diag

import "github.com/r-seed-632eed22/aslgen/gen/internal/source"

// DeployedOnly adds the error that a function of CloudFormation stands where a field has its value, and returns it.
func (l *List) DeployedOnly(f *source.File, span source.Span, function, field string) *Diagnostic {
	return l.Errorf(f, span, CloudFormationFunction, "%s is a function of CloudFormation: only the deployed template has the value of %s", function, field).
		WithHint(`a placeholder in a string, "${Name}", can stand for it`)
}
