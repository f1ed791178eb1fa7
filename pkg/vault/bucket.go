package vault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/sanad-network/sanad/pkg/secret"
)

// Config says where a process keeps files.
type Config struct {
	// Files is a folder, or the address of a bucket in a store that speaks the protocol of
	// S3: https://host/bucket. Default: nowhere, and files are refused.
	Files string `env:"SANAD_FILES"`
	// FilesKeyFile is the path of the key to the bucket, JSON with access_key and
	// secret_key. Only its owner may read the file. Required with a bucket.
	FilesKeyFile string `env:"SANAD_FILES_KEY_FILE"`
}

var (
	errAddress = errors.New("SANAD_FILES must be a folder, or https://host/bucket; http:// is for this machine alone")
	errKeyFile = errors.New("SANAD_FILES_KEY_FILE must name a JSON file with access_key and secret_key; it belongs to a bucket, and not to a folder")
)

// Validate says what is wrong with the configuration, and opens nothing.
func (c Config) Validate() error {
	address, err := c.bucket()
	switch {
	case err != nil:
		return err
	case (address == nil) != (c.FilesKeyFile == ""):
		return errKeyFile
	}
	return nil
}

// bucket is the address of the bucket; nil where files are kept in a folder, or nowhere.
func (c Config) bucket() (*url.URL, error) {
	if !strings.Contains(c.Files, "://") {
		return nil, nil
	}
	address, err := url.Parse(c.Files)
	if err != nil || address.User != nil || address.RawQuery != "" || address.Fragment != "" || strings.Trim(address.Path, "/") == "" || strings.Contains(strings.Trim(address.Path, "/"), "/") {
		return nil, errAddress
	}
	ip := net.ParseIP(address.Hostname())
	if address.Scheme != "https" && (address.Scheme != "http" || address.Hostname() != "localhost" && !ip.IsLoopback()) {
		return nil, errAddress
	}
	return address, nil
}

// Open opens the place for files. It is nil where there is none.
func Open(c Config) (Store, error) {
	if err := c.Validate(); err != nil || c.Files == "" {
		return nil, err
	}
	address, err := c.bucket()
	if err != nil {
		return nil, err
	}
	if address == nil {
		return openFolder(c.Files)
	}
	text, err := secret.Read(c.FilesKeyFile)
	if err != nil {
		return nil, err
	}
	var key struct {
		Access string `json:"access_key"`
		Secret string `json:"secret_key"`
	}
	if json.Unmarshal(text, &key) != nil || key.Access == "" || key.Secret == "" {
		return nil, errKeyFile
	}
	client, err := minio.New(address.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(key.Access, key.Secret, ""),
		Secure: address.Scheme == "https",
	})
	if err != nil {
		return nil, fmt.Errorf("open the bucket of files: %w", err)
	}
	return bucket{client, strings.Trim(address.Path, "/")}, nil
}

// bucket keeps files in a store that speaks the protocol of S3.
type bucket struct {
	client *minio.Client
	name   string
}

// Put writes an object, unless it is there: its name is that of its content.
func (b bucket) Put(ctx context.Context, name string, content []byte) error {
	if _, err := b.client.StatObject(ctx, b.name, name, minio.StatObjectOptions{}); err == nil {
		return nil
	} else if !missing(err) {
		return err
	}
	_, err := b.client.PutObject(ctx, b.name, name, bytes.NewReader(content), int64(len(content)), minio.PutObjectOptions{ContentType: "application/octet-stream"})
	return err
}

// Get reads an object.
func (b bucket) Get(ctx context.Context, name string) ([]byte, error) {
	object, err := b.client.GetObject(ctx, b.name, name, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(object)
	if err = errors.Join(err, object.Close()); missing(err) {
		return nil, ErrMissing
	}
	return content, err
}

// Folders lists what stands before the next slash.
func (b bucket) Folders(ctx context.Context, below string) (names []string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends what lists
	for object := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: below + "/"}) {
		if object.Err != nil {
			return nil, object.Err
		}
		if strings.HasSuffix(object.Key, "/") {
			names = append(names, path.Base(object.Key))
		}
	}
	return names, nil
}

// Files lists the objects of a folder.
func (b bucket) Files(ctx context.Context, folder string) (names []string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends what lists
	for object := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: folder + "/"}) {
		if object.Err != nil {
			return nil, object.Err
		}
		if !strings.HasSuffix(object.Key, "/") {
			names = append(names, path.Base(object.Key))
		}
	}
	return names, nil
}

// Empty removes all objects of a folder.
func (b bucket) Empty(ctx context.Context, folder string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for object := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: folder + "/", Recursive: true}) {
		if object.Err != nil {
			return object.Err
		}
		if err := b.client.RemoveObject(ctx, b.name, object.Key, minio.RemoveObjectOptions{}); err != nil {
			return err
		}
	}
	return nil
}

func missing(err error) bool {
	response, ok := errors.AsType[minio.ErrorResponse](err)
	return ok && (response.Code == minio.NoSuchKey || response.StatusCode == http.StatusNotFound)
}
