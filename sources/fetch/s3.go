package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// bucket is what lies under a prefix of an object store: OSS, OBS, COS, MinIO,
// whatever speaks S3.
type bucket struct {
	client *minio.Core
	lines  *http.Transport
	name   string
	prefix string
}

func dialS3(s Source) (remote, error) {
	at, err := url.Parse(s.Endpoint)
	if err != nil {
		return nil, permanent("endpoint 写得不对")
	}
	lines := newTransport()
	options := &minio.Options{
		Secure: at.Scheme == "https", Transport: lines, MaxRetries: 1, // the tries are the engine's
	}
	if s.Key != "" {
		options.Creds = credentials.NewStaticV4(s.Key, s.Password, "")
	}
	client, err := minio.NewCore(at.Host, options)
	if err != nil {
		return nil, permanent("endpoint 写得不对")
	}
	return &bucket{client, lines, s.URL.Host, strings.TrimPrefix(s.URL.Path, "/")}, nil
}

// list gives the objects that the prefix names as a path does: the object of
// that key, or those of that folder; where there is neither, those whose keys
// begin so.
func (b *bucket) list(ctx context.Context) ([]Item, error) {
	ctx, cancel := context.WithCancel(ctx) // ends the library's goroutine on an early return
	defer cancel()
	folder := b.prefix
	if folder != "" && !strings.HasSuffix(folder, "/") {
		folder += "/"
	}
	var inFolder, begins []Item
	one := false
	for object := range b.client.Client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if object.Err != nil {
			return nil, s3Cause(object.Err)
		}
		if strings.HasSuffix(object.Key, "/") { // what consoles lay down for a folder
			continue
		}
		item := objectItem(object)
		begins = append(begins, item)
		if rest, in := strings.CutPrefix(object.Key, folder); in {
			item.folder = strings.Contains(rest, "/")
			inFolder = append(inFolder, item)
		}
		one = one || object.Key == b.prefix
	}
	switch {
	case one:
		var items []Item
		for _, item := range begins {
			if item.at == b.prefix || isBeside(item.Name) {
				items = append(items, item)
			}
		}
		return items, nil
	case len(inFolder) > 0:
		return inFolder, nil
	}
	return begins, nil
}

func objectItem(o minio.ObjectInfo) Item {
	// Lists tell the time finer than looks do.
	return Item{Name: path.Base(o.Key), Size: o.Size, Time: o.LastModified.UTC().Truncate(time.Second), Tag: strings.Trim(o.ETag, `"`), at: o.Key}
}

func (b *bucket) look(ctx context.Context, item Item) (Item, error) {
	info, err := b.client.Client.StatObject(ctx, b.name, item.at, minio.StatObjectOptions{})
	if err != nil {
		return Item{}, s3Cause(err)
	}
	info.Key = item.at
	return objectItem(info), nil
}

func (b *bucket) open(ctx context.Context, item Item, from int64) (io.ReadCloser, int64, error) {
	var options minio.GetObjectOptions
	if item.Tag != "" {
		if err := options.SetMatchETag(item.Tag); err != nil {
			return nil, 0, err
		}
	}
	if from > 0 {
		if err := options.SetRange(from, 0); err != nil {
			return nil, 0, err
		}
	}
	body, _, header, err := b.client.GetObject(ctx, b.name, item.at, options)
	if err != nil {
		return nil, 0, s3Cause(err)
	}
	if from > 0 && header.Get("Content-Range") == "" {
		from = 0 // all of it
	}
	return body, from, nil
}

func (b *bucket) close() { b.lines.CloseIdleConnections() }

// s3Cause gives the store's answers the names they have here.
func s3Cause(err error) error {
	var said minio.ErrorResponse
	if !errors.As(err, &said) {
		return err
	}
	code := said.Code
	if !s3Code.MatchString(code) {
		code = "?" // the server's word, not its sentence
	}
	switch said.StatusCode {
	case http.StatusForbidden, http.StatusUnauthorized:
		return permanent("对象存储不让取（%s），请检查 key、password 和权限", code)
	case http.StatusPreconditionFailed:
		return permanent(changedWords)
	case http.StatusNotFound:
		if said.Code == "NoSuchBucket" {
			return permanent("没有这个存储桶")
		}
		return fs.ErrNotExist
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusBadRequest:
		return permanent("对象存储的回答是 %s（HTTP %d），请检查 endpoint", code, said.StatusCode)
	}
	return fmt.Errorf("对象存储出错（%s，HTTP %d）", code, said.StatusCode)
}

var s3Code = regexp.MustCompile(`^[A-Za-z0-9.]{1,64}$`)
