package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"doudi/fixtures/truth"
)

// figures are what a night is worth.
type figures struct {
	dibao, register int // records
	linked, right   int // pairs
	wanted, missed  int // records of dibao whose person the register has, and those not linked to it
	lost            int // of the missed, those never compared with a record of their person
	review          int
	candidates      int
	households      truth.Tally
	slices          map[string]*slice
	deciles         [10]calibration
	highest         [3]calibration // from 0.9, from 0.99, from 0.999
	held            map[[2]truth.Place]truth.Link
}

// slice is the records of one kind: how many should be linked, how many are, and
// how many links with one of them are false.
type slice struct{ wanted, found, wrong int }

// calibration is the links of a range of probability, and what it promised.
type calibration struct {
	links, right int
	promised     float64
}

func (c *calibration) add(l truth.Link) {
	c.links++
	c.promised += l.Probability
	if l.True {
		c.right++
	}
}

// measure holds the published night of a county against its truth.
func measure(known *truth.Known, dir string) (*figures, error) {
	root, night := current(dir)
	links, err := known.Links(root, night)
	if err != nil {
		return nil, err
	}
	roll, err := readRolls(known, root, night)
	if err != nil {
		return nil, err
	}
	f := &figures{dibao: roll.dibao, register: roll.register, slices: map[string]*slice{}, held: map[[2]truth.Place]truth.Link{}}
	if f.households, err = known.Households(root, night); err != nil {
		return nil, err
	}
	compared := map[truth.Place]bool{} // records of dibao that met one of their person
	pairs, err := candidatePairs(root, night)
	if err != nil {
		return nil, err
	}
	f.candidates = len(pairs)
	for _, p := range pairs {
		if known.Same(p[0], p[1]) {
			compared[p[0]] = true
		}
	}
	for _, l := range links {
		if l.True {
			compared[l.Dibao] = true
		}
		f.count(l)
		if l.Decision == "linked" && !l.True {
			for _, name := range roll.slices(l.Dibao, l.Register) {
				f.slice(name).wrong++
			}
		}
	}
	for _, w := range known.Wanted(links) {
		f.wanted++
		if !w.Linked {
			f.missed++
			if !compared[w.Dibao] {
				f.lost++
			}
		}
		for _, name := range roll.slices(w.Dibao, w.Register[0]) {
			s := f.slice(name)
			s.wanted++
			if w.Linked {
				s.found++
			}
		}
	}
	return f, nil
}

func (f *figures) count(l truth.Link) {
	f.held[[2]truth.Place{l.Dibao, l.Register}] = l
	if l.Decision == "linked" {
		f.linked++
		if l.True {
			f.right++
		}
	} else {
		f.review++
	}
	f.deciles[min(int(l.Probability*10), 9)].add(l)
	switch {
	case l.Probability >= 0.999:
		f.highest[2].add(l)
	case l.Probability >= 0.99:
		f.highest[1].add(l)
	case l.Probability >= 0.9:
		f.highest[0].add(l)
	}
}

func (f *figures) slice(name string) *slice {
	if f.slices[name] == nil {
		f.slices[name] = &slice{}
	}
	return f.slices[name]
}

func (f *figures) print() {
	fmt.Printf("persons: precision %s recall %s (linked %d, false %d; %d to be linked, missed %d, of which %d were never compared)\n",
		truth.Share(f.right, f.linked), truth.Share(f.wanted-f.missed, f.wanted), f.linked, f.linked-f.right, f.wanted, f.missed, f.lost)
	fmt.Printf("households: precision %s recall %s (linked %d, to be linked %d)\n",
		f.households.Precision(), f.households.Recall(), f.households.Found, f.households.All)
	fmt.Printf("review: %d pairs, %.3f %% of the links\n", f.review, 100*float64(f.review)/float64(f.linked))
	for _, name := range slices.Sorted(maps.Keys(f.slices)) {
		s := f.slices[name]
		fmt.Printf("  %-34s %8d recall %s, false links %d\n", name, s.wanted, truth.Share(s.found, s.wanted), s.wrong)
	}
	fmt.Println("calibration, links and reviews by probability:")
	for d := range f.deciles {
		f.deciles[d].print(fmt.Sprintf("%.1f–%.1f", float64(d)/10, float64(d+1)/10))
	}
	for i, name := range []string{"0.9–0.99", "0.99–0.999", "0.999–1"} {
		f.highest[i].print("of these " + name)
	}
}

func (c calibration) print(name string) {
	if c.links > 0 {
		fmt.Printf("  %-20s %8d, promised %.4f, true %.4f\n", name, c.links, c.promised/float64(c.links), float64(c.right)/float64(c.links))
	}
}

// printShort gives a night in a line of a table, beside that of the linker as it
// is: a part that is off and decides and weighs nothing otherwise is not off.
func (f *figures) printShort(name string, asItIs *figures) {
	if f == asItIs {
		fmt.Println("\n| the linker with | links | false | missed | precision | recall | households' recall | review | decided otherwise | weighed otherwise |")
		fmt.Println("|---|---|---|---|---|---|---|---|---|---|")
	}
	decided, weighed := f.otherwise(asItIs)
	fmt.Printf("| %s | %d | %d | %d | %s | %s | %s | %d | %d | %d |\n", name, f.linked, f.linked-f.right, f.missed,
		truth.Share(f.right, f.linked), truth.Share(f.wanted-f.missed, f.wanted), f.households.Recall(), f.review, decided, weighed)
}

// otherwise counts the pairs that one night links, or has reviewed, and the
// other does not, and those of which it is held alike by another way or with
// another probability.
func (f *figures) otherwise(other *figures) (decided, weighed int) {
	for pair, l := range f.held {
		was, known := other.held[pair]
		switch {
		case !known || was.Decision != l.Decision:
			decided++
		case was.Method != l.Method || was.Probability != l.Probability:
			weighed++
		}
	}
	for pair := range other.held {
		if _, known := f.held[pair]; !known {
			decided++
		}
	}
	return decided, weighed
}

// score is the row that bench/splink sets beside those of Splink: false links,
// missed, P, R, F1, CPU seconds of linking and peak memory of the night.
func (f *figures) score(c *cost) string {
	p, r := float64(f.right)/float64(f.linked), float64(f.wanted-f.missed)/float64(f.wanted)
	return fmt.Sprintf("%d,%d,%.5f,%.5f,%.5f,%.0f,%.1f\n", f.linked-f.right, f.missed, p, r, 2*p*r/(p+r),
		c.linking("link.").Seconds(), float64(c.peakBytes)/(1<<30))
}

// current is where the last published night of a workspace lies, and its date.
func current(dir string) (root, night string) {
	root = filepath.Join(dir, "out", "current")
	nights, err := os.ReadDir(filepath.Join(root, "links"))
	if err != nil || len(nights) == 0 {
		panic("no links are published in " + root) // a night that ran publishes them
	}
	return root, nights[len(nights)-1].Name()[len("night="):]
}
