package ecstask_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
)

// queue is a queue with ten messages an answer, as that of Amazon SQS.
type queue struct {
	*board
	bodies []string
	taken  int // of bodies
	done   int // of these, those that it was told to forget
	faults int // answers that fail first
}

func (q *queue) Receive(ctx context.Context) ([]string, func(context.Context) error, error) {
	if err := clock.Sleep(ctx, time.Millisecond); err != nil {
		return nil, nil, err
	}
	if q.faults > 0 {
		q.faults--
		return nil, nil, errors.New("the queue is away")
	}
	if q.taken == len(q.bodies) {
		return nil, nil, clock.Sleep(ctx, 50*time.Millisecond)
	}
	first := q.taken
	q.taken = min(q.taken+10, len(q.bodies))
	n := q.taken - first
	return q.bodies[first:q.taken], func(context.Context) error { q.done += n; return nil }, nil
}

func (q *queue) stops(task int) {
	q.bodies = append(q.bodies, fmt.Sprintf(`{"source": "aws.ecs", "detail-type": "ECS Task State Change", "detail": {"taskArn": "task-%d", "lastStatus": "STOPPED"}}`, task))
}

// Ten thousand tasks that stop at the same time, and are looked at every ten minutes, end their states within two seconds: the events come in
// one, by ten, and none of the calls waits for the budget.
func TestEvents(t *testing.T) {
	b, many := newBoard(ecstask.PollEvery(10*time.Minute)), many()
	q := &queue{board: b, bodies: []string{"no event", `{"source": "aws.ecs", "detail-type": "ECS Service Action"}`}, faults: 3}
	b.Run(t.Context(), func(ctx context.Context) {
		listening, stop := context.WithCancelCause(ctx)
		over := errors.New("over")
		b.Go(listening, func(ctx context.Context) {
			if err := b.client.Events(ctx, q); !errors.Is(err, over) {
				t.Errorf("Events returns %v", err)
			}
		})
		b.start(ctx, many)
		b.at(ctx, time.Hour)
		before := len(b.calls)
		if b.ended > 0 {
			t.Errorf("%d tasks have ended", b.ended)
		}
		for i := range many {
			q.stops(i + 1)
		}
		b.stopped = true
		b.at(ctx, time.Hour+2*time.Second)
		if b.ended != many {
			t.Errorf("%d of %d tasks have ended", b.ended, many)
		}
		if calls := len(b.calls) - before; calls > many/20 {
			t.Errorf("it takes %d calls", calls)
		}
		stop(over)
	})
	if q.done != many+2 {
		t.Errorf("%d messages are forgotten", q.done)
	}
}

// An event that says more than ECS does costs looks, and ends nothing.
func TestWrongEvent(t *testing.T) {
	b := newBoard(ecstask.PollEvery(time.Hour))
	q := &queue{board: b}
	b.Run(t.Context(), func(ctx context.Context) {
		listening, stop := context.WithCancel(ctx)
		b.Go(listening, func(ctx context.Context) { _ = b.client.Events(ctx, q) })
		b.start(ctx, 1)
		b.at(ctx, time.Second)
		q.stops(1)
		b.at(ctx, 10*time.Second)
		if b.ended != 0 || len(b.calls) < 10 {
			t.Errorf("it has ended %d times, after %d calls", b.ended, len(b.calls))
		}
		b.stopped = true
		b.at(ctx, 11*time.Second)
		if b.ended != 1 {
			t.Error("it has not ended")
		}
		stop()
	})
}
