package edge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/sanad-network/sanad/pkg/fault"
)

// Upload is the body of an operation that takes a file.
type Upload struct {
	// Type is the media type, as it was said and as the content shows it.
	Type string
	// Content is what is in the file.
	Content []byte
}

// Download is the body of an answer that is a file. A browser keeps it, and never shows it
// as a page of ours.
type Download struct {
	Type    string
	Content []byte
}

var (
	errFileType = fault.New(fault.Unsupported, "file_type", "The file is of a type that is not taken here, or is not of the type that was said.")
	errFileSize = fault.New(fault.TooLarge, "file_too_large", "The file is larger than is taken here.")
	errFileBusy = fault.New(fault.Unavailable, "files_busy", "Too many files are on their way. Send it again later.").After(5 * time.Second)
)

// slowest is how long a file may take on a slow line.
const slowest = 3 * time.Minute

// files reads which types of file the body of an operation may be, and how many bytes
// each may have; nil where the body is no file.
func files(body map[string]any) (map[string]int64, error) {
	content := member(body, "content")
	if content == nil || content["application/json"] != nil {
		return nil, nil
	}
	types := make(map[string]int64)
	for media, of := range members(content) {
		number, _ := member(of, "schema")["maxLength"].(json.Number)
		most, err := number.Int64()
		if err != nil || most <= 0 {
			return nil, fmt.Errorf("a file of %s has no maxLength", media)
		}
		types[media] = most
	}
	return types, nil
}

// file reads the body of an operation that takes a file.
func (op *operation) file(r *http.Request) (Upload, error) {
	sent := r.Header["Content-Type"]
	if len(sent) != 1 || len(r.Header["Content-Encoding"]) > 0 {
		return Upload{}, errFileType
	}
	media, _, err := mime.ParseMediaType(sent[0])
	most, taken := op.files[media]
	switch {
	case err != nil || !taken:
		return Upload{}, errFileType.At("Content-Type", "a type that the contract names")
	case r.ContentLength > most:
		return Upload{}, errFileSize
	}
	content, err := io.ReadAll(io.LimitReader(r.Body, most+1))
	switch {
	case err != nil:
		return Upload{}, errMalformed.Because(err)
	case int64(len(content)) > most:
		return Upload{}, errFileSize
	case http.DetectContentType(content) != media:
		// What is called a photograph and is a program would be opened by the next reader.
		return Upload{}, errFileType.At("", "of the type that was said")
	}
	return Upload{Type: media, Content: content}, nil
}

// slowly serves files: each in the time of a slow line, because the server's own time is that of
// a form. The way that a file took is free again when the last byte is written.
func slowly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		until := time.Now().Add(slowest)
		line := http.NewResponseController(w)
		if err := errors.Join(line.SetReadDeadline(until), line.SetWriteDeadline(until)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return // the line is gone
		}
		own := &way{}
		defer own.leave()
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), wayKey{}, own)))
	})
}

// give writes a file. Its name would be text of a person, so it has none.
func (d Download) give(w http.ResponseWriter, status int) {
	h := w.Header()
	h.Set("Content-Type", d.Type)
	h.Set("Content-Disposition", "attachment")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(d.Content) // a caller that left is nobody's fault
}
