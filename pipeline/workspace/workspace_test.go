package workspace

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fewKinds are the kinds of list that the tests know.
type fewKinds struct{}

func (fewKinds) IsRoll(roll string) bool {
	return roll == "dibao_persons" || roll == "register" || roll == "vehicles"
}

func (fewKinds) HasColumn(_, column string) bool { return column == "id_no" }

// folder lays down files in a new workspace and gives its folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// opened opens a workspace of these files, which must be sound.
func opened(t *testing.T, files map[string]string) *Workspace {
	t.Helper()
	w, err := Open(folder(t, files), fewKinds{})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestMistakesNameLineAndKey(t *testing.T) {
	const area = "area: \"990101\"\n"
	entry := area + "sources:\n  - roll: register\n    from: inbox/register\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "doudi.yaml: area："},
		{"no area", "name: x\n", "doudi.yaml: area："},
		{"five digits", "name: x\narea: \"99010\"\n", "doudi.yaml:2: area："},
		{"unknown key", area + "nights: 3\n", "doudi.yaml:2: nights："},
		{"unknown key of an entry", entry + "    bogus: 1\n", "doudi.yaml:5: sources[0].bogus："},
		{"text for a number", area + "keep: abc\n", "doudi.yaml:2: keep："},
		{"text for a number of an entry", entry + "    fresh_days: abc\n", "doudi.yaml:5: sources[0].fresh_days："},
		{"text for a flag", entry + "    required: perhaps\n", "doudi.yaml:5: sources[0].required："},
		{"flow style", area + "sources: [{roll: register, from: inbox, newest: perhaps}]\n", "doudi.yaml:2: sources[0].newest："},
		{"a list's folder outside", entry + "  - roll: vehicles\n    from: ../elsewhere\n", "doudi.yaml:6: sources[1].from："},
		{"no folder", area + "sources:\n  - roll: register\n", "doudi.yaml:3: sources[0].from："},
		{"unknown roll", area + "sources:\n  - from: inbox\n    roll: dibao\n", "doudi.yaml:4: sources[0].roll："},
		{"unknown column", entry + "    columns: {证件号: nonsense}\n", "doudi.yaml:5: sources[0].columns："},
		{"no date", entry + "    as_of: 20261120\n", "doudi.yaml:5: sources[0].as_of："},
		{"bad pattern", entry + "    pick: \"[\"\n", "doudi.yaml:5: sources[0].pick："},
		{"age under 0", entry + "    fresh_days: -1\n", "doudi.yaml:5: sources[0].fresh_days："},
		{"night", area + "night: 2026-13-01\n", "doudi.yaml:2: night："},
		{"zone", area + "timezone: Mars/Olympus\n", "doudi.yaml:2: timezone："},
		{"published outside", area + "publish: /elsewhere\n", "doudi.yaml:2: publish："},
		{"published where it is deleted", area + "publish: .doudi/out\n", "doudi.yaml:2: publish："},
		{"nobody's group", area + "publish_group: no such group\n", "doudi.yaml:2: publish_group："},
		{"the same key twice", area + area, "doudi.yaml:2："},
		{"a quote left open", "name: x\narea: \"990101\n", "doudi.yaml:2："},
		{"GB18030", area + "name: \xca\xbe\xb7\xb6\n", "doudi.yaml：不是 UTF-8"},
	} {
		_, err := Open(folder(t, map[string]string{"doudi.yaml": c.text}), fewKinds{})
		var mistake *ConfigError
		if !errors.As(err, &mistake) || !strings.HasPrefix(mistake.Error(), c.want) {
			t.Errorf("%s: got %v, want %s…", c.name, err, c.want)
		}
	}
}

func TestNoWorkspace(t *testing.T) {
	dir := folder(t, map[string]string{"file": ""})
	for _, at := range []string{dir, filepath.Join(dir, "nowhere"), filepath.Join(dir, "file")} {
		var mistake *ConfigError
		if _, err := Open(at, fewKinds{}); !errors.As(err, &mistake) {
			t.Errorf("%v is no mistake of the configuration", err)
		}
	}
}

func TestShortestWorkspace(t *testing.T) {
	w := opened(t, map[string]string{
		"doudi.yaml":             "\xef\xbb\xbfarea: 990101\n",
		"inbox/register/a.csv":   "",
		"inbox/vehicles/b.csv":   "",
		"inbox/notes/readme.txt": "",
	})
	if w.Area != "990101" || w.Zone.String() != "Asia/Shanghai" || w.Keep != 3 || w.KeepFor.Hours() != 24 {
		t.Errorf("read as %+v", w)
	}
	if w.Publish != filepath.Join(w.Dir, "out") || w.Policy != filepath.Join(w.Dir, "policy") {
		t.Errorf("publishes to %s by the policy in %s", w.Publish, w.Policy)
	}
	var rolls []string
	for _, s := range w.Sources {
		rolls = append(rolls, s.Roll)
	}
	if got := strings.Join(rolls, " "); got != "register vehicles" {
		t.Errorf("reads the folders of inbox as %s", got)
	}
	if !w.Sources[0].IsRequired() || w.Sources[1].IsRequired() {
		t.Error("register is required, vehicles is not")
	}
}
