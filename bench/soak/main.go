// Command soak lets a made-up county live night by night as a bureau's would:
// its lists lie on servers of SFTP and HTTPS, behind lines that break, stall and
// repeat; runs are killed; and some nights bring lists that deserve to be held.
// At the end every night is published, whatever was held was held by the gate it
// was made for, nothing grew that the sweep should have kept small, and `verify`
// finds every byte in its place.
//
//	go run ./bench/soak -nights 60 -households 2000 -seed 7
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"doudi/fixtures"
)

func main() {
	nights := flag.Int("nights", 60, "how many nights in a row")
	households := flag.Int("households", 2000, "true households of the county")
	seed := flag.Uint64("seed", 7, "of the county, the faults and the kills")
	doudi := flag.String("doudi", "bin/doudi", "the program")
	lists := flag.String("lists", "", "kinds of list that lie on the servers; empty for all")
	flag.Parse()
	if err := soak(context.Background(), *doudi, *lists, fixtures.Options{Households: *households, Seed: *seed, Errors: 1, Nights: *nights - 1}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// county is the workspace and what it is fed from.
type county struct {
	dir     string // the county as made: inbox, next-1 …
	space   string // the workspace
	doudi   string
	env     []string
	servers *servers
	random  *rand.Rand
	whole   time.Duration // how long the last run took that was let be

	kills, refusedRuns, fromCopy int
	peaks                        []int64 // of every run that published a night, in bytes
	litter                       []litter
	accepted                     []string // nights of sound lists that a gate held, and why
	wrong                        []string
}

func soak(ctx context.Context, program, lists string, o fixtures.Options) error {
	dir, err := os.MkdirTemp("", "bench-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	doudi, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	c := &county{
		dir: filepath.Join(dir, "county"), space: filepath.Join(dir, "space"), doudi: doudi,
		random: rand.New(rand.NewPCG(o.Seed, 60)), whole: 10 * time.Second,
	}
	made, err := fixtures.Generate(ctx, c.dir, o)
	if err != nil {
		return err
	}
	fmt.Println("county:", made)
	if c.servers, err = serve(filepath.Join(dir, "served"), rand.New(rand.NewPCG(o.Seed, 61))); err != nil {
		return err
	}
	defer c.servers.close()
	if err := c.settle(dir, lists); err != nil {
		return err
	}
	began := time.Now()
	for n := range o.Nights + 1 {
		if err := c.night(n); err != nil {
			return fmt.Errorf("night %d: %w", n, err)
		}
	}
	if err := c.final(o.Nights + 1); err != nil {
		return err
	}
	fmt.Printf("%d nights in %.0f s\n", o.Nights+1, time.Since(began).Seconds())
	if len(c.wrong) > 0 {
		return fmt.Errorf("%d things were not as they should be:\n%s", len(c.wrong), strings.Join(c.wrong, "\n"))
	}
	return nil
}

// settle lays down the workspace: the county's policy, and doudi.yaml with
// every list on one of the servers.
func (c *county) settle(dir, lists string) error {
	for _, made := range []string{c.space, filepath.Join(dir, "tmp")} {
		if err := os.MkdirAll(made, 0o700); err != nil {
			return err
		}
	}
	if err := os.Rename(filepath.Join(c.dir, "policy"), filepath.Join(c.space, "policy")); err != nil {
		return err
	}
	var y strings.Builder
	// The made-up county has a wrong total on every night: that gate holds only
	// on the night that is made for it.
	y.WriteString("name: 示范县\narea: \"990101\"\nkeep: 3\nkeep_hours: 0\ngates: {columns: hold, words: hold, links: hold, totals: note}\nsources:\n")
	entries, err := os.ReadDir(filepath.Join(c.dir, "inbox"))
	if err != nil {
		return err
	}
	for i, e := range entries {
		roll := e.Name()
		if lists != "" && !slices.Contains(strings.Split(lists, ","), roll) {
			continue
		}
		fmt.Fprintf(&y, "  - roll: %s\n    pick: \"*\"\n    as_of: filename\n    password: ${SOAK_PASSWORD}\n", roll)
		if i%2 == 0 {
			fmt.Fprintf(&y, "    from: sftp://soak@%s%s/%s\n    known_hosts: known_hosts\n", c.servers.sftp.At, c.servers.root, roll)
		} else {
			fmt.Fprintf(&y, "    from: https://soak@%s/%s/\n", c.servers.https.At, roll)
		}
		if roll == "dibao_persons" {
			y.WriteString("    fresh_days: 10\n")
		}
	}
	for name, text := range map[string]string{"doudi.yaml": y.String(), "known_hosts": c.servers.knownHosts, "roots.pem": c.servers.authority} {
		if err := os.WriteFile(filepath.Join(c.space, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	c.env = append(os.Environ(), "SOAK_PASSWORD="+password, "TMPDIR="+filepath.Join(dir, "tmp"), "SSL_CERT_FILE="+filepath.Join(c.space, "roots.pem"))
	return nil
}

// night is one night: a bad list first where it is that night's turn, then
// kills, then runs until it is published.
func (c *county) night(n int) error {
	date := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly)
	inbox := filepath.Join(c.dir, "inbox")
	if n > 0 {
		inbox = filepath.Join(c.dir, fmt.Sprintf("next-%d", n), "inbox")
	}
	// A new county has no copy to fall back on, and a bad list is to be read.
	c.servers.sound(n == 0 || bad[n].gate != "")
	if b := bad[n]; b.gate != "" {
		held, err := c.held(b, inbox, date)
		if err != nil {
			return err
		}
		fmt.Printf("night %2d %s: %s; held: %s\n", n, date, b.what, held)
	}
	if err := c.servers.show(inbox); err != nil {
		return err
	}
	c.servers.away(n == awayNight)
	defer c.servers.away(false)
	killed := 0
	for killed < 3 && n > 0 && c.random.IntN(100) < 35 {
		if ended, err := c.killed(date); err != nil {
			return err
		} else if ended {
			break
		}
		killed++
	}
	c.kills += killed
	var accept []string
	for try := 1; ; try++ {
		began := time.Now()
		out, code, peak, err := c.run(append([]string{"run", "--night", date}, accept...)...)
		if err != nil {
			return err
		}
		c.fromCopy += strings.Count(out, "用的是上次取回的完整副本")
		if code == 0 {
			took := time.Since(began)
			if strings.Contains(out, "：已发布（") { // else a run that was killed too late had done it
				c.whole = took
				c.peaks = append(c.peaks, peak)
			}
			l, err := c.count()
			c.litter = append(c.litter, l)
			fmt.Printf("night %2d %s: published in %.0f s, %d MB, killed %d times, from %d last copies, %d tries; %d files in .doudi, %d snapshots\n",
				n, date, took.Seconds(), peak>>20, killed, strings.Count(out, "用的是上次取回的完整副本"), try, l.scratch, l.snapshots)
			return err
		}
		reason := tail(out)
		fmt.Printf("night %2d %s: exit %d: %s\n", n, date, code, reason)
		if code != 1 || try == 4 {
			return fmt.Errorf("not published, exit %d:\n%s", code, out)
		}
		c.refusedRuns++
		// What is true of the lists may be unusual all the same, as hundreds of
		// rechecks that fall due on one day: somebody looks, and lets it through.
		for _, gate := range gateWord.FindAllStringSubmatch(out, -1) {
			if !slices.Contains(accept, gate[1]) {
				accept = append(accept, "--accept", gate[1], "--reason", "名册核对无误")
			}
		}
		if len(accept) > 0 {
			c.accepted = append(c.accepted, date+" "+reason)
		}
	}
}

// held shows a bad list and wants its gate to hold the night.
func (c *county) held(b badNight, inbox, date string) (string, error) {
	tampered := filepath.Join(filepath.Dir(c.space), "tampered")
	if err := os.RemoveAll(tampered); err != nil {
		return "", err
	}
	if err := os.CopyFS(tampered, os.DirFS(inbox)); err != nil {
		return "", err
	}
	if err := b.spoil(c, tampered); err != nil {
		return "", err
	}
	if err := c.servers.show(tampered); err != nil {
		return "", err
	}
	config := filepath.Join(c.space, "doudi.yaml")
	usual, err := os.ReadFile(config)
	if err != nil {
		return "", err
	}
	strict := strings.Replace(string(usual), "totals: note", "totals: hold", 1)
	if b.gate == "闸门 totals" {
		if err := os.WriteFile(config, []byte(strict), 0o600); err != nil {
			return "", err
		}
	}
	out, code, _, err := c.run("run", "--night", date)
	if err := errors.Join(err, os.WriteFile(config, usual, 0o600)); err != nil {
		return "", err
	}
	if code != 1 || !strings.Contains(out, b.gate) {
		c.wrong = append(c.wrong, fmt.Sprintf("%s: %s, but exit %d: %s", date, b.what, code, tail(out)))
	}
	return tail(out), nil
}

// run lets the program be; the exit code and the most memory it had.
func (c *county) run(args ...string) (out string, code int, peak int64, err error) {
	p := exec.Command(c.doudi, append([]string{"-C", c.space}, args...)...)
	p.Env = c.env
	text, err := p.CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		return "", 0, 0, err
	}
	if strings.Contains(string(text), password) {
		c.wrong = append(c.wrong, fmt.Sprintf("%v shows the password", args))
	}
	return string(text), p.ProcessState.ExitCode(), p.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10, nil
}

// killed kills a run at a random moment; ended where it was faster. What is
// published stays whole.
func (c *county) killed(date string) (ended bool, err error) {
	p := exec.Command(c.doudi, "-C", c.space, "run", "--night", date)
	p.Env = c.env
	if err := p.Start(); err != nil {
		return false, err
	}
	done := make(chan error, 1)
	go func() { done <- p.Wait() }()
	select {
	case <-done:
		return true, nil
	case <-time.After(time.Duration(c.random.Float64() * float64(c.whole))):
		p.Process.Kill()
		<-done
		return false, nil
	}
}

var gateWord = regexp.MustCompile(`· 闸门 (\w+)`)

// tail is the last line of an output that says something.
func tail(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	for i, line := range lines {
		if strings.Contains(line, "今晚未发布") {
			return strings.Join(lines[i:min(i+3, len(lines))], " / ")
		}
	}
	return lines[len(lines)-1]
}
