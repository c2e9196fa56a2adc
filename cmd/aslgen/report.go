package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// errFindings says that what was found has been printed.
var errFindings = errors.New("findings")

// reporter prints what was found, as flags say.
type reporter struct {
	format string
	strict bool
}

// formats are those of findings.
var formats = []string{"text", "json", "sarif", "github"}

// reports adds the flags that say how findings are printed.
func (f *flags) reports() *reporter {
	r := &reporter{format: "text"}
	f.Func("format", "how findings are printed: `text` on standard error, or on standard output json, a line for each with the members\n"+
		"file, line, column, endLine, endColumn, code, severity, message, hint, aws (the codes and messages of AWS);\n"+
		"sarif, a log in SARIF 2.1.0, for code scanning; github, commands of GitHub Actions", func(s string) error {
		r.format = s
		return want(slices.Contains(formats, s), "it is text, json, sarif or github")
	})
	f.BoolVar(&r.strict, "strict", false, "exit with 1 if there is a warning")
	return r
}

// report prints findings. It returns errFindings if there is an error among them, or with -strict a warning.
func (r *reporter) report(l *gen.Findings, stdout, stderr io.Writer) (err error) {
	switch r.format {
	case "json":
		err = l.WriteJSON(stdout)
	case "sarif":
		err = l.WriteSARIF(stdout, version(), insideRepository())
	case "github":
		err = l.WriteGitHub(stdout, insideRepository())
	default:
		err = l.Print(stderr)
	}
	if err == nil && (l.HasErrors() || r.strict && l.Len() > 0) {
		return errFindings
	}
	return err
}

// report prints findings for a person. It returns errFindings if there is an error among them.
func report(l *gen.Findings, stderr io.Writer) error {
	return (&reporter{}).report(l, nil, stderr)
}

// insideRepository returns the working directory as seen from the root of its repository, by which others know files; "" if it is that, or in
// none.
func insideRepository() string {
	here, err := os.Getwd()
	if err != nil {
		return ""
	}
	for root := here; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, ".git")); err == nil {
			inside, err := filepath.Rel(root, here)
			if err != nil || inside == "." {
				return ""
			}
			return inside
		}
		if root == filepath.Dir(root) {
			return ""
		}
	}
}
