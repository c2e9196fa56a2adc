package watch

import (
	"context"
	"log/slog"
	"time"
)

// longestPause is how long a service that fails is left alone at most, before it is asked again.
const longestPause = 30 * time.Second

// fail takes in that a call that began then has failed. Throttling concerns the budget, for all; anything else has this
// watcher pause, for longer and longer. Calls that were under way while a pause began say nothing new. The watcher is
// locked.
func (w *Watcher[T]) fail(taken []*thing[T], began time.Time, err error) {
	now := w.Clock.Now()
	throttled := w.service.Throttled(err)
	if throttled {
		w.Budget.lower(began)
	} else if began.Before(w.rest) {
		return
	}
	if w.failures++; w.failures == 1 {
		w.failing, w.pause = began, 0
	}
	if !throttled {
		w.pause = min(max(2*w.pause, w.Every), longestPause)
		w.rest = now.Add(w.Jitter(w.pause))
	}
	few := throttled && w.failures < 4 // it is nothing unusual, and over at once
	if w.failures&(w.failures-1) == 0 && !few {
		w.said = true
		w.log(slog.LevelWarn, w.service.Name+" cannot be asked for a "+w.service.Thing+"; what it does is not known, and it is asked for again",
			taken[0], len(taken)-1, "error", err, "failures", w.failures, "for", now.Sub(w.failing))
	}
}

// succeed takes in that a call was answered. The watcher is locked.
func (w *Watcher[T]) succeed() {
	w.Budget.raise()
	if w.said {
		w.Logger.Info(w.service.Name+" answers again", "failures", w.failures, "for", w.Clock.Now().Sub(w.failing))
	}
	w.failures, w.said = 0, false
}

// log writes a line about a thing, and says how many others it is about.
func (w *Watcher[T]) log(level slog.Level, message string, t *thing[T], others int, attributes ...any) {
	name := t.name
	if w.service.Shown != nil {
		name = w.service.Shown(name)
	}
	line := []any{w.service.Thing, name}
	if t.about != nil {
		line = append(line, t.about()...)
	}
	if others > 0 {
		line = append(line, "others", others)
	}
	w.Logger.Log(context.Background(), level, message, append(line, attributes...)...)
}
