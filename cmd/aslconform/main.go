// Command aslconform measures how closely compiled machines behave like AWS Step Functions. It reads what AWS was recorded
// to do, one JSON object a line, and compares:
//
//   - executions: it compiles all their machines into one Go program, runs that with the recorded task results on a driven
//     clock, and counts how many rows agree at each level: status and output, error, cause, task parameters, the types of
//     the history's events, and their details;
//   - tests of single states (rows whose op is test_state): the same with TestState in place of an execution;
//   - answers of AWS (rows whose aws has a status): how executions and tests of states ended whose history is not known;
//   - references to variables (rows with variableReferences): which variables each state of a machine reads;
//   - validations (rows with another op): whether a definition or the input of an execution is refused;
//   - diagnostics (rows with aws.diagnostics): whether a definition is refused, and whether findings stand at AWS's places and
//     carry its codes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/internal/runner"
)

// Exit codes.
const (
	exitOK    = 0
	exitBelow = 1 // a level scores less than -min says
	exitUsage = 2 // a wrong call, a file that cannot be read or written, a fault of aslconform
)

const usage = `aslconform compares compiled state machines with what AWS Step Functions was recorded to do.

Usage:

	aslconform [flags] FILE...

FILE has one JSON object a line: an execution, a test of one state (op is test_state), an answer of AWS (aws has a status),
a machine with the variables that its states read (variableReferences), a definition with AWS's diagnostics of it
(aws.diagnostics), or a definition or an input that was accepted or refused (any other op).

Exit codes: 0, 1 if a level scores less than -min says, 2 if the call is wrong or a file cannot be read or written.

Flags:

`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main with its surroundings as arguments. It returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	err := conform(ctx, args, stdout, stderr)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errBelow):
		return exitBelow
	case !errors.Is(err, errFlags):
		fmt.Fprintln(stderr, "aslconform:", err)
	}
	return exitUsage
}

// errBelow says that a score is below the one asked for, as the scoreboard shows.
var errBelow = errors.New("below the score")

// errFlags says that the flags are wrong, as package flag has told.
var errFlags = errors.New("wrong flags")

// minimum is the least score of each level in percent: "output=99,error=99".
type minimum map[string]float64

func (m minimum) String() string { return "" }

func (m minimum) Set(text string) error {
	levels := slices.Concat(executionLevels, testLevels, referenceLevels, validationLevels, diagnosticLevels)
	for part := range strings.SplitSeq(text, ",") {
		level, percent, _ := strings.Cut(part, "=")
		n, err := strconv.ParseFloat(percent, 64)
		if err != nil || !slices.Contains(levels, level) {
			slices.Sort(levels)
			return fmt.Errorf("write it LEVEL=PERCENT,…; the levels are %s", strings.Join(slices.Compact(levels), ", "))
		}
		m[level] = n
	}
	return nil
}

// options are what the flags say.
type options struct {
	files             []string
	json              string
	row               string
	differing         bool
	how               runner.Spec // Cuts, Durable, Here, Temporal, Redrive and Replay
	languages, trusts []string    // nil are all
	least             minimum
}

func parseFlags(args []string, stdout, stderr io.Writer) (*options, error) {
	o := &options{least: minimum{}}
	f := flag.NewFlagSet("aslconform", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {} // help goes to stdout, and is not shown after an error
	f.StringVar(&o.json, "json", "", "write all that was compared to this `file`")
	f.StringVar(&o.row, "row", "", "show the differences of the rows whose `id` contains this")
	f.BoolVar(&o.how.Durable, "durable", false, "run executions on the durable engine, and crash its process at every point, once and twice in a row")
	f.BoolVar(&o.how.Replay, "replay", false, "run executions a second time from their histories alone, which must go the same way")
	f.BoolVar(&o.how.Temporal, "temporal", false, "run executions as workflows of Temporal's test environment")
	f.BoolVar(&o.how.Here, "here", false, "run executions in the goroutine that starts them, without histories, as Run of a machine does")
	f.BoolVar(&o.how.Redrive, "redrive", false, "redrive executions once that fail")
	f.Int64Var(&o.how.Cuts, "cuts", 0, "put frames of executions away on the way and go on with them: everywhere if `N` is negative, by chance if it is positive")
	f.BoolVar(&o.differing, "v", false, "show all rows that differ")
	f.Func("language", "take only rows of these query `languages`, separated by commas: JSONPath, JSONata, mixed", list(&o.languages))
	f.Func("trust", "take only rows of these `trusts`, separated by commas", list(&o.trusts))
	f.Var(o.least, "min", "exit with 1 if a level scores less: `LEVEL=PERCENT,…`")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		f.SetOutput(stdout)
		f.PrintDefaults()
		return nil, err
	} else if err != nil {
		return nil, errFlags
	}
	if o.files = f.Args(); len(o.files) == 0 {
		return nil, errors.New("no FILE; aslconform -h says how to call it")
	}
	return o, nil
}

// list returns how a flag adds to a list.
func list(to *[]string) func(string) error {
	return func(text string) error {
		*to = append(*to, strings.Split(text, ",")...)
		return nil
	}
}

// takes reports whether a row is asked for.
func (o *options) takes(h header) bool {
	return (o.languages == nil || slices.Contains(o.languages, h.QueryLanguage)) && (o.trusts == nil || slices.Contains(o.trusts, h.Trust))
}

func conform(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parseFlags(args, stdout, stderr)
	if err != nil {
		return err
	}
	all, err := readRows(o)
	if err != nil {
		return err
	}
	if all.empty() {
		return errors.New("no rows to compare")
	}
	boards, err := all.compare(ctx, o.how)
	if err != nil {
		return err
	}
	if o.json != "" {
		if err := writeJSON(o.json, boards); err != nil {
			return err
		}
	}
	enough := true
	for _, b := range boards {
		b.show(stdout, o)
		enough = b.print(stdout, o.least) && enough
	}
	if !enough {
		return errBelow
	}
	return nil
}
