// Package workspace reads what a bureau sets: doudi.yaml, the policy tables
// beside it, and which files lie where it says the lists are.
package workspace

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

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
	Retain  int    // days that an earlier night's details stay published; 0: for ever
	Gates   []Gate // all there are, in the order they are shown
	Notify  []Notice

	root        *os.Root
	noticeLines []int // of doudi.yaml, by place in Notify

	lineage, lineageSecret string // as they are written
	lineageLine            int
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

	// Of what is pulled from a server: Name is that of its folder under pulled/.
	Name       string `yaml:"name"`
	Password   string `yaml:"password"`
	Key        string `yaml:"key"`
	KnownHosts string `yaml:"known_hosts"`
	Endpoint   string `yaml:"endpoint"`
	Query      string `yaml:"query"` // of a database: one SELECT
	Table      string `yaml:"table"` // or a table or view

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
	Retain       *int     `yaml:"retain"`

	Gates  map[string]any `yaml:"gates"`
	Notify []Notice       `yaml:"notify"`

	Lineage       string `yaml:"lineage"`
	LineageSecret string `yaml:"lineage_secret"`
}

const configName = "doudi.yaml"

// Kinds are the kinds of list there are, as far as doudi.yaml names them.
type Kinds interface {
	IsRoll(roll string) bool
	HasColumn(roll, column string) bool
}

// Open reads the workspace in dir. Mistakes are ConfigErrors.
func Open(dir string, kinds Kinds) (*Workspace, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(dir, configName))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, &ConfigError{File: configName, What: "这里没有工作区。请用 -C 指定含 doudi.yaml 的文件夹，或用 doudi init 新建"}
	}
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(data) {
		return nil, &ConfigError{File: configName, What: "不是 UTF-8 编码，请另存为 UTF-8"}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // Notepad writes one
	var f file
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return nil, yamlError(data, err)
	}
	w := &Workspace{Dir: dir, Name: f.Name, Area: f.Area, Group: f.PublishGroup}
	if w.root, err = os.OpenRoot(dir); err != nil {
		return nil, err
	}
	return w, w.set(f, data, kinds)
}

// yamlError keeps of the library's message the place and the cause, not the
// excerpt: an excerpt may hold a secret.
func yamlError(data []byte, err error) error {
	e := &ConfigError{File: configName, What: "YAML 格式有误，请检查缩进、冒号和引号"}
	var located yaml.Error
	if !errors.As(err, &located) {
		return e
	}
	e.What = "YAML 格式有误：" + located.GetMessage()
	t := located.GetToken()
	if t == nil || t.Position == nil {
		return e
	}
	e.Line = t.Position.Line
	var unknown *yaml.UnknownFieldError
	var mistyped *yaml.TypeError
	switch {
	case errors.As(err, &unknown):
		e.Key, e.What = keyAt(data, t.Position), "没有这个设置项，请检查拼写"
	case errors.As(err, &mistyped):
		e.Key, e.What = keyAt(data, t.Position), "值的类型不对，应为 "+mistyped.DstType.String()
	}
	return e
}

var areaCode = regexp.MustCompile(`^\d{2}(\d{2}(\d{2})?)?$`)

func (w *Workspace) set(f file, data []byte, kinds Kinds) error {
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
	if within(w.Publish, w.Scratch()) {
		return bad("publish", "不能发布到 .doudi：删掉它不应丢失已发布的数据")
	}
	if f.PublishGroup != "" {
		if _, err := user.LookupGroup(f.PublishGroup); err != nil {
			return bad("publish_group", "这台机器上没有这个用户组")
		}
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
	if f.Retain != nil {
		if *f.Retain < 1 {
			return bad("retain", "请写天数，不小于 1；不写则一直保留")
		}
		w.Retain = *f.Retain
	}
	if err := w.setGates(f.Gates, data); err != nil {
		return err
	}
	if err := w.setNotices(f.Notify, data); err != nil {
		return err
	}
	w.lineageLine = lineOf(data, "lineage")
	if err := w.setLineage(f, bad); err != nil {
		return err
	}
	for i, s := range f.Sources {
		s.index = i
		fail := func(key, what string, args ...any) error {
			return &ConfigError{
				File: configName, Line: lineOf(data, "sources", i, key), Key: fmt.Sprintf("sources[%d].%s", i, key),
				What: fmt.Sprintf(what, args...),
			}
		}
		switch {
		case !kinds.IsRoll(s.Roll):
			return fail("roll", "没有 %q 这种名册", s.Roll)
		case s.From == "":
			return fail("from", "请写文件、文件夹或通配符")
		case s.FreshDays != nil && *s.FreshDays < 0:
			return fail("fresh_days", "不能小于 0")
		case s.AsOf != "" && s.AsOf != "filename" && s.AsOf != "modified" && !isDate(s.AsOf):
			return fail("as_of", "请写日期（2026-11-20）、filename 或 modified")
		}
		for _, header := range slices.Sorted(maps.Keys(s.Columns)) {
			if column := s.Columns[header]; !kinds.HasColumn(s.Roll, column) {
				return fail("columns", "%s 没有 %q 这一列，右边请写程序的列名", s.Roll, column)
			}
		}
		if s.IsPulled() {
			if key, err := w.checkPull(&s); err != nil {
				return fail(key, "%v", err)
			}
		} else if _, err := w.inside(s.From, ""); err != nil {
			return fail("from", "%v", err)
		} else if s.Password != "" && !isReference(s.Password) {
			return fail("password", plainSecret)
		} else if s.Query != "" || s.Table != "" {
			return fail(onlyDatabases(s), notDatabase)
		}
		if _, err := filepath.Match(s.Pick, ""); err != nil {
			return fail("pick", "通配符写法有误")
		}
		w.Sources = append(w.Sources, s)
	}
	return w.addInboxFolders(kinds)
}

// addInboxFolders reads inbox/<roll>/ as that roll where no entry speaks of
// the roll.
func (w *Workspace) addInboxFolders(kinds Kinds) error {
	entries, err := fs.ReadDir(w.root.FS(), "inbox")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("inbox: %w", err)
	}
	for _, e := range entries {
		known := slices.ContainsFunc(w.Sources, func(s Source) bool { return s.Roll == e.Name() })
		if kinds.IsRoll(e.Name()) && !known {
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
	if path = filepath.Clean(path); !within(path, w.Dir) {
		return "", errors.New("路径在工作区之外，请改为工作区内的路径")
	}
	return path, nil
}

// within says whether a path is a folder or lies in it.
func within(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, "../")
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
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
