package workspace

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// registerFrom is a workspace's doudi.yaml with one source.
func registerFrom(entry string) string {
	return "area: \"990101\"\nsources:\n  - {roll: register, " + entry + "}\n"
}

// wantRefused opens a workspace with such a source, which names what is wrong in
// its line and shows no secret.
func wantRefused(t *testing.T, entry, want string) {
	t.Helper()
	_, err := Open(folder(t, map[string]string{"doudi.yaml": registerFrom(entry)}), fewKinds{})
	var mistake *ConfigError
	if !errors.As(err, &mistake) || !strings.HasPrefix(mistake.Error(), "doudi.yaml:3: sources[0]."+want) {
		t.Errorf("%s: got %v, want %s", entry, err, want)
	}
	if err != nil && strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%s: shows the secret", entry)
	}
}

// wantLacking fills in such a source, which says what it cannot have. A query
// that is none lies under secrets/query.
func wantLacking(t *testing.T, entry, want string) {
	t.Helper()
	_, err := opened(t, map[string]string{"secrets/query": "delete from a", "doudi.yaml": registerFrom(entry)}).Pulls()
	var mistake *ConfigError
	if !errors.As(err, &mistake) || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: got %v, want %s", entry, err, want)
	}
}

func TestMistakesOfPulls(t *testing.T) {
	for _, c := range []struct{ entry, want string }{
		{"from: ftp://host/a.csv", "from：不能从 ftp:// 取数"},
		{"from: 'https:///a.csv'", "from：地址里没有服务器"},
		{"from: 'https://host/%zz'", "from：地址写得不对"},
		{"from: file://mnt/share", "from：请写成 file:///"},
		{"from: http://192.0.2.1/a.csv", "from：http:// 不加密"},
		{"from: sftp://host/a.csv", "from：请写明用户名"},
		{"from: 'sftp://u:hunter2@host/a.csv'", "from：密码不能写在"},
		{"from: 'https://${USER}:hunter2@host/a.csv'", "from：密码不能写在"},
		{"from: 'https://host/a.csv?token=hunter2'", "from：密码不能写在"},
		{"from: 'https://host/a.csv?X-Amz-Signature=hunter2${A}'", "from：密码不能写在"},
		{"from: 'https://host/a.csv', password: hunter2", "password：密码不能写在"},
		{"from: 'https://host/a.csv', password: 'hunter2${A}'", "password：密码不能写在"},
		{"from: 'https://host/a.csv', password: 'file:hunter2'", "password：密码不能写在"},
		{"from: 'sftp://u@host/a.csv', key: '-----BEGIN hunter2'", "key：密码不能写在"},
		{"from: 's3://bucket/a'", "endpoint：请写明对象存储的地址"},
		{"from: 's3://bucket/a', endpoint: 'http://oss.example.com'", "endpoint：请写成 https://"},
		{"from: 'https://host/a.csv', name: '../a'", "name：请用字母"},
		{"from: 'https://host/a.csv', name: '.a'", "name：请用字母"},
	} {
		wantRefused(t, c.entry, c.want)
	}
}

func TestSecretsAreFilledIn(t *testing.T) {
	t.Setenv("DOUDI_USER", "u@county")
	t.Setenv("DOUDI_WORD", "a b/c:d+e")
	w := opened(t, map[string]string{
		"doudi.yaml": `area: "990101"
sources:
  - {roll: register, from: "https://${DOUDI_USER}:${DOUDI_WORD}@host:8443/a/b.csv"}
  - {roll: register, from: "s3://bucket/a", endpoint: "https://oss.example.com", key: "file:secrets/id", password: "${DOUDI_WORD}"}
  - {roll: vehicles, from: "sftp://u@host/a", known_hosts: secrets/known, key: "file:secrets/id", name: 车管所, newest: true, as_of: filename}
  - {roll: vehicles, from: inbox/vehicles}
`,
		"secrets/id": "word\n", "secrets/known": "",
	})
	pulls, err := w.Pulls()
	if err != nil {
		t.Fatal(err)
	}
	if p := pulls[0]; p.URL.User.Username() != "u@county" || p.Password != "a b/c:d+e" || p.URL.Host != "host:8443" || p.URL.Path != "/a/b.csv" {
		t.Errorf("%v %q", p.URL, p.Password)
	}
	if p := pulls[1]; p.Key != "word" || p.Password != "a b/c:d+e" || p.Into != filepath.Join(w.Dir, "pulled/register-2") {
		t.Errorf("%+v", p)
	}
	p := pulls[2]
	if p.KnownHosts != filepath.Join(w.Dir, "secrets/known") || p.Into != filepath.Join(w.Dir, "pulled/车管所") || len(pulls) != 3 {
		t.Errorf("%+v", p)
	}
	if got := p.Date("车_20261101.csv", time.Now()).Format(time.DateOnly); got != "2026-11-01" {
		t.Error(got)
	}
}

func TestSecretsThatAreMissing(t *testing.T) {
	for _, c := range []struct{ entry, want string }{
		{"from: 'https://host/${DOUDI_NOT_SET}/a.csv'", "sources[0].from：环境变量 DOUDI_NOT_SET 没有设置"},
		{"from: 'https://host/a.csv', password: '${DOUDI_NOT_SET}'", "sources[0].password：环境变量 DOUDI_NOT_SET"},
		{"from: 'https://host/a.csv', password: file:secrets/none", "sources[0].password：读不到 secrets/none"},
		{"from: 'https://host/a.csv', password: file:secrets/../../etc/passwd", "sources[0].password：请放在工作区的 secrets"},
		{"from: 'sftp://u@host/a.csv', known_hosts: secrets/none", "sources[0].known_hosts：没有这个文件"},
	} {
		wantLacking(t, c.entry, c.want)
	}
}

func TestPulledFilesAreListed(t *testing.T) {
	w := opened(t, map[string]string{
		"doudi.yaml": `area: "990101"
sources:
  - {roll: register, from: "https://host/", pick: "*.csv", as_of: filename}
`,
		"pulled/register/b_20261102.csv": "", "pulled/register/c_20261102.csv.part": "", "pulled/register.json": "{}",
	})
	files, _ := listed(t, w)
	wantLines(t, "files", files, "register pulled/register/b_20261102.csv 2026-11-02")
	if err := os.RemoveAll(filepath.Join(w.Dir, "pulled")); err != nil {
		t.Fatal(err)
	}
	if files, _ := listed(t, w); len(files) != 0 {
		t.Errorf("%v", files)
	}
}
