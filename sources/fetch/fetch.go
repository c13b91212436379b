// Package fetch pulls the files of a source from where they lie into the
// workspace: whole or not at all. Pull is the engine; a scheme is one file that
// knows how to list, look again and read, behind the seam `remote`.
//
// Causes are told in Chinese for operators; no secret and nothing of a file's
// content is ever in them.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
)

// Source is one place that files are pulled from.
type Source struct {
	Name string // of the source, in words
	// URL is where it lies, its secrets filled in; its user is the login.
	URL        *url.URL
	Pick       string // a glob over the files' names; "" for all
	Password   string // login, passphrase of Key, or an S3 store's secret key
	Key        string // private key in PEM, or an S3 store's access key
	KnownHosts string // path, for sftp
	Endpoint   string // for s3: https://host[:port], or http:// to loopback
	Into       string // the folder that the files appear in; Into + ".json" has their receipts
	// Date is the date a file speaks of, where only the files with the latest
	// one are wanted; nil for all files.
	Date    func(name string, modified time.Time) time.Time
	Secrets []string // values that no message may show

	// Of databases:
	Query string                   // one select
	Table string                   // or all of a table or view: name or schema.name
	Zone  *time.Location           // in which times are told
	IsID  func(column string) bool // whether a column of this name holds ID numbers; may be nil
}

// Limits bound a pull.
type Limits struct {
	Tries   int           // of what a broken connection interrupted
	Pause   time.Duration // before the second try; twice that before the third
	Stall   time.Duration // under StallBytes in this time is a broken connection
	Budget  time.Duration // for the whole source, and a second more for every MiB that came
	Settle  time.Duration // between the two looks that must agree on size and time
	Bytes   int64         // of one file
	Files   int           // of one source
	Listing time.Duration // for the list of what lies there
}

// StallBytes is what a sound connection delivers at least in Limits.Stall.
const StallBytes = 1 << 10

// DefaultLimits are those of the contract, and what it leaves open: the two
// looks are further apart than the clock of a FAT share is coarse.
var DefaultLimits = Limits{
	Tries: 3, Pause: time.Second, Stall: 30 * time.Second, Budget: 3 * time.Minute, Settle: 2100 * time.Millisecond,
	Bytes: 16 << 30, Files: 10_000, Listing: time.Minute,
}

// Item is a file where it lies. Two looks that give the same item mean that
// nobody wrote in between.
type Item struct {
	Name string    // its last part alone
	Size int64     // -1 where the server does not say
	Time time.Time // of the last change, by the server; zero where it does not say
	Tag  string    // the server's own mark of this state; "" where there is none

	at      string // how the scheme finds it again
	folder  bool   // not a file: passed over
	odd     string // why it cannot be read although it has a name: a pipe, a link to nowhere
	guessed bool   // no list names it: the server answered for the name, as some do for every name
	frozen  bool   // it is read as it was at one moment: nobody can write in between
}

func (i Item) same(j Item) bool {
	return i.Size == j.Size && i.Time.Equal(j.Time) && i.Tag == j.Tag
}

// remote is the seam: what a scheme has to know. Errors are either permanent,
// and then the source has failed, or a broken connection, and then the engine
// closes this remote, dials another and tries again.
type remote interface {
	// list gives what lies there, the sender's checksums among it, in any order.
	// Where the URL is one file, it and its checksums alone.
	list(ctx context.Context) ([]Item, error)
	// look gives the item as it is now.
	look(ctx context.Context, item Item) (Item, error)
	// open reads the item from `from` bytes on, or from the start where the
	// protocol cannot or the item is another one by now; at says from where.
	open(ctx context.Context, item Item, from int64) (body io.ReadCloser, at int64, err error)
	// close ends all that is under way.
	close()
}

// dial connects to a source. Sources are sound: doudi.yaml was checked.
func dial(ctx context.Context, s Source) (remote, error) {
	switch s.URL.Scheme {
	case "file":
		return dialFile(s)
	case "http", "https":
		return dialHTTP(s)
	case "sftp":
		return dialSFTP(ctx, s)
	case "s3":
		return dialS3(s)
	case "postgres":
		return dialPostgres(ctx, s)
	case "mysql":
		return dialMySQL(ctx, s)
	}
	return nil, permanent("不认识 %s:// 这种地址", s.URL.Scheme)
}

// permanentError is a cause that a second try does not mend.
type permanentError struct{ what string }

func (e *permanentError) Error() string { return e.what }

func permanent(format string, args ...any) error {
	return &permanentError{fmt.Sprintf(format, args...)}
}

// location is where a source lies, as it may be shown: without user, password
// and query.
func location(s Source) string {
	return s.scrub(s.URL.Scheme + "://" + s.URL.Host + s.URL.Path)
}

// scrub takes every secret out of a text.
func (s Source) scrub(text string) string {
	for _, secret := range s.Secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
			text = strings.ReplaceAll(text, url.QueryEscape(secret), "***")
			text = strings.ReplaceAll(text, url.PathEscape(secret), "***")
		}
	}
	return text
}

// errBudget ends a source that took too long, errStall a connection.
var (
	errBudget = errors.New("超过了一个来源的时限，仍未取完")
	errStall  = errors.New("连接没有断，但半分钟里几乎没有数据")
)
