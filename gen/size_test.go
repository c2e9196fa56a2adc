package gen_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// chain returns a machine of n states of which each goes to the next.
func chain(n int, language, fields string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `{"QueryLanguage":%q,"StartAt":"S0","States":{`, language)
	for i := range n {
		next := fmt.Sprintf(`"Next":"S%d"},`, i+1)
		if i == n-1 {
			next = `"End":true}}}`
		}
		fmt.Fprintf(&b, `"S%d":{"Type":"Pass",%s,%s`, i, strings.ReplaceAll(fields, "#", fmt.Sprint(i)), next)
	}
	return []byte(b.String())
}

// What is generated, and the schemas, stay in proportion to the machine, whatever the shape of its data: the output of the
// first has 2^60 places.
func TestSize(t *testing.T) {
	for name, machine := range map[string][]byte{
		"into itself twice": chain(60, "JSONPath", `"Parameters":{"a.$":"$","b.$":"$"}`),
		"in JSONata":        chain(60, "JSONata", `"Output":{"a":"{% $states.input %}","b":"{% $states.input %}"}`),
		"beside itself":     chain(60, "JSONPath", `"ResultPath":"$.r#"`),
		"deeper":            chain(500, "JSONPath", `"Parameters":{"a.$":"$"}`),
		"a long path":       []byte(`{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":"$` + strings.Repeat(".a", 2000) + `","End":true}}}`),
		"many placeholders": []byte(`{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a":"` + strings.Repeat("${P}", 2000) + `"},"End":true}}}`),
	} {
		files := fstest.MapFS{"m.asl.json": {Data: machine}}
		c := gen.Config{Files: []string{"m.asl.json"}, Package: "p"}
		r, err := gen.Generate(t.Context(), files, c)
		if err == nil {
			err = r.Diagnostics.Err()
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		const most = 300_000
		if size := len(r.Files[0].Data); size > most {
			t.Errorf("%s: %d bytes of Go", name, size)
		}
		input, _, err := gen.InputSchema(t.Context(), files, c)
		output, _, fault := gen.OutputSchema(t.Context(), files, c)
		if err != nil || fault != nil || len(input) > most || len(output) > most {
			t.Errorf("%s: %d and %d bytes of schema: %v, %v", name, len(input), len(output), err, fault)
		}
	}
}
