package workspace

import (
	"errors"
	"net/url"
	"strings"
)

// Lineage is where the events of a night's lineage go: a file of the workspace,
// or a server.
type Lineage struct {
	File   string   // absolute; "" where they go to a server
	URL    *url.URL // nil where they go to a file
	Secret string
}

// setLineage checks `lineage` and `lineage_secret`, as far as that can be told
// without the secret.
func (w *Workspace) setLineage(f file, bad func(key, what string, args ...any) error) error {
	w.lineage, w.lineageSecret = f.Lineage, f.LineageSecret
	onServer := strings.Contains(f.Lineage, "://") || isReference(f.Lineage)
	switch {
	case f.LineageSecret != "" && !isReference(f.LineageSecret):
		return bad("lineage_secret", "%s", plainSecret)
	case f.LineageSecret != "" && !onServer:
		return bad("lineage_secret", "只用于 lineage 是 https:// 地址时")
	case f.Lineage == "" || isReference(f.Lineage):
		return nil
	case !onServer:
		at, err := w.inside(f.Lineage, "")
		if err == nil && within(at, w.Publish) {
			err = errors.New("不能写到发布的文件夹里，请改为工作区内别处的文件")
		}
		if err != nil {
			return bad("lineage", "%v", err)
		}
		return nil
	}
	if err := w.checkNotice(Notice{Kind: "json"}, fromEnvironment.ReplaceAllString(f.Lineage, "0")); err != nil {
		return bad("lineage", "请写工作区内的文件，或 https:// 地址：%v", err)
	}
	if w.literalSecret(f.Lineage) {
		return bad("lineage", "%s", plainSecret)
	}
	return nil
}

// LineagePlace is where the events go, its secrets filled in; nil where nobody
// asked for them. A secret that is not set is a ConfigError.
func (w *Workspace) LineagePlace() (*Lineage, error) {
	fail := func(key string, err error) error {
		return &ConfigError{File: configName, Line: w.lineageLine, Key: key, What: err.Error()}
	}
	if w.lineage == "" {
		return nil, nil
	}
	if !strings.Contains(w.lineage, "://") && !isReference(w.lineage) {
		at, err := w.inside(w.lineage, "")
		return &Lineage{File: at}, err
	}
	var l Lineage
	var address string
	var err error
	if isReference(w.lineage) {
		address, err = w.secret(w.lineage)
	} else {
		address, _, err = fillAddress(w.lineage)
	}
	if err == nil {
		err = w.checkNotice(Notice{Kind: "json"}, address)
	}
	if err == nil {
		l.URL, err = url.Parse(address)
	}
	if err != nil {
		return nil, fail("lineage", err)
	}
	if w.lineageSecret != "" {
		if l.Secret, err = w.secret(w.lineageSecret); err != nil {
			return nil, fail("lineage_secret", err)
		}
	}
	return &l, nil
}
