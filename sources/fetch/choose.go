package fetch

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"regexp"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// wanted is a file to be pulled, with what its sender says of it.
type wanted struct {
	Item
	checks []check
	done   bool // an .ok lies beside it
}

// check is a checksum that the sender laid beside a file.
type check struct {
	Item
	kind string // sha256, md5
}

// choose picks what is to be pulled out of what lies there, by name.
func (p *pull) choose(there []Item) ([]wanted, error) {
	byName := map[string]Item{}
	var files []Item
	hidden, folders := 0, 0
	for _, item := range there {
		name := norm.NFC.String(item.Name)
		if item.folder {
			folders++
			continue
		}
		if strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "..") || strings.HasPrefix(name, "~$") || strings.HasSuffix(name, ".part") {
			hidden++
			continue
		}
		if isBeside(name) {
			byName[name] = item
			continue
		}
		if ok, _ := path.Match(norm.NFC.String(p.Pick), name); p.Pick != "" && !ok {
			continue
		}
		if what := unsafe(name); what != "" {
			return nil, permanent("文件名 %s %s，请发送方改名", shown(name), what)
		}
		if item.odd != "" {
			return nil, permanent("%s %s", name, item.odd)
		}
		if _, twice := byName[name]; twice {
			return nil, permanent("有两个文件都叫 %s", name)
		}
		item.Name = name
		byName[name] = item
		files = append(files, item)
	}
	if hidden > 0 {
		p.note("%d 个隐藏文件或临时文件未取", hidden)
	}
	if folders > 0 {
		p.note("%d 个下级文件夹未取", folders)
	}
	if p.Date != nil {
		files = p.newest(files)
	}
	switch {
	case len(files) == 0 && p.Pick != "":
		return nil, permanent("那里没有符合 pick（%s）的文件", p.Pick)
	case len(files) == 0:
		return nil, permanent("那里没有文件")
	case len(files) > p.Limits.Files:
		return nil, permanent("符合的文件有 %d 个，超过上限 %d，请用 pick 收窄", len(files), p.Limits.Files)
	}
	sort.Slice(files, func(i, j int) bool { return files[i].Name < files[j].Name })
	all := make([]wanted, len(files))
	marks := false
	for i, f := range files {
		all[i].Item = f
		for _, base := range []string{f.Name, strings.TrimSuffix(f.Name, path.Ext(f.Name))} {
			for _, kind := range []string{"md5", "sha256"} {
				if item, ok := byName[base+"."+kind]; ok {
					all[i].checks = append(all[i].checks, check{item, kind})
				}
			}
			if _, ok := byName[base+".ok"]; ok {
				all[i].done, marks = true, true
			}
		}
	}
	for _, w := range all {
		if marks && !w.done {
			return nil, permanent("%s 还没有 .ok 标记，发送方尚未写完", w.Name)
		}
	}
	return all, nil
}

// isBeside says whether a file speaks of the one beside it.
func isBeside(name string) bool {
	switch path.Ext(name) {
	case ".sha256", ".md5", ".ok":
		return true
	}
	return false
}

// newest keeps the files with the latest date.
func (p *pull) newest(files []Item) []Item {
	var latest time.Time
	for _, f := range files {
		if d := p.Date(f.Name, f.Time); d.After(latest) {
			latest = d
		}
	}
	var kept []Item
	for _, f := range files {
		if d := p.Date(f.Name, f.Time); d.IsZero() || d.Equal(latest) { // without a date: to be refused by name later
			kept = append(kept, f)
		}
	}
	if older := len(files) - len(kept); older > 0 {
		p.note("%d 个较旧的文件未取", older)
	}
	return kept
}

func (p *pull) note(format string, args ...any) {
	p.result.Notes = append(p.result.Notes, fmt.Sprintf(format, args...))
}

// unsafe says why a name from outside may not become a file's name here.
func unsafe(name string) string {
	switch {
	case name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\`):
		return "不是一个文件名"
	case !utf8.ValidString(name):
		return "不是 UTF-8 编码"
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }):
		return "含有换行或控制字符"
	case len(name) > 200:
		return "超过 200 字节"
	}
	return ""
}

// shown is a name that may hold anything, on one short line.
func shown(name string) string {
	if runes := []rune(name); len(runes) > 40 {
		name = string(runes[:40]) + "…"
	}
	return fmt.Sprintf("%q", name)
}

var hexWord = regexp.MustCompile(`\b[0-9A-Fa-f]{32,64}\b`)

// said reads the checksum that a sender's file gives for a name: the only one
// in it, or the one on the name's line. digits is how long it is. Where the
// file was only guessed to be one, "" if it has none.
func (p *pull) said(ctx context.Context, item Item, name string, digits int) (string, error) {
	var text []byte
	err := p.try(ctx, p.Stall, func(ctx context.Context) error {
		body, _, err := p.remote.open(ctx, item, 0)
		if err != nil {
			return err
		}
		defer body.Close()
		text, err = io.ReadAll(io.LimitReader(body, 1<<20))
		return err
	})
	if err != nil {
		return "", err
	}
	only := ""
	for line := range strings.Lines(string(text)) {
		for _, word := range hexWord.FindAllString(line, -1) {
			if _, err := hex.DecodeString(word); err != nil || len(word) != digits {
				continue
			}
			if word = strings.ToLower(word); strings.Contains(line, name) || only == "" {
				only = word
			}
			if strings.Contains(line, name) {
				return only, nil
			}
		}
	}
	if only == "" {
		if item.guessed {
			return "", nil
		}
		return "", permanent("发送方的 %s 里没有校验值", item.Name)
	}
	return only, nil
}
