package pipeline

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"doudi/pipeline/duck"
	"doudi/pipeline/lineage"
	"doudi/pipeline/publish"
)

// beginLineage tells of the night that begins, where doudi.yaml asks for it.
func (r *run) beginLineage(ctx context.Context) {
	if r.lineage != nil {
		r.lineageBegan = true
		r.tellLineage(ctx, "START", nil, "")
	}
}

// endLineage tells how the night that began has ended: what it wrote, or why it
// wrote nothing.
func (r *run) endLineage(ctx context.Context, ended error) {
	if !r.lineageBegan {
		return
	}
	switch {
	case ctx.Err() != nil:
		r.tellLineage(context.WithoutCancel(ctx), "ABORT", nil, "")
	case ended != nil:
		r.tellLineage(ctx, "FAIL", nil, strings.Join(r.word(ended).Lines, "；"))
	default:
		written, err := r.written()
		if err != nil {
			r.Log.Warn("lineage", "failed", err)
		}
		r.tellLineage(ctx, "COMPLETE", written, "")
	}
}

// written are tonight's partitions of what is published.
func (r *run) written() ([]lineage.File, error) {
	manifest, err := publish.ReadManifest(r.summary.Snapshot)
	if err != nil {
		return nil, err
	}
	var all []lineage.File
	for _, f := range append(manifest.Files, manifest.Run.Files...) {
		if dataset, ok := strings.CutSuffix(f.Path, "/night="+r.Date.Format(time.DateOnly)+"/part-0.parquet"); ok {
			all = append(all, lineage.File{Name: filepath.Join(r.workspace.Publish, dataset), SHA256: f.SHA256, Rows: f.Rows, Bytes: f.Bytes})
		}
	}
	return all, nil
}

// tellLineage sends one event. That it cannot changes nothing of the night.
func (r *run) tellLineage(ctx context.Context, kind string, written []lineage.File, why string) {
	engine, err := duck.Version(ctx)
	if err != nil && ctx.Err() == nil {
		r.Log.Warn("lineage", "failed", err)
	}
	y, m, d := r.Date.Date()
	night := lineage.Night{
		Area: r.workspace.Area, Workspace: r.workspace.Dir, Began: r.Now, Nominal: time.Date(y, m, d, 0, 0, 0, 0, r.workspace.Zone),
		Program: r.Program, Engine: engine,
	}
	var read []lineage.File
	for _, in := range r.inputs {
		read = append(read, lineage.File{Name: in.Path, SHA256: in.SHA256, Bytes: in.Bytes})
	}
	if err := r.lineage.Send(ctx, night.Event(kind, r.Now.Add(time.Since(r.began)), read, written, why)); err != nil {
		r.Log.Warn("lineage", "event", kind, "failed", err)
	}
}

// places are where notices and lineage go, their secrets filled in: one that is
// not set ends the run before it begins.
func (r *run) places() error {
	at, err := r.workspace.LineagePlace()
	if at != nil {
		r.lineage = &lineage.Place{File: at.File, URL: at.URL, Secret: at.Secret}
	}
	return errors.Join(r.notices(), err)
}
