package notify

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// What cannot be sent waits in a folder of its own, a file a message and target,
// for the next run: the latest mostWaiting of each target, and none for longer
// than longestWait.
const (
	mostWaiting = 20
	longestWait = 7 * 24 * time.Hour
)

// waiting is a message that has not been sent. The target is named by its ID,
// which tells no secret.
type waiting struct {
	Target  string    `json:"target"`
	Since   time.Time `json:"since"`
	Message Message   `json:"message"`

	file string
}

// Outcome is what became of a target's messages.
type Outcome struct {
	Target Target
	Sent   int
	Failed string // why what is left could not be sent, in Chinese; "" where nothing is left
	Left   int    // kept for the next run
	Lapsed int    // given up: too old, or too many
}

// Deliver sends what waits in the folder and then, if there is one, tonight's
// message, to every target that wants it, side by side. It changes nothing but
// the folder; an error is trouble with that alone.
func (s Sender) Deliver(ctx context.Context, folder string, targets []Target, m *Message, now time.Time) ([]Outcome, error) {
	kept, err := readSpool(folder)
	if err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(targets))
	errs := make([]error, len(targets))
	var wait sync.WaitGroup
	for i, t := range targets {
		var queue []waiting
		kept = slices.DeleteFunc(kept, func(w waiting) bool {
			if w.Target == t.ID {
				queue = append(queue, w)
			}
			return w.Target == t.ID
		})
		if m != nil && t.wants(m.Event) {
			queue = append(queue, waiting{Target: t.ID, Since: now, Message: *m})
		}
		wait.Go(func() { outcomes[i], errs[i] = s.deliver(ctx, folder, t, queue, now) })
	}
	wait.Wait()
	for _, w := range kept { // of a target that doudi.yaml no longer names
		errs = append(errs, os.Remove(w.file))
	}
	return outcomes, errors.Join(errs...)
}

// deliver sends a target's messages, the oldest first, until one cannot be sent.
func (s Sender) deliver(ctx context.Context, folder string, t Target, queue []waiting, now time.Time) (Outcome, error) {
	o := Outcome{Target: t}
	var errs []error
	for i, w := range queue {
		if now.Sub(w.Since) > longestWait || len(queue)-i > mostWaiting {
			o.Lapsed++
			errs = append(errs, w.drop())
			continue
		}
		if o.Failed == "" {
			if err := s.try(ctx, t, w.Message); err == nil {
				o.Sent++
				errs = append(errs, w.drop())
				continue
			} else {
				o.Failed = t.cause(err)
			}
		}
		o.Left++
		errs = append(errs, w.keep(folder))
	}
	return o, errors.Join(errs...)
}

// defaultWaits are the pauses between the attempts of one run.
var defaultWaits = []time.Duration{500 * time.Millisecond, 2 * time.Second}

// try sends a message, and again after each pause.
func (s Sender) try(ctx context.Context, t Target, m Message) error {
	waits := s.Waits
	if waits == nil {
		waits = defaultWaits
	}
	err := s.send(ctx, t, m)
	for _, pause := range waits {
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
		err = s.send(ctx, t, m)
	}
	return err
}

// readSpool reads what waits, the oldest first. A file that is torn is dropped:
// a message is not worth more.
func readSpool(folder string) ([]waiting, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []waiting
	for _, e := range entries {
		w := waiting{file: filepath.Join(folder, e.Name())}
		data, err := os.ReadFile(w.file)
		if err != nil {
			return nil, err
		}
		if !strings.HasSuffix(e.Name(), ".json") || json.Unmarshal(data, &w) != nil {
			if err := os.Remove(w.file); err != nil {
				return nil, err
			}
			continue
		}
		all = append(all, w)
	}
	slices.SortStableFunc(all, func(a, b waiting) int { return a.Since.Compare(b.Since) })
	return all, nil
}

// keep writes the message down, whole or not at all; one that is kept already
// stays as it is.
func (w waiting) keep(folder string) error {
	if w.file != "" {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	data, err := json.Marshal(w)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, "*.part") // 0600
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), f.Name()[:len(f.Name())-len(".part")]+".json")
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

func (w waiting) drop() error {
	if w.file == "" {
		return nil
	}
	if err := os.Remove(w.file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
