package workspace

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// IsPulled says whether the source lies on a server and is pulled from there.
func (s Source) IsPulled() bool { return strings.Contains(s.From, "://") }

// Place is where the files of a source lie in the workspace.
func (s Source) Place() string {
	if s.IsPulled() {
		return path.Join("pulled", s.Name)
	}
	return s.From
}

// schemes are those that can be pulled from.
var schemes = []string{"file", "https", "http", "sftp", "s3", "postgres", "mysql"}

var (
	fromEnvironment = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)
	sourceName      = regexp.MustCompile(`^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,59}$`)
	secretParameter = regexp.MustCompile(`(?i)(password|passwd|pwd|token|secret|signature|api_?key|access_?key)`)
)

const secretsFolder = "secrets"

// plainSecret is what is said of a secret that stands in doudi.yaml itself.
const plainSecret = "密码不能写在 doudi.yaml 里，请写成 ${环境变量} 或 file:secrets/文件名"

// checkPull checks what doudi.yaml says of a source on a server, as far as that
// can be told without its secrets, and gives it a name where it has none. The
// error is in Chinese and belongs to the key.
func (w *Workspace) checkPull(s *Source) (key string, err error) {
	written := fromEnvironment.ReplaceAllString(s.From, "0")
	u, err := url.Parse(written)
	if err != nil {
		return "from", errors.New("地址写得不对") // the library's words would show it
	}
	if !slices.Contains(schemes, u.Scheme) {
		return "from", fmt.Errorf("不能从 %s:// 取数，可以用 %s", u.Scheme, strings.Join(schemes, "、"))
	}
	switch {
	case u.Scheme == "file" && (u.Host != "" || u.Path == ""):
		return "from", errors.New("请写成 file:///mnt/共享/文件夹 的样子")
	case u.Scheme != "file" && u.Hostname() == "":
		return "from", errors.New("地址里没有服务器（s3 是没有存储桶）")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return "from", errors.New("http:// 不加密，只能用于本机，请改用 https://")
	case u.Scheme == "sftp" && (u.User == nil || u.User.Username() == ""):
		return "from", errors.New("请写明用户名，如 sftp://user@host/path")
	}
	if inURL := w.literalSecret(s.From); inURL {
		return "from", errors.New(plainSecret)
	}
	for _, secret := range []struct{ key, value string }{{"password", s.Password}, {"key", s.Key}} {
		if secret.value != "" && !isReference(secret.value) {
			return secret.key, errors.New(plainSecret)
		}
	}
	if s.isDatabase() {
		if key, err := s.checkDatabase(u); err != nil {
			return key, err
		}
	} else if s.Query != "" || s.Table != "" {
		return onlyDatabases(*s), errors.New(notDatabase)
	}
	if s.Endpoint != "" {
		e, err := url.Parse(fromEnvironment.ReplaceAllString(s.Endpoint, "0"))
		if err != nil || e.User != nil || e.Host == "" || e.Scheme != "https" && !(e.Scheme == "http" && loopback(e.Hostname())) {
			return "endpoint", errors.New("请写成 https://主机 的样子（http:// 只能用于本机）")
		}
	} else if u.Scheme == "s3" {
		return "endpoint", errors.New("请写明对象存储的地址，如 https://oss-cn-guangzhou.aliyuncs.com")
	}
	if s.Name == "" {
		s.Name = s.Roll
		for n := 2; w.named(s.Name); n++ {
			s.Name = fmt.Sprintf("%s-%d", s.Roll, n)
		}
	}
	if !sourceName.MatchString(s.Name) {
		return "name", errors.New("请用字母、数字、汉字、- 和 _")
	}
	if w.named(s.Name) {
		return "name", errors.New("前面已有这个名字的来源，请另取一个")
	}
	return "", nil
}

// named says whether a source that is pulled has the name already.
func (w *Workspace) named(name string) bool {
	return slices.ContainsFunc(w.Sources, func(s Source) bool { return s.IsPulled() && s.Name == name })
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// literalSecret says whether an address has a secret written into it: a
// password, or a parameter that is called like one, which is not ${NAME}.
func (w *Workspace) literalSecret(from string) bool {
	u, err := url.Parse(fromEnvironment.ReplaceAllString(from, ""))
	if err != nil {
		return true
	}
	if u.User != nil {
		if password, given := u.User.Password(); given && password != "" {
			return true
		}
	}
	for name, values := range u.Query() {
		if secretParameter.MatchString(name) && strings.Join(values, "") != "" {
			return true
		}
	}
	return false
}

// isReference says whether a value names where the secret is, and is not one.
func isReference(value string) bool {
	if whole := fromEnvironment.FindString(value); whole == value {
		return true
	}
	return strings.HasPrefix(value, "file:"+secretsFolder+"/")
}

// Pull is a source on a server as it is asked, its secrets filled in.
type Pull struct {
	Source
	Entry      int // of Workspace.Sources
	URL        *url.URL
	Into       string // absolute folder that its files appear in
	KnownHosts string // absolute path
	Secrets    []string
	// Date is the date a file speaks of; nil where all files are wanted.
	Date func(name string, modified time.Time) time.Time
}

// Pulls are the sources on servers. A secret that is not set, or whose file is
// missing, is a ConfigError.
func (w *Workspace) Pulls() ([]Pull, error) {
	var pulls []Pull
	for i, s := range w.Sources {
		if !s.IsPulled() {
			continue
		}
		p := Pull{Source: s, Entry: i, Into: filepath.Join(w.Dir, "pulled", s.Name)}
		fail := func(key string, err error) error {
			return &ConfigError{File: configName, Key: fmt.Sprintf("sources[%d].%s", s.index, key), What: err.Error()}
		}
		address, secrets, err := fillAddress(s.From)
		if err != nil {
			return nil, fail("from", err)
		}
		p.Secrets = secrets
		if p.URL, err = url.Parse(address); err != nil {
			return nil, fail("from", errors.New("填入环境变量后地址不对"))
		}
		if p.URL.User != nil {
			if password, given := p.URL.User.Password(); given {
				p.Password, p.URL.User = password, url.User(p.URL.User.Username())
			}
		}
		for _, secret := range []struct {
			key, reference string
			into           *string
		}{{"password", s.Password, &p.Password}, {"key", s.Key, &p.Key}} {
			if secret.reference == "" {
				continue
			}
			if *secret.into, err = w.secret(secret.reference); err != nil {
				return nil, fail(secret.key, err)
			}
			p.Secrets = append(p.Secrets, *secret.into)
		}
		if p.Endpoint, _, err = fill(s.Endpoint, nil); err != nil {
			return nil, fail("endpoint", err)
		}
		if s.isDatabase() {
			if key, err := w.fillDatabase(&p); err != nil {
				return nil, fail(key, err)
			}
		}
		if s.KnownHosts != "" {
			p.KnownHosts = s.KnownHosts
			if !filepath.IsAbs(p.KnownHosts) {
				p.KnownHosts = filepath.Join(w.Dir, p.KnownHosts)
			}
		} else if home, err := os.UserHomeDir(); err == nil {
			p.KnownHosts = filepath.Join(home, ".ssh", "known_hosts")
		}
		if p.URL.Scheme == "sftp" {
			if _, err := os.Stat(p.KnownHosts); err != nil {
				return nil, fail("known_hosts", errors.New("没有这个文件，请把服务器的公钥写入 known_hosts（先核对指纹）"))
			}
		}
		if s.Newest {
			p.Date = func(name string, modified time.Time) time.Time {
				f := File{Name: path.Join(s.Place(), name), AsOf: modified}
				w.date(&f, s)
				return f.AsOf
			}
		}
		pulls = append(pulls, p)
	}
	return pulls, nil
}

// fillAddress fills ${NAME} into an address: as it is, but within user and
// password so that it stays one word.
func fillAddress(from string) (string, []string, error) {
	scheme, rest, _ := strings.Cut(from, "://")
	login, place := "", rest
	authority, _, _ := strings.Cut(rest, "/")
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		login, place = rest[:at+1], rest[at+1:]
	}
	login, inLogin, err := fill(login, url.QueryEscape)
	if err != nil {
		return "", nil, err
	}
	place, inPlace, err := fill(place, nil)
	if err != nil {
		return "", nil, err
	}
	// QueryEscape writes a space as +, which in a login is a plus.
	return scheme + "://" + strings.ReplaceAll(login, "+", "%20") + place, append(inLogin, inPlace...), nil
}

// fill puts the environment's values in the place of ${NAME}.
func fill(text string, escape func(string) string) (filled string, values []string, err error) {
	filled = fromEnvironment.ReplaceAllStringFunc(text, func(word string) string {
		name := word[2 : len(word)-1]
		value, set := os.LookupEnv(name)
		if !set || value == "" {
			err = fmt.Errorf("环境变量 %s 没有设置", name)
		}
		values = append(values, value)
		if escape != nil {
			return escape(value)
		}
		return value
	})
	return filled, values, err
}

// secret reads what ${NAME} or file:secrets/NAME stand for.
func (w *Workspace) secret(reference string) (string, error) {
	name, isFile := strings.CutPrefix(reference, "file:")
	if !isFile {
		value, _, err := fill(reference, nil)
		return value, err
	}
	at, err := w.inside(name, "")
	if err != nil || !within(at, filepath.Join(w.Dir, secretsFolder)) {
		return "", errors.New("请放在工作区的 secrets 文件夹里")
	}
	data, err := os.ReadFile(at)
	if err != nil {
		return "", fmt.Errorf("读不到 %s，请检查文件和权限", filepath.ToSlash(name))
	}
	return strings.TrimRight(string(data), "\r\n"), nil
}
