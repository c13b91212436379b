package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// notices opens a workspace with one notice, and fills its secrets in.
func notices(t *testing.T, entry string) (string, []NoticeTarget, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "secrets"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secrets", "word"), []byte("hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "doudi.yaml"), []byte("area: \"990101\"\nnotify:\n  - "+strings.ReplaceAll(entry, "\n", "\n    ")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := Open(dir, fewKinds{})
	if err != nil {
		return dir, nil, err
	}
	targets, err := w.NoticeTargets()
	return dir, targets, err
}

// TestNoticeMistakes: each names its line and key, and shows no secret.
func TestNoticeMistakes(t *testing.T) {
	for _, c := range []struct{ entry, want string }{
		{"kind: telegram\nurl: https://host/x", "doudi.yaml:3: notify[0].kind：没有 \"telegram\" 这种通知"},
		{"url: https://host/x", "doudi.yaml:3: notify[0].kind"},
		{"kind: json", "doudi.yaml:3: notify[0].url：请写通知的地址"},
		{"kind: json\nurl: https://host/x\ncolour: red", "doudi.yaml:5: notify[0].colour：没有这个设置项"},
		{"kind: json\nurl: https://host/x\nsecret: hunter2", "doudi.yaml:5: notify[0].secret：密码不能写在"},
		{"kind: json\nurl: https://host/x\nsecret: ${DOUDI_NOT_SET}", "doudi.yaml:3: notify[0].secret：环境变量 DOUDI_NOT_SET 没有设置"},
		{"kind: json\nurl: https://host/x\nsecret: file:secrets/none", "notify[0].secret：读不到 secrets/none"},
		{"kind: json\nurl: https://host/x\nsecret: file:../word", "notify[0].secret：密码不能写在"},
		{"kind: json\nurl: ${DOUDI_NOT_SET}", "doudi.yaml:3: notify[0].url：环境变量 DOUDI_NOT_SET 没有设置"},
		{"kind: json\nurl: file:secrets/word", "notify[0].url：json 的地址请以 https:// 或 http:// 开头"},
		{"kind: json\nurl: http://192.0.2.1/x", "doudi.yaml:4: notify[0].url：http:// 不加密"},
		{"kind: wecom\nurl: https://host/send?key=hunter2", "doudi.yaml:4: notify[0].url：密码不能写在"},
		{"kind: dingtalk\nurl: https://host/send?access_token=hunter2", "notify[0].url：密码不能写在"},
		{"kind: feishu\nurl: https://host/open-apis/bot/v2/hook/hunter2", "notify[0].url：密码不能写在"},
		{"kind: smtp\nurl: smtp://user:hunter2@host/?to=a@b.cn", "notify[0].url：密码不能写在"},
		{"kind: smtp\nurl: smtp://user@host/", "notify[0].url：没有收件人"},
		{"kind: smtp\nurl: smtp://user@host/?to=nobody", "notify[0].url：请写成 smtp://"},
		{"kind: smtp\nurl: smtp://user@host/?cc=a@b.cn", "notify[0].url：? 后面只能有 to 和 from"},
		{"kind: smtp\nurl: https://host/x", "notify[0].url：smtp 的地址请以 smtp:// 或 smtps:// 开头"},
		{"kind: json\nurl: https://host/x\non: [always]", "doudi.yaml:5: notify[0].on：没有 \"always\""},
		{"kind: json\nurl: https://host/x\non: []", "doudi.yaml:5: notify[0].on"},
	} {
		_, _, err := notices(t, c.entry)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v\nwant %s", c.entry, err, c.want)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: a secret was printed", c.entry)
		}
	}
}

// TestNoticeTargets fills secrets in, and makes mail's addresses whole.
func TestNoticeTargets(t *testing.T) {
	t.Setenv("DOUDI_TEST_TOKEN", "tok/1")
	t.Setenv("DOUDI_TEST_HOOK", "https://host/all?key=tok")
	for _, c := range []struct{ entry, url, secret, mail string }{
		{"kind: dingtalk\nurl: https://host/send?access_token=${DOUDI_TEST_TOKEN}\nsecret: file:secrets/word", "https://host/send?access_token=tok/1", "hunter2", ""},
		{"kind: wecom\nurl: ${DOUDI_TEST_HOOK}", "https://host/all?key=tok", "", ""},
		{"kind: feishu\nurl: http://127.0.0.1:8/open-apis/bot/v2/hook/${DOUDI_TEST_TOKEN}", "http://127.0.0.1:8/open-apis/bot/v2/hook/tok/1", "", ""},
		{"kind: smtp\nurl: smtp://night@host:25/?to=a@b.cn,c@d.cn\nsecret: file:secrets/word", "smtp://night@host:25/?to=a@b.cn,c@d.cn", "hunter2", "night@host → a@b.cn c@d.cn"},
		{"kind: smtp\nurl: smtps://night@e.cn@host/?to=a@b.cn", "smtps://night%40e.cn@host/?to=a@b.cn", "", "night@e.cn → a@b.cn"},
		{"kind: smtp\nurl: smtp://host/?to=a@b.cn&from=x@y.cn", "smtp://host/?to=a@b.cn&from=x@y.cn", "", "x@y.cn → a@b.cn"},
	} {
		_, targets, err := notices(t, c.entry)
		if err != nil {
			t.Errorf("%q: %v", c.entry, err)
			continue
		}
		got := targets[0]
		shown := ""
		if got.From != "" {
			shown = got.From + " → " + strings.Join(got.To, " ")
		}
		if got.URL.String() != c.url || got.Secret != c.secret || shown != c.mail || strings.Join(got.On, " ") != "night held" {
			t.Errorf("%q: %s, %q, %q, on %v", c.entry, got.URL, got.Secret, shown, got.On)
		}
	}
}
