package lineage

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var night = Night{
	Area: "990101", Workspace: "/srv/county", Began: time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC),
	Nominal: time.Date(2026, 11, 20, 0, 0, 0, 0, time.FixedZone("CST", 8*3600)), Program: "v1 dirty", Engine: "v1.4.3",
}

// required are the fields that the specification wants of each kind of thing,
// and the facets' own.
var required = map[string][]string{
	"event": {"eventType", "eventTime", "run", "job", "inputs", "outputs", "producer", "schemaURL"},
	"run":   {"runId"}, "job": {"namespace", "name"}, "dataset": {"namespace", "name"},
	"nominalTime": {"nominalStartTime"}, "processing_engine": {"version"}, "errorMessage": {"message", "programmingLanguage"},
	"version": {"datasetVersion"}, "outputStatistics": {"rowCount"},
}

// TestEvents holds both events of a night against what the specification
// requires of them.
func TestEvents(t *testing.T) {
	inputs := []File{{Name: "/srv/county/inbox/register/a.csv", SHA256: "ab", Rows: 2, Bytes: 9}, {Name: "/srv/county/inbox/shut.csv"}}
	outputs := []File{{Name: "/srv/county/out/findings", SHA256: "cd", Rows: 3, Bytes: 10}}
	start := night.Event("START", night.Began, inputs, nil, "")
	end := night.Event("COMPLETE", night.Began.Add(time.Minute), inputs, outputs, "")
	failed := night.Event("FAIL", night.Began, inputs, nil, "held")
	if start.Run.RunID != end.Run.RunID || !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(end.Run.RunID) {
		t.Errorf("runs %s and %s", start.Run.RunID, end.Run.RunID)
	}
	for _, e := range []Event{start, end, failed} {
		var got map[string]any
		data, err := json.Marshal(e)
		if err == nil {
			err = json.Unmarshal(data, &got)
		}
		if err != nil {
			t.Fatal(err)
		}
		needs(t, "event", got)
		needs(t, "run", got["run"])
		needs(t, "job", got["job"])
		for _, list := range []string{"inputs", "outputs"} {
			for _, dataset := range got[list].([]any) {
				needs(t, "dataset", dataset)
			}
		}
		if _, err := time.Parse(time.RFC3339, got["eventTime"].(string)); err != nil {
			t.Error(err)
		}
		if u, err := url.Parse(got["producer"].(string)); err != nil || !u.IsAbs() {
			t.Errorf("producer %v", got["producer"])
		}
	}
	if got := end.Outputs[0].OutputFacets["outputStatistics"].(map[string]any); got["rowCount"] != int64(3) || got["size"] != int64(10) {
		t.Errorf("counted %v", got)
	}
	if len(end.Inputs[0].Facets) != 1 || len(end.Inputs[1].Facets) != 0 {
		t.Errorf("inputs %v", end.Inputs)
	}
	if end.SchemaURL != "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent" {
		t.Error(end.SchemaURL)
	}
}

// needs fails where a field is missing, and looks at the facets.
func needs(t *testing.T, what string, value any) {
	t.Helper()
	fields, _ := value.(map[string]any)
	for _, field := range required[what] {
		if fields[field] == nil {
			t.Errorf("%s has no %s", what, field)
		}
	}
	for _, of := range []string{"facets", "outputFacets"} {
		facets, _ := fields[of].(map[string]any)
		for name, facet := range facets {
			if required[name] == nil {
				t.Errorf("facet %s is not known here", name)
			}
			needs(t, name, facet)
			f := facet.(map[string]any)
			if url, _ := f["_schemaURL"].(string); f["_producer"] == nil || !strings.HasPrefix(url, spec+"facets/1-") || !strings.Contains(url, ".json#/$defs/") {
				t.Errorf("facet %s is of %v by %v", name, f["_schemaURL"], f["_producer"])
			}
		}
	}
}

// TestSend appends to a file, or posts.
func TestSend(t *testing.T) {
	e := night.Event("START", night.Began, nil, nil, "")
	file := filepath.Join(t.TempDir(), "lineage.jsonl")
	for range 2 {
		if err := (Place{File: file}).Send(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if info, _ := os.Stat(file); err != nil || strings.Count(string(data), "\n") != 2 || info.Mode().Perm() != 0o600 {
		t.Errorf("%v: %s", err, data)
	}
	var posted, token string
	status := http.StatusCreated
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		posted, token = string(body), r.Header.Get("Authorization")
		w.WriteHeader(status)
	}))
	u, err := url.Parse(server.URL + "/api/v1/lineage")
	if err != nil {
		t.Fatal(err)
	}
	place := Place{URL: u, Secret: "tok"}
	if err := place.Send(t.Context(), e); err != nil || !strings.HasPrefix(posted, `{"eventType":"START"`) || token != "Bearer tok" {
		t.Errorf("%v: posted %q with %q", err, posted, token)
	}
	status = http.StatusForbidden
	if err := place.Send(t.Context(), e); err == nil || err.Error() != "the server answers 403" {
		t.Error(err)
	}
	server.Close()
	if err := place.Send(t.Context(), e); err == nil || strings.Contains(err.Error(), "lineage") {
		t.Error(err)
	}
}
