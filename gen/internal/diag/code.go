package diag

import "fmt"

// Code is a kind of finding. Its ID never changes, and that of a retired one is not used again.
//
// The ranges go by stage: 01xx JSON, 02xx structure, 03xx integrations, 04xx paths, templates and variables, 05xx types,
// 06xx names of the generated code, 07xx the configuration file, 08xx policies, 09xx changes between versions.
type Code struct {
	ID       string   // ASL0203
	Severity Severity // what it usually is; a single finding may be the other
	Rule     string   // the rule of docs/rules.md 1.21 that it stands for; "" if that has none
	Sentence string   // what is wrong, in general
	Example  string   // an ASL text, as short as possible, that has the finding
}

// String returns the ID.
func (c *Code) String() string { return c.ID }

// Express reports whether only Express machines have findings of the code: so the example is one.
func (c *Code) Express() bool { return c == DistributedInExpress || c == NotInExpress }

// Silencing says whether and how findings of the code are kept quiet.
func (c *Code) Silencing() string {
	if c.Severity == Error {
		return "An error is not silenced. Where it is a warning, aslgen.yaml silences it: see aslgen help config."
	}
	return "To silence it, list the code in aslgen.yaml, for all machines or for one, with a reason: see aslgen help config."
}

var table []*Code

// Codes returns every code in order.
func Codes() []*Code { return table }

// Lookup returns the code with the ID, nil if there is none.
func Lookup(id string) *Code {
	for _, c := range table {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// define adds a code to the table, which is in order.
func define(id string, severity Severity, rule, sentence, example string) *Code {
	if n := len(table); n > 0 && table[n-1].ID >= id {
		panic(fmt.Sprintf("diag: %s is defined after %s", id, table[n-1].ID))
	}
	c := &Code{ID: id, Severity: severity, Rule: rule, Sentence: sentence, Example: example}
	table = append(table, c)
	return c
}
