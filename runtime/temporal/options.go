package temporal

import (
	"time"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/worker"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// Option changes how an engine is made.
type Option func(*options)

type options struct {
	namespace   string
	account     asl.Account
	lease       time.Duration
	page        int  // EXPRESS children in a workflow
	most        int  // child workflows at a time
	shelf       int  // STANDARD children from which on workflows stand between them and their Map
	pending     int  // activities at a time of one workflow
	result      int  // bytes of an activity's result
	unversioned bool // types are the machines' names
	storage     converter.ExternalStorage
	converter   converter.DataConverter

	again func(events int) bool // whether a workflow with so many events continues as new; nil is when the server suggests it
}

func newOptions(of []Option) options {
	o := options{
		namespace: "default", account: asl.Account{Region: "us-east-1", ID: "123456789012"}, lease: 30 * time.Second,
		page: 250, most: 500, shelf: 2000, pending: 1500, result: 2<<20 - 4096, converter: converter.GetDefaultDataConverter(),
	}
	for _, option := range of {
		option(&o)
	}
	return o
}

// WithNamespace sets the namespace of the client, in which tokens are answered; it is "default" otherwise.
func WithNamespace(name string) Option { return func(o *options) { o.namespace = name } }

// WithRegion sets the region and the account number that ARNs show; they are us-east-1 and 123456789012 otherwise. All workers and starters
// must say the same.
func WithRegion(region, account string) Option {
	return func(o *options) { o.account = asl.Account{Region: region, ID: account} }
}

// WithLease sets after which time a worker that says nothing is taken for lost, and another one goes on; it is 30 seconds otherwise.
func WithLease(d time.Duration) Option { return func(o *options) { o.lease = d } }

// WithPages sets how many EXPRESS children of a DISTRIBUTED Map share a workflow, and how many child workflows run at a time; they are 250
// and 500 otherwise.
func WithPages(children, atATime int) Option {
	return func(o *options) { o.page, o.most = children, atATime }
}

// WithContinueAfter has executions continue as new after so many events of Temporal's, not when the server suggests it.
func WithContinueAfter(events int) Option {
	return func(o *options) { o.again = func(n int) bool { return n > events } }
}

// WithStorage says where the client, and that of every worker, keeps large payloads: it is their client.Options.ExternalStorage, such as a
// [Storage]. Without it a result of more than 2 MiB fails its task with States.DataLimitExceeded.
func WithStorage(s converter.ExternalStorage) Option {
	return func(o *options) { o.result, o.storage = 1<<30, s }
}

// WithDataConverter says how the client, and that of every worker, writes payloads, if they have a client.Options.DataConverter.
func WithDataConverter(c converter.DataConverter) Option {
	return func(o *options) { o.converter = c }
}

// Unversioned leaves the version out of workflow types, for deployments whose executions are pinned to a worker's version by Temporal's
// Worker Versioning.
func Unversioned() Option { return func(o *options) { o.unversioned = true } }

// WorkerOptions returns options for a worker that runs machines: a long expression is no deadlock, and executions that wait need not stay in
// a worker's memory for long after it is lost.
func (e *Engine) WorkerOptions() worker.Options {
	return worker.Options{
		DeadlockDetectionTimeout:                30 * time.Second,
		StickyScheduleToStartTimeout:            5 * time.Second,
		MaxConcurrentActivityExecutionSize:      1000,
		MaxConcurrentLocalActivityExecutionSize: 1000,
		WorkerStopTimeout:                       10 * time.Second,
	}
}
