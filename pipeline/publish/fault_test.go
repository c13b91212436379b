package publish

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// few are datasets of few rows, for tests that publish many times.
func few() []Dataset {
	d := findings
	d.Query = "select * from findings where finding_id < 'f000100'"
	return []Dataset{d, rejects}
}

// leftovers are what lies in <publish> beside whole snapshots and the link.
func leftovers(t *testing.T, root string) []string {
	t.Helper()
	var left []string
	for _, pattern := range []string{".*", snapshotsDir + "/.*"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		left = append(left, found...)
	}
	return left
}

// nights are two publications: one onto nothing, one onto an earlier night,
// each so that an old snapshot is removed after it.
var nights = []struct {
	name  string
	setUp []time.Time
	night time.Time
}{
	{"the first ever", nil, first},
	{"a second", []time.Time{first}, second},
	{"the same again", []time.Time{first, second}, second},
}

// TestEveryStepFails fails each step of a publication in turn: what is current
// is always the old or the new, and the next run leaves nothing lying about.
func TestEveryStepFails(t *testing.T) {
	db := database(t)
	failed := errors.New("this step fails")
	for _, n := range nights {
		t.Run(n.name, func(t *testing.T) {
			for fail := 0; ; fail++ {
				root := filepath.Join(t.TempDir(), "out")
				publish := func(night time.Time, before func(string) error) error {
					return publishNight(t.Context(), db, root, Options{Night: night, Now: clock, Before: before}, few()...)
				}
				for _, night := range n.setUp {
					if err := publish(night, nil); err != nil {
						t.Fatal(err)
					}
				}
				had, steps := whole(t, root), 0
				err := publish(n.night, func(string) error {
					steps++
					if steps-1 == fail {
						return failed
					}
					return nil
				})
				if got := whole(t, root); got < had {
					t.Fatalf("step %d: %d of %d nights are current", fail, got, had)
				}
				if err == nil {
					if fail < 10 {
						t.Errorf("only %d steps could fail", fail)
					}
					break
				}
				if !errors.Is(err, failed) {
					t.Fatal(err)
				}
				endsWell(t, root, func() error { return publish(n.night, nil) })
			}
		})
	}
}

// endsWell runs a publication that nothing disturbs and looks round.
func endsWell(t *testing.T, root string, publish func() error) {
	t.Helper()
	if err := publish(); err != nil {
		t.Fatal(err)
	}
	whole(t, root)
	if left := leftovers(t, root); len(left) > 0 {
		t.Errorf("left lying about: %v", left)
	}
	if names, err := published(root); err != nil || len(names) != 1 {
		t.Errorf("snapshots %v, %v; want the current one alone", names, err)
	}
}

const killedRoot, killedStep = "PUBLISH_TEST_KILLED_ROOT", "PUBLISH_TEST_KILLED_STEP"

// TestMain publishes in a process of its own, which kills itself at a step,
// when TestKilledAtEveryStep starts it so.
func TestMain(m *testing.M) {
	root := os.Getenv(killedRoot)
	if root == "" {
		os.Exit(m.Run())
	}
	step, err := strconv.Atoi(os.Getenv(killedStep))
	if err != nil {
		panic(err)
	}
	os.Exit(publishAndDie(root, step))
}

// TestKilledAtEveryStep kills a publication before each of its steps.
func TestKilledAtEveryStep(t *testing.T) {
	db := database(t)
	root := filepath.Join(t.TempDir(), "out")
	publish := func(night time.Time) error {
		return publishNight(t.Context(), db, root, Options{Night: night, Now: clock}, few()...)
	}
	if err := publish(first); err != nil {
		t.Fatal(err)
	}
	for step := 0; ; step++ {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), killedRoot+"="+root, killedStep+"="+strconv.Itoa(step))
		out, err := child.CombinedOutput()
		if got := whole(t, root); got < 1 {
			t.Fatalf("step %d: nothing is current", step)
		}
		if err == nil {
			if step < 10 {
				t.Errorf("only %d steps could be killed", step)
			}
			break
		}
		if !strings.Contains(err.Error(), syscall.SIGKILL.String()) {
			t.Fatalf("step %d: %v: %s", step, err, out)
		}
	}
	endsWell(t, root, func() error { return publish(second) })
}
