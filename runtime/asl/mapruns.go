package asl

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// MapRunner is a [Running] whose Map Runs can be asked for.
type MapRunner interface {
	Running
	// MapRuns returns the Map Runs of the execution and of those inside it, in the order in which they began.
	MapRuns(ctx context.Context) ([]MapRun, error)
	// Children returns the executions that the Map Run with an ARN has begun, in the order in which they began, those whose histories the
	// engine keeps. They end with the execution that the Map is in: by itself none of them is stopped or waited for. One of an EXPRESS Map that
	// a redrive has started again stands in place of the one that had failed.
	Children(ctx context.Context, mapRun string) ([]Running, error)
	// Child returns the one of the children of the Map Runs that has an ARN, nil if none has.
	Child(ctx context.Context, arn string) (Running, error)
}

// MapRun is what DescribeMapRun tells of a run of a DISTRIBUTED Map.
type MapRun struct {
	ARN                        string
	Execution                  string // ARN of the execution that the Map is in
	Status                     Status
	Started, Stopped           time.Time // Stopped is zero while it runs
	MaxConcurrency             int
	ToleratedFailureCount      int64   // 0 if only the percentage counts
	ToleratedFailurePercentage float64 // 0 if only the count does
	RedriveCount               int
	Redriven                   time.Time   // zero if it was not
	Items, Executions          MapRunCount // items, and the children that have them
}

// MapRunCount says how many there are and how they stand.
type MapRunCount struct {
	Total, Pending, Running, Succeeded, Failed, TimedOut, Aborted int
	PendingRedrive                                                int // that have not succeeded, and are to go on or to begin again
	ResultsWritten                                                int // by a ResultWriter, to objects
}

// pendingRedrive is the status of a child that is to go on or to begin again.
const pendingRedrive Status = "PENDING_REDRIVE"

// add counts a child that has so many.
func (c *MapRunCount) add(s Status, n int) {
	*map[Status]*int{
		StatusRunning: &c.Running, StatusSucceeded: &c.Succeeded, StatusFailed: &c.Failed, StatusTimedOut: &c.TimedOut, StatusAborted: &c.Aborted,
		pendingRedrive: &c.PendingRedrive,
	}[s] += n
}

// complete counts what follows from the others.
func (c *MapRunCount) complete(exported bool) {
	ended := c.Succeeded + c.Failed + c.TimedOut + c.Aborted
	if c.Pending = c.Total - ended - c.Running - c.PendingRedrive; exported {
		c.ResultsWritten = ended
	}
}

// mapRuns follows the Map Runs of an execution by its events and those of the executions inside it.
type mapRuns struct {
	mu     sync.Mutex
	all    []*mapRun
	open   []*mapRun          // of these, those that run
	inside map[string]*mapRun // by the beginning of their children's paths
	kept   families
}

type mapRun struct {
	MapRun
	path     string // of the frame that runs the Map
	exports  bool
	children []child
}

type child struct {
	status Status // "" before it begins
	items  int
}

// concernsMapRuns reports whether events of a type say something of Map Runs.
func concernsMapRuns(t EventType) bool {
	switch t {
	case MapRunStarted, MapRunRedriven, MapRunSucceeded, MapRunFailed, MapRunAborted,
		ExecutionStarted, ExecutionRedriven, ExecutionSucceeded, ExecutionFailed, ExecutionTimedOut, ExecutionAborted:
		return true
	}
	return false
}

// note takes in an event of a frame of an execution that concerns Map Runs.
func (m *mapRuns) note(execution, path string, e *Event) {
	switch e.Type {
	case MapRunStarted, MapRunRedriven:
		m.begin(execution, path, e)
	case MapRunSucceeded, MapRunFailed, MapRunAborted:
		m.end(path, e.Time, map[EventType]Status{MapRunSucceeded: StatusSucceeded, MapRunFailed: StatusFailed, MapRunAborted: StatusAborted}[e.Type])
	case ExecutionStarted, ExecutionRedriven:
		if path != "" {
			m.child(path, e, StatusRunning)
		}
	case ExecutionSucceeded:
		m.child(path, e, StatusSucceeded)
	case ExecutionFailed:
		m.child(path, e, StatusFailed)
	case ExecutionTimedOut:
		m.child(path, e, StatusTimedOut)
	case ExecutionAborted:
		m.child(path, e, StatusAborted)
	}
}

func (m *mapRuns) begin(execution, path string, e *Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d := e.Map
	at := slices.IndexFunc(m.all, func(r *mapRun) bool { return r.ARN == d.RunARN })
	if at < 0 {
		at = len(m.all)
		m.all = append(m.all, &mapRun{exports: d.Exports, MapRun: MapRun{
			ARN: d.RunARN, Execution: execution, Started: e.Time,
			MaxConcurrency: d.MaxConcurrency, ToleratedFailureCount: d.ToleratedFailureCount, ToleratedFailurePercentage: d.ToleratedFailurePercentage,
		}})
	}
	r := m.all[at]
	r.path, r.Status, r.Stopped = path, StatusRunning, time.Time{}
	if !slices.Contains(m.open, r) {
		m.open = append(m.open, r)
	}
	if e.Type == MapRunRedriven {
		r.RedriveCount, r.Redriven = e.Redrives, e.Time
		for i := range r.children { // they go on, or begin again
			if c := &r.children[i]; c.status != StatusSucceeded && c.status != "" {
				c.status = pendingRedrive
			}
		}
	}
	if m.inside == nil {
		m.inside = map[string]*mapRun{}
	}
	m.inside[d.Inner] = r
}

// end ends what runs at a path.
func (m *mapRuns) end(path string, at time.Time, s Status) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.endThose(at, s, func(r *mapRun) bool { return r.path == path })
}

// endThose is called with the lock held.
func (m *mapRuns) endThose(at time.Time, s Status, which func(r *mapRun) bool) {
	m.open = slices.DeleteFunc(m.open, func(r *mapRun) bool {
		if !which(r) {
			return false
		}
		r.end(at, s)
		return true
	})
}

func (r *mapRun) end(at time.Time, s Status) {
	r.Status, r.Stopped = s, at
	for i := range r.children {
		if c := &r.children[i]; c.status == StatusRunning {
			c.status = StatusAborted
		}
	}
}

// child takes in an event of an execution. The end of one ends the Map Runs in it that have not ended.
func (m *mapRuns) child(path string, e *Event, s Status) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s != StatusRunning {
		m.endThose(e.Time, StatusAborted, func(r *mapRun) bool {
			return path == "" || r.path == path || strings.HasPrefix(r.path, path+"/")
		})
	}
	if path == "" {
		return
	}
	dot := strings.LastIndexByte(path, '.') + 1
	r := m.inside[path[:dot]]
	n, err := strconv.Atoi(path[dot:])
	if r == nil || err != nil {
		return
	}
	if e.Map != nil {
		r.Items.Total, r.Executions.Total = e.Map.Length, e.Map.Children
	}
	for len(r.children) <= n {
		r.children = append(r.children, child{})
	}
	c := &r.children[n]
	if c.status = s; e.Map != nil {
		c.items = e.Map.Items
	}
}

// keep takes in an event of the history of a child, which is kept.
func (m *mapRuns) keep(path string, r *Recorder, e *Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept.note(path, r, e)
}

// list returns the Map Runs, with how their children stand.
func (m *mapRuns) list() (all []MapRun) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.all {
		shown := r.MapRun
		for _, c := range r.children {
			if c.status != "" {
				shown.Items.add(c.status, c.items)
				shown.Executions.add(c.status, 1)
			}
		}
		exported := r.exports && (r.Status == StatusSucceeded || r.Status == StatusFailed)
		shown.Items.complete(exported)
		shown.Executions.complete(exported)
		all = append(all, shown)
	}
	return all
}
