package asltest

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// MockConfig runs the test cases that a file MockConfigFile.json of Step Functions Local has for a machine, each as a subtest (Step Functions
// Developer Guide, Testing with mocked service integrations). The tasks of states that a case has responses for give these, one for each
// attempt; others are carried out as the machine has them. What does not fit the machine fails the test before any case runs.
func MockConfig(t *testing.T, machine interface{ Program() asl.Program }, file string, test func(t *testing.T, c *MockCase)) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cases, err := readMockConfig(machine.Program(), text)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) { test(t, c) })
	}
}

// MockCase is a test case of a file MockConfigFile.json.
type MockCase struct {
	Name string

	program asl.Program
	states  map[string]responses
}

// responses are what a state's task gives, by the numbers of its attempts, from 0.
type responses map[int]response

type response struct {
	returned value.Value
	thrown   *asl.Error
}

// Run runs an execution with the responses of the case, which it begins anew, on a clock that drives itself. The error is that of
// [asl.Running].Wait.
func (c *MockCase) Run(ctx context.Context, input string) (value.Value, error) {
	v, err := value.Parse([]byte(input))
	if err != nil {
		return value.Value{}, fmt.Errorf("the input: %w", err)
	}
	engine := memory.NewDriven(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC))
	m := &mocking{c, engine, sync.Mutex{}, map[string]int{}}
	running, err := engine.Start(ctx, &substituted{c.program, m.work, func(string) bool { return false }}, asl.StartRequest{Input: v})
	if err != nil {
		return value.Value{}, err
	}
	return running.Wait(ctx)
}

// mocking counts the attempts of an execution.
type mocking struct {
	*MockCase
	engine *memory.Engine

	mu   sync.Mutex
	made map[string]int // by states
}

func (m *mocking) work(a *asl.Attempt, _ string) asl.Work {
	r, mocked := m.states[a.State]
	if !mocked {
		return nil
	}
	m.mu.Lock()
	n := m.made[a.State]
	m.made[a.State]++
	m.mu.Unlock()
	return &call{answers: m.engine, result: func(context.Context) (value.Value, error) {
		switch given, ok := r[n]; {
		case !ok:
			return value.Value{}, fmt.Errorf("the test case %s has no response for attempt %d of %q", m.Name, n, a.State)
		case given.thrown != nil:
			return value.Value{}, given.thrown
		default:
			return given.returned, nil
		}
	}}
}

// readMockConfig reads the test cases for a program.
func readMockConfig(p asl.Program, text []byte) ([]*MockCase, error) {
	v, err := value.Parse(text)
	if err != nil {
		return nil, err
	}
	mocked := map[string]responses{}
	for name, r := range v.Get("MockedResponses").Members() {
		if mocked[name], err = readResponses(r); err != nil {
			return nil, fmt.Errorf("MockedResponses.%s: %w", name, err)
		}
	}
	machine := v.Get("StateMachines").Get(p.Name())
	if machine.IsAbsent() {
		return nil, fmt.Errorf("StateMachines has no %q, only %s", p.Name(), members(v.Get("StateMachines")))
	}
	known := placesOf(p)
	var cases []*MockCase
	for name, states := range machine.Get("TestCases").Members() {
		c := &MockCase{name, p, map[string]responses{}}
		for state, response := range states.Members() {
			called, _ := response.AsString()
			r, ok := mocked[called]
			if _, there := known[state]; !there && len(known) > 0 {
				return nil, fmt.Errorf("StateMachines.%s.TestCases.%s: the machine has no state %q", p.Name(), name, state)
			}
			if !ok {
				return nil, fmt.Errorf("StateMachines.%s.TestCases.%s.%s: MockedResponses has no %s", p.Name(), name, state, response)
			}
			c.states[state] = r
		}
		cases = append(cases, c)
	}
	if len(cases) == 0 {
		return nil, fmt.Errorf("StateMachines.%s has no TestCases", p.Name())
	}
	return cases, nil
}

// members names the members of an object.
func members(v value.Value) string {
	var names []string
	for name := range v.Members() {
		names = append(names, strconv.Quote(name))
	}
	if names == nil {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

// readResponses reads what is given for attempts: 0, 1-2.
func readResponses(v value.Value) (responses, error) {
	all := responses{}
	for attempts, given := range v.Members() {
		r, err := readResponse(given)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", attempts, err)
		}
		first, last, err := readRange(attempts)
		if err != nil {
			return nil, err
		}
		for n := first; n <= last; n++ {
			if _, twice := all[n]; twice {
				return nil, fmt.Errorf("%s: there is another response for attempt %d", attempts, n)
			}
			all[n] = r
		}
	}
	for n := range slices.Max(append(slices.Collect(maps.Keys(all)), 0)) {
		if _, ok := all[n]; !ok {
			return nil, fmt.Errorf("there is no response for attempt %d, though there are later ones", n)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("it has no responses: they are called 0, 1-2")
	}
	return all, nil
}

// readRange reads the numbers of attempts.
func readRange(text string) (first, last int, err error) {
	from, to, ranged := strings.Cut(text, "-")
	if !ranged {
		to = from
	}
	first, err = strconv.Atoi(from)
	if err == nil {
		last, err = strconv.Atoi(to)
	}
	const most = 1000 // attempts that a test makes
	if err != nil || first < 0 || last < first || last > most {
		return 0, 0, fmt.Errorf("%q is no attempt, from 0, and no range of them, such as 1-2", text)
	}
	return first, last, nil
}

func readResponse(v value.Value) (response, error) {
	returned, thrown := v.Get("Return"), v.Get("Throw")
	switch {
	case returned.IsAbsent() == thrown.IsAbsent():
		return response{}, fmt.Errorf("it must have a Return or a Throw")
	case thrown.IsAbsent():
		return response{returned: returned}, nil
	}
	name, named := thrown.Get("Error").AsString()
	cause, caused := thrown.Get("Cause").AsString()
	if !named {
		return response{}, fmt.Errorf("Throw must have an Error, which is a text")
	}
	if !caused && !thrown.Get("Cause").IsAbsent() {
		return response{}, fmt.Errorf("the Cause of Throw must be a text")
	}
	return response{thrown: &asl.Error{Name: name, Cause: cause, Causeless: !caused}}, nil
}
