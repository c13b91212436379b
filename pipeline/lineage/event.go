// Package lineage says in OpenLineage's words what a night read and wrote: an
// event when it begins and one when it ends. It names files and datasets, with
// their hashes and rows, and nothing of what is in them.
package lineage

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"time"
)

// Spec is the version of OpenLineage that events keep to.
const Spec = "2-0-2"

const spec = "https://openlineage.io/spec/"

// Event is a RunEvent.
type Event struct {
	EventType string    `json:"eventType"` // START, COMPLETE, FAIL, ABORT
	EventTime time.Time `json:"eventTime"`
	Run       Run       `json:"run"`
	Job       Job       `json:"job"`
	Inputs    []Input   `json:"inputs"`
	Outputs   []Output  `json:"outputs"`
	Producer  string    `json:"producer"`
	SchemaURL string    `json:"schemaURL"`
}

// Run names a run.
type Run struct {
	RunID  string         `json:"runId"`
	Facets map[string]any `json:"facets"`
}

// Job names what is run: one a workspace.
type Job struct {
	Namespace string         `json:"namespace"`
	Name      string         `json:"name"`
	Facets    map[string]any `json:"facets"`
}

// Input is a file that was read.
type Input struct {
	Namespace string         `json:"namespace"`
	Name      string         `json:"name"`
	Facets    map[string]any `json:"facets"`
}

// Output is a dataset that was published.
type Output struct {
	Namespace    string         `json:"namespace"`
	Name         string         `json:"name"`
	Facets       map[string]any `json:"facets"`
	OutputFacets map[string]any `json:"outputFacets"`
}

// File is a file that was read, or a night's partition of a dataset.
type File struct {
	Name   string // absolute
	SHA256 string
	Rows   int64
	Bytes  int64
}

// Night is what the events of a night are made from.
type Night struct {
	Area, Workspace string    // the job: the area's code, and the folder
	Began           time.Time // of the run
	Nominal         time.Time // when the night begins, in the workspace's zone
	Program, Engine string    // versions
}

// ID is the run's: the same for its events, another for every run.
func (n Night) ID() string {
	sum := sha256.Sum256(fmt.Appendln(nil, n.Workspace, n.Nominal.Format(time.RFC3339), n.Began.UnixNano()))
	sum[6] = sum[6]&0x0f | 0x80 // version 8: made by whoever made it
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// Event is an event of the night. Why is said of one that was not published.
func (n Night) Event(kind string, at time.Time, inputs, outputs []File, why string) Event {
	producer := "urn:doudi:" + url.PathEscape(n.Program)
	facet := func(name, version string, fields map[string]any) map[string]any {
		fields["_producer"] = producer
		fields["_schemaURL"] = spec + "facets/" + version + "/" + name + ".json#/$defs/" + name
		return fields
	}
	e := Event{
		EventType: kind, EventTime: at.UTC(), Producer: producer, SchemaURL: spec + Spec + "/OpenLineage.json#/$defs/RunEvent",
		Run: Run{n.ID(), map[string]any{
			"nominalTime":       facet("NominalTimeRunFacet", "1-0-1", map[string]any{"nominalStartTime": n.Nominal.Format(time.RFC3339)}),
			"processing_engine": facet("ProcessingEngineRunFacet", "1-1-0", map[string]any{"name": "DuckDB", "version": n.Engine, "openlineageAdapterVersion": n.Program}),
		}},
		Job:    Job{"doudi/" + n.Area, "night", map[string]any{}},
		Inputs: []Input{}, Outputs: []Output{},
	}
	if why != "" {
		e.Run.Facets["errorMessage"] = facet("ErrorMessageRunFacet", "1-0-0", map[string]any{"message": why, "programmingLanguage": "Go"})
	}
	for _, f := range inputs {
		facets := map[string]any{}
		if f.SHA256 != "" { // a file that could not be opened has none
			facets["version"] = facet("DatasetVersionDatasetFacet", "1-0-0", map[string]any{"datasetVersion": f.SHA256})
		}
		e.Inputs = append(e.Inputs, Input{"file", f.Name, facets})
	}
	for _, f := range outputs {
		e.Outputs = append(e.Outputs, Output{"file", f.Name,
			map[string]any{"version": facet("DatasetVersionDatasetFacet", "1-0-0", map[string]any{"datasetVersion": f.SHA256})},
			map[string]any{"outputStatistics": facet("OutputStatisticsOutputDatasetFacet", "1-0-1", map[string]any{"rowCount": f.Rows, "size": f.Bytes})},
		})
	}
	return e
}
