package workspace

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestLineage: a file of the workspace, or a server, and no secret in plain.
func TestLineage(t *testing.T) {
	t.Setenv("DOUDI_TEST_TOKEN", "hunter2")
	for _, c := range []struct{ text, want string }{
		{"", "-"},
		{"lineage: logs/lineage.jsonl", "logs/lineage.jsonl"},
		{"lineage: https://host/api/v1/lineage\nlineage_secret: ${DOUDI_TEST_TOKEN}", "https://host/api/v1/lineage hunter2"},
		{"lineage: ../lineage.jsonl", "doudi.yaml:2: lineage：路径在工作区之外"},
		{"lineage: out/lineage.jsonl", "doudi.yaml:2: lineage：不能写到发布的文件夹里"},
		{"lineage: http://192.0.2.1/x", "doudi.yaml:2: lineage：请写工作区内的文件，或 https:// 地址"},
		{"lineage: https://host/x?token=hunter2", "doudi.yaml:2: lineage：密码不能写在"},
		{"lineage: https://host/x\nlineage_secret: hunter2", "doudi.yaml:3: lineage_secret：密码不能写在"},
		{"lineage: a.jsonl\nlineage_secret: ${DOUDI_TEST_TOKEN}", "doudi.yaml:3: lineage_secret：只用于"},
		{"lineage: https://host/x\nlineage_secret: ${DOUDI_NOT_SET}", "doudi.yaml:2: lineage_secret：环境变量 DOUDI_NOT_SET 没有设置"},
	} {
		dir := folder(t, map[string]string{"doudi.yaml": "area: \"990101\"\n" + c.text + "\n"})
		got := ""
		w, err := Open(dir, fewKinds{})
		var l *Lineage
		if err == nil {
			l, err = w.LineagePlace()
		}
		switch {
		case err != nil:
			got = err.Error()
		case l == nil:
			got = "-"
		case l.URL != nil:
			got = strings.TrimSpace(l.URL.String() + " " + l.Secret)
		default:
			got, _ = filepath.Rel(w.Dir, l.File)
		}
		if err == nil && got != c.want || !strings.HasPrefix(got, c.want) {
			t.Errorf("%q: %s\nwant %s", c.text, got, c.want)
		}
	}
}
