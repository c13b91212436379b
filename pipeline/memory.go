package pipeline

import (
	"bufio"
	"os"
	"strconv"
	"strings"
)

// peakMemory is the most memory the process has held so far, in bytes; 0
// where the system does not tell.
func peakMemory() int64 { return procBytes("/proc/self/status", "VmHWM:") }

// defaultMemory is the share of the machine DuckDB gets unless told: an
// eighth, between 1 and 8 GB; beyond it joins and sorts spill. Less would do for
// a county, but DuckDB 1.4.3 now and then crashes where a hash aggregate runs
// out of its share (TupleDataCollection::Combine), so it is given room.
func defaultMemory() int64 {
	return min(max(procBytes("/proc/meminfo", "MemTotal:")/8, 1<<30), 8<<30)
}

// procBytes reads a line "Name:  123 kB".
func procBytes(path, name string) int64 {
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if fields := strings.Fields(s.Text()); len(fields) > 1 && fields[0] == name {
			kb, _ := strconv.ParseInt(fields[1], 10, 64)
			return kb << 10
		}
	}
	return 0
}
