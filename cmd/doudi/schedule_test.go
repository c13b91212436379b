package main

import (
	"strings"
	"testing"
)

// TestSchedulersPaths: a path reaches the program as it is, whatever a unit or
// a crontab makes of its characters.
func TestSchedulersPaths(t *testing.T) {
	units := systemdUnits("/opt/doudi", `/srv/50% "a" $HOME\b`, "Asia/Shanghai", "doudi")
	for _, want := range []string{
		`ExecStart="/opt/doudi" -C "/srv/50%% \"a\" $$HOME\\b" --log json run` + "\n",
		`ReadWritePaths="/srv/50%% \"a\" $HOME\\b"` + "\n",
	} {
		if !strings.Contains(units, want) {
			t.Errorf("the unit lacks %s\n%s", want, units)
		}
	}
	line := cronLine("/opt/doudi", `/srv/50% it's`, "Asia/Shanghai")
	if want := `'/opt/doudi' -C '/srv/50\% it'\''s' --log json run`; !strings.Contains(line, want) {
		t.Errorf("the crontab lacks %s\n%s", want, line)
	}
}
