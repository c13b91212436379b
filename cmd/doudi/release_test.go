package main

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// TestRelease looks at what `make release` built: every binary needs nothing of
// the machine, and the one for this machine makes a county, runs its night and
// verifies it in a root with nothing else in it; another starts at least, where
// qemu is at hand. It runs where DOUDI_TEST_RELEASE names the folder.
func TestRelease(t *testing.T) {
	dist := os.Getenv("DOUDI_TEST_RELEASE")
	if dist == "" {
		t.Skip("make release runs it")
	}
	binaries, err := filepath.Glob(filepath.Join(dist, "doudi-linux-*"))
	if err != nil || len(binaries) == 0 {
		t.Fatalf("no binaries: %v", err)
	}
	for _, binary := range binaries {
		arch := strings.TrimPrefix(filepath.Base(binary), "doudi-linux-")
		t.Run(arch, func(t *testing.T) {
			mustBeStatic(t, binary, arch)
			if arch == runtime.GOARCH {
				runInBareRoot(t, binary)
				return
			}
			machine, err := exec.LookPath("qemu-" + map[string]string{"arm64": "aarch64", "amd64": "x86_64"}[arch] + "-static")
			if err != nil {
				t.Log("not run: there is no such machine here, and no qemu of it")
				return
			}
			out, err := exec.Command(machine, binary, "version").CombinedOutput()
			if err != nil || !strings.Contains(string(out), "DuckDB") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// mustBeStatic fails where a binary is of another machine, or wants a loader or a
// library.
func mustBeStatic(t *testing.T, binary, arch string) {
	t.Helper()
	f, err := elf.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if want := map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}[arch]; f.Machine != want {
		t.Errorf("it is for %v, not %v", f.Machine, want)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("it wants a loader")
		}
	}
	if libraries, err := f.ImportedLibraries(); err == nil && len(libraries) > 0 {
		t.Errorf("it wants %v", libraries)
	}
}

// runInBareRoot runs the program where there is nothing but itself: no /proc, no
// /etc, no /tmp, no environment, and no network.
func runInBareRoot(t *testing.T, binary string) {
	t.Helper()
	root := t.TempDir()
	program, err := os.ReadFile(binary)
	if err == nil {
		err = os.WriteFile(filepath.Join(root, "doudi"), program, 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	in := &syscall.SysProcAttr{Chroot: root, Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET}
	in.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	in.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	if os.Getuid() == 0 { // needs no user namespace, which a container may forbid
		in = &syscall.SysProcAttr{Chroot: root}
	}
	for _, step := range []struct {
		args []string
		want string
	}{
		{[]string{"version"}, "DuckDB"},
		{[]string{"demo", "/county"}, "/county"},
		{[]string{"-C", "/county", "run"}, "已发布"},
		{[]string{"-C", "/county", "verify"}, ""},
	} {
		c := exec.Command("/doudi", step.args...)
		c.SysProcAttr, c.Dir, c.Env = in, "/", []string{}
		out, err := c.CombinedOutput()
		if err != nil || !strings.Contains(string(out), step.want) {
			t.Fatalf("doudi %s: %v\n%s", strings.Join(step.args, " "), err, out)
		}
	}
}
