package pipeline

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// peakMemory is the most memory the process has held so far, in bytes; 0
// where the system does not tell.
func peakMemory() int64 {
	if peak := procBytes("/proc/self/status", "VmHWM:"); peak > 0 {
		return peak
	}
	var used unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return used.Maxrss << 10
}

// gauge watches how much memory the process holds, for the system tells the most
// of all time, and a step wants the most of its own.
type gauge struct {
	mu    sync.Mutex
	marks map[*mark]bool
	stop  chan struct{}
}

// mark is a stretch of time that is under way.
type mark struct{ most, before int64 }

// gaugeEvery is how often the gauge looks. A peak that is a new one of all time
// is told to the byte, however short it was.
const gaugeEvery = 20 * time.Millisecond

// newGauge begins to watch; close ends it.
func newGauge() *gauge {
	g := &gauge{marks: map[*mark]bool{}, stop: make(chan struct{})}
	go func() {
		tick := time.NewTicker(gaugeEvery)
		defer tick.Stop()
		for {
			select {
			case <-g.stop:
				return
			case <-tick.C:
				g.look()
			}
		}
	}()
	return g
}

func (g *gauge) look() {
	held := heldMemory()
	g.mu.Lock()
	defer g.mu.Unlock()
	for m := range g.marks {
		m.most = max(m.most, held)
	}
}

// begin marks the begin of a stretch.
func (g *gauge) begin() *mark {
	m := &mark{most: heldMemory(), before: peakMemory()}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.marks[m] = true
	return m
}

// end gives the most memory the process held since a mark, in bytes.
func (g *gauge) end(m *mark) int64 {
	g.look()
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.marks, m)
	if peak := peakMemory(); peak > m.before || m.most == 0 {
		return peak
	}
	return m.most
}

// next ends a stretch and begins the one behind it.
func (g *gauge) next(m *mark) (int64, *mark) { return g.end(m), g.begin() }

func (g *gauge) close() { close(g.stop) }

// heldMemory is what the process holds now, in bytes; 0 where the system does
// not tell.
func heldMemory() int64 {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(data))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

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
