package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Receipt says of one pulled file what came and how it was checked.
type Receipt struct {
	File     string    `json:"file"`
	Bytes    int64     `json:"bytes"`
	Modified time.Time `json:"modified"` // by the server; when it was pulled where that does not say
	Tag      string    `json:"tag,omitempty"`
	SHA256   string    `json:"sha256"`
	Checked  string    `json:"checked,omitempty"` // by what the sender laid beside it: sha256, md5, ok
	Pulled   time.Time `json:"pulled"`
}

// ledger are the receipts of a source's last whole pull.
type ledger struct {
	From  string    `json:"from"` // what was asked for: another question has no answer yet
	Files []Receipt `json:"files"`
}

func (l ledger) find(name string) (Receipt, bool) {
	for _, r := range l.Files {
		if r.File == name {
			return r, true
		}
	}
	return Receipt{}, false
}

// asked is what a source asks for, as it may be written down.
func (s Source) asked() string {
	switch {
	case s.Query != "" || s.Table != "":
		return location(s) + " " + s.question()
	case s.Pick != "":
		return location(s) + " " + s.Pick
	}
	return location(s)
}

// Receipts are those of the last whole pull into a folder; none where there was
// none.
func Receipts(into string) []Receipt { return readLedger(into).Files }

// readLedger reads the receipts of the last whole pull; none where there was
// none or where they cannot be read.
func readLedger(into string) ledger {
	var l ledger
	data, err := os.ReadFile(into + ".json")
	if err != nil || json.Unmarshal(data, &l) != nil {
		return ledger{}
	}
	for _, r := range l.Files {
		if unsafe(r.File) != "" {
			return ledger{}
		}
	}
	return l
}

// lay writes the receipts beside their place. Whoever has done so can put files
// in order with no need of further room on the disk.
func (l ledger) lay(s Source) error {
	data, err := json.MarshalIndent(l, "", " ")
	if err != nil {
		return err
	}
	part := s.Into + ".json.part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(data, '\n'))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return nil
}

// replace puts the receipts that were laid down into their place.
func (l ledger) replace(s Source) error {
	if err := os.Rename(s.Into+".json.part", s.Into+".json"); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(s.Into))
}

// unchanged gives the receipt of a file that lies here as it lies there. A
// server that names neither time nor mark says nothing of that.
func (p *pull) unchanged(item Item) (Receipt, bool) {
	r, ok := p.before.find(item.Name)
	if !ok || p.before.From != p.asked() || item.Size < 0 || item.Time.IsZero() && item.Tag == "" {
		return r, false
	}
	if r.Bytes != item.Size || !item.Time.IsZero() && !r.Modified.Equal(item.Time) || r.Tag != item.Tag {
		return r, false
	}
	return r, p.holds(r)
}

// lastWhole are the receipts of the last whole pull, if its files still are
// what they say.
func (p *pull) lastWhole() []Receipt {
	if p.before.From != p.asked() {
		return nil
	}
	for _, r := range p.before.Files {
		if !p.holds(r) {
			return nil
		}
	}
	return p.before.Files
}

// holds says whether the file here is the receipt's, by its bytes.
func (p *pull) holds(r Receipt) bool {
	f, err := os.Open(filepath.Join(p.Into, r.File))
	if err != nil {
		return false
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return err == nil && hex.EncodeToString(h.Sum(nil)) == r.SHA256
}

// syncFolder makes the names in a folder outlive a power cut.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
