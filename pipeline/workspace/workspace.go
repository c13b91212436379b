// Package workspace reads what a bureau sets: doudi.yaml, the policy tables
// beside it, and which files lie where it says the lists are.
package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// ConfigError is a mistake in doudi.yaml or under policy/: where it stands and
// what to do about it, in Chinese. It ends a command with exit code 2.
type ConfigError struct {
	File string // as the bureau knows it: doudi.yaml, policy/parameters.csv
	Line int    // 0 where it is not one line
	Key  string // "" where it is not one key
	What string
}

func (e *ConfigError) Error() string {
	place := e.File
	if e.Line > 0 {
		place += fmt.Sprintf(":%d", e.Line)
	}
	if e.Key != "" {
		place += ": " + e.Key
	}
	return place + "：" + e.What
}

// Workspace is a folder with doudi.yaml, as read.
type Workspace struct {
	Dir     string // absolute
	Name    string
	Area    string // GB/T 2260
	Zone    *time.Location
	Night   time.Time // zero where doudi.yaml fixes none
	Sources []Source
	Policy  string // absolute folder
	Publish string // absolute folder
	Group   string // publish_group
	Keep    int
	KeepFor time.Duration

	root *os.Root
}

// Source is one entry of `sources`: where a kind of list lies.
type Source struct {
	Roll      string            `yaml:"roll"`
	From      string            `yaml:"from"`
	AsOf      string            `yaml:"as_of"`
	Pick      string            `yaml:"pick"`
	Newest    bool              `yaml:"newest"`
	Required  *bool             `yaml:"required"`
	FreshDays *int              `yaml:"fresh_days"`
	Columns   map[string]string `yaml:"columns"`

	index int // in doudi.yaml; -1 for a folder of inbox/ without an entry
}

// IsRequired says whether the night is held without this list.
func (s Source) IsRequired() bool {
	if s.Required != nil {
		return *s.Required
	}
	return s.Roll == "dibao_persons" || s.Roll == "register"
}

// file is doudi.yaml.
type file struct {
	Name         string   `yaml:"name"`
	Area         string   `yaml:"area"`
	Timezone     string   `yaml:"timezone"`
	Sources      []Source `yaml:"sources"`
	Night        string   `yaml:"night"`
	Policy       string   `yaml:"policy"`
	Publish      string   `yaml:"publish"`
	PublishGroup string   `yaml:"publish_group"`
	Keep         *int     `yaml:"keep"`
	KeepHours    *int     `yaml:"keep_hours"`
}

const configName = "doudi.yaml"

// Open reads the workspace in dir. isRoll tells the kinds of list there are.
// Mistakes are ConfigErrors.
func Open(dir string, isRoll func(string) bool) (*Workspace, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(dir, configName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &ConfigError{File: configName, What: "这里没有工作区。请用 -C 指定含 doudi.yaml 的文件夹，或用 doudi init 新建"}
	}
	if err != nil {
		return nil, err
	}
	var f file
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return nil, yamlError(err)
	}
	w := &Workspace{Dir: dir, Name: f.Name, Area: f.Area, Group: f.PublishGroup}
	if w.root, err = os.OpenRoot(dir); err != nil {
		return nil, err
	}
	return w, w.set(f, data, isRoll)
}

// yamlError keeps of the library's message the line and the cause, not the
// excerpt: an excerpt may hold a secret.
func yamlError(err error) error {
	e := &ConfigError{File: configName, What: "YAML 格式有误，请检查缩进、冒号和引号"}
	var located yaml.Error
	if errors.As(err, &located) {
		e.What = "YAML 格式有误：" + located.GetMessage()
		if t := located.GetToken(); t != nil && t.Position != nil {
			e.Line = t.Position.Line
			if strings.Contains(located.GetMessage(), "unknown field") {
				e.Key, e.What = t.Value, "没有这个设置项，请检查拼写"
			}
		}
	}
	return e
}

var areaCode = regexp.MustCompile(`^\d{2}(\d{2}(\d{2})?)?$`)

func (w *Workspace) set(f file, data []byte, isRoll func(string) bool) error {
	bad := func(key, what string, args ...any) error {
		return &ConfigError{File: configName, Line: lineOf(data, key), Key: key, What: fmt.Sprintf(what, args...)}
	}
	if !areaCode.MatchString(w.Area) {
		return bad("area", "请写行政区划代码（GB/T 2260，2、4 或 6 位数字，加引号），如 \"990101\"")
	}
	zone := f.Timezone
	if zone == "" {
		zone = "Asia/Shanghai"
	}
	var err error
	if w.Zone, err = time.LoadLocation(zone); err != nil {
		return bad("timezone", "没有这个时区，请写如 Asia/Shanghai")
	}
	if f.Night != "" {
		if w.Night, err = time.Parse(time.DateOnly, f.Night); err != nil {
			return bad("night", "请写成 2026-11-20 的样子")
		}
	}
	if w.Policy, err = w.inside(f.Policy, "policy"); err != nil {
		return bad("policy", "%v", err)
	}
	if w.Publish, err = w.inside(f.Publish, "out"); err != nil {
		return bad("publish", "%v", err)
	}
	w.Keep, w.KeepFor = 3, 24*time.Hour
	if f.Keep != nil {
		if *f.Keep < 0 {
			return bad("keep", "不能小于 0")
		}
		w.Keep = *f.Keep
	}
	if f.KeepHours != nil {
		if *f.KeepHours < 0 {
			return bad("keep_hours", "不能小于 0")
		}
		w.KeepFor = time.Duration(*f.KeepHours) * time.Hour
	}
	for i, s := range f.Sources {
		s.index = i
		key := fmt.Sprintf("sources[%d]", i)
		line := lineOfSource(data, i)
		fail := func(sub, what string, args ...any) error {
			return &ConfigError{File: configName, Line: line, Key: key + "." + sub, What: fmt.Sprintf(what, args...)}
		}
		switch {
		case !isRoll(s.Roll):
			return fail("roll", "没有 %q 这种名册", s.Roll)
		case s.From == "":
			return fail("from", "请写文件、文件夹或通配符")
		case s.FreshDays != nil && *s.FreshDays < 0:
			return fail("fresh_days", "不能小于 0")
		case s.AsOf != "" && s.AsOf != "filename" && s.AsOf != "modified" && !isDate(s.AsOf):
			return fail("as_of", "请写日期（2026-11-20）、filename 或 modified")
		}
		if !isURL(s.From) {
			if _, err := w.inside(s.From, ""); err != nil {
				return fail("from", "%v", err)
			}
		}
		if _, err := filepath.Match(s.Pick, ""); err != nil {
			return fail("pick", "通配符写法有误")
		}
		w.Sources = append(w.Sources, s)
	}
	return w.addInboxFolders(isRoll)
}

// addInboxFolders reads inbox/<roll>/ as that roll where no entry speaks of
// the roll.
func (w *Workspace) addInboxFolders(isRoll func(string) bool) error {
	entries, err := fs.ReadDir(w.root.FS(), "inbox")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("inbox: %w", err)
	}
	for _, e := range entries {
		known := slices.ContainsFunc(w.Sources, func(s Source) bool { return s.Roll == e.Name() })
		if isRoll(e.Name()) && !known {
			w.Sources = append(w.Sources, Source{Roll: e.Name(), From: "inbox/" + e.Name(), index: -1})
		}
	}
	return nil
}

// inside makes a path of doudi.yaml absolute and refuses one that leads out
// of the workspace.
func (w *Workspace) inside(path, otherwise string) (string, error) {
	if path == "" {
		path = otherwise
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(w.Dir, path)
	}
	rel, err := filepath.Rel(w.Dir, filepath.Clean(path))
	if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return "", errors.New("路径在工作区之外，请改为工作区内的路径")
	}
	return filepath.Join(w.Dir, rel), nil
}

func isURL(from string) bool { return strings.Contains(from, "://") }

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// lineOf finds the line of a top-level key.
func lineOf(data []byte, key string) int {
	for i, line := range strings.Split(string(data), "\n") {
		if strings.HasPrefix(line, key+":") {
			return i + 1
		}
	}
	return 0
}

var sourceLine = regexp.MustCompile(`^\s*-\s`)

// lineOfSource finds the line on which the n-th entry of `sources` begins.
func lineOfSource(data []byte, n int) int {
	within := false
	for i, line := range strings.Split(string(data), "\n") {
		switch {
		case strings.HasPrefix(line, "sources:"):
			within = true
		case within && sourceLine.MatchString(line):
			if n == 0 {
				return i + 1
			}
			n--
		}
	}
	return 0
}

// Scratch is the folder for spill, raw store, lock and logs: deleting it costs
// time, never data.
func (w *Workspace) Scratch() string { return filepath.Join(w.Dir, ".doudi") }

// Yesterday is the default night: the day before now in the workspace's zone.
func (w *Workspace) Yesterday(now time.Time) time.Time {
	y, m, d := now.In(w.Zone).Date()
	return time.Date(y, m, d-1, 0, 0, 0, 0, time.UTC)
}

// CheckArea says what is wrong with an area's code.
func CheckArea(area string) error {
	if !areaCode.MatchString(area) {
		return errors.New("请写行政区划代码（GB/T 2260，2、4 或 6 位数字）")
	}
	return nil
}
