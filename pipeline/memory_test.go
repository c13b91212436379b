package pipeline

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// TestGauge: a stretch knows the most memory of its own time, and not of the one
// before it.
func TestGauge(t *testing.T) {
	if heldMemory() == 0 {
		t.Skip("the system does not tell")
	}
	const big = 128 << 20
	g := newGauge()
	defer g.close()
	first := g.begin()
	block := make([]byte, big)
	for i := 0; i < len(block); i += 4096 {
		block[i] = 1
	}
	time.Sleep(3 * gaugeEvery)
	runtime.KeepAlive(block)
	peak := g.end(first)
	block = nil
	debug.FreeOSMemory()
	second := g.begin()
	time.Sleep(3 * gaugeEvery)
	after := g.end(second)
	if peak < big || after > peak-big/2 {
		t.Errorf("with the block %d MB, without it %d MB", peak>>20, after>>20)
	}
}
