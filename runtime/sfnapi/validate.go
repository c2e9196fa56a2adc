package sfnapi

import (
	"context"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// diagnostic is what ValidateStateMachineDefinition says of a part of a definition.
type diagnostic struct{ Severity, Code, Message, Location string }

// WithValidation has the API serve ValidateStateMachineDefinition. validate returns what is wrong with the definition of a STANDARD or an
// EXPRESS machine, as ValidateDefinition of package gen does, which links the compiler into the program: severities ERROR and WARNING, codes
// of AWS or of aslgen, locations such as /States/A/Choices[0]/Next.
func WithValidation[D ~struct{ Severity, Code, Message, Location string }](validate func(definition string, express bool) []D) APIOption {
	return func(served *api) {
		served.validate = func(definition string, express bool) (all []diagnostic) {
			for _, d := range validate(definition, express) {
				all = append(all, diagnostic(d))
			}
			return all
		}
	}
}

// mostDiagnostics is how many diagnostics an answer has at most, and without maxResults.
const mostDiagnostics = 100

func (a *api) validateDefinition(_ context.Context, in value.Value) (value.Value, error) {
	definition, err := text(in, "definition")
	if err != nil {
		return value.Value{}, err
	}
	if definition == "" {
		return value.Value{}, invalid("definition", "must have length greater than or equal to 1")
	}
	kind, err := text(in, "type")
	if err != nil {
		return value.Value{}, err
	}
	severity, err := text(in, "severity")
	if err != nil {
		return value.Value{}, err
	}
	most := mostDiagnostics
	if n, ok := in.Get("maxResults").AsInt(); ok && n > 0 {
		most = int(min(n, mostDiagnostics))
	}
	result, truncated := "OK", false
	var shown []value.Value
	for _, d := range a.validate(definition, kind == "EXPRESS") {
		if d.Severity == "ERROR" {
			result = "FAIL"
		} else if severity != "WARNING" { // ERROR, unless the request says otherwise
			continue
		}
		if len(shown) == most {
			truncated = true
			continue
		}
		members := []value.Member{field("severity", d.Severity), field("code", d.Code), field("message", d.Message)}
		if d.Location != "" {
			members = append(members, field("location", d.Location))
		}
		shown = append(shown, value.Object(members...))
	}
	return value.Object(field("result", result), value.Field("diagnostics", value.Array(shown...)), value.Field("truncated", value.Bool(truncated))), nil
}
