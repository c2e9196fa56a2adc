package asl

import (
	"fmt"
	"testing"
	"time"
)

// The end of one child leaves the Map Runs in others alone, whose paths begin as its own.
func TestMapRunsInChildren(t *testing.T) {
	m, at := &mapRuns{}, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	m.note("x", "", &Event{Type: MapRunStarted, Time: at, Map: &MapDetails{RunARN: "outer", Inner: "/Outer/1.0."}})
	child := func(i int, kind EventType) {
		e := &Event{Type: kind, Time: at}
		if kind == ExecutionStarted {
			e.Map = &MapDetails{Length: 12, Children: 12, Items: 1}
		}
		m.note(fmt.Sprint("child", i), fmt.Sprint("/Outer/1.0.", i), e)
	}
	for _, i := range []int{1, 10} {
		child(i, ExecutionStarted)
		path := fmt.Sprint("/Outer/1.0.", i)
		m.note(fmt.Sprint("child", i), path, &Event{Type: MapRunStarted, Time: at, Map: &MapDetails{RunARN: fmt.Sprint("inner", i), Inner: path + "/Inner/1.0."}})
	}
	child(1, ExecutionFailed)
	want := map[string]Status{"outer": StatusRunning, "inner1": StatusAborted, "inner10": StatusRunning}
	for _, r := range m.list() {
		if r.Status != want[r.ARN] {
			t.Errorf("%s is %s, not %s", r.ARN, r.Status, want[r.ARN])
		}
	}
	m.note("child10", "/Outer/1.0.10", &Event{Type: MapRunSucceeded, Time: at})
	child(10, ExecutionSucceeded)
	m.note("x", "", &Event{Type: ExecutionAborted, Time: at})
	all := m.list()
	if got := all[0].Executions; all[0].Status != StatusAborted || got.Failed != 1 || got.Succeeded != 1 || got.Pending != 10 || all[2].Status != StatusSucceeded {
		t.Errorf("%+v", all)
	}
}
