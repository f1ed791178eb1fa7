package delivery

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"github.com/sanad-network/sanad/services/internal/hsds"
)

// ErrEncoding refuses the name of an encoding that nobody knows.
var ErrEncoding = errors.New("the encoding is not known: name one as in the standard of the web, such as windows-1252")

// read reads files and folders as one delivery.
func read(paths []string, name string) (hsds.Delivery, Report, error) {
	r := &reading{d: hsds.Delivery{MaxRows: maxRows}}
	if name != "" {
		enc, err := htmlindex.Get(name)
		if err != nil {
			return r.d, r.remarks, ErrEncoding
		}
		r.encoding = enc
	}
	for _, path := range paths {
		path = filepath.Clean(path)
		info, err := os.Stat(path)
		if err != nil {
			return r.d, r.remarks, err
		}
		if info.IsDir() {
			r.folder(path)
			continue
		}
		tables := map[string]string{}
		r.file(path, fs.FileInfoToDirEntry(info), tables)
		r.tables(filepath.Dir(path), tables)
	}
	return r.d, r.remarks, nil
}

type reading struct {
	d       hsds.Delivery
	remarks Report
	// encoding is that of files which are not in UTF-8 and do not say so; nil refuses
	// them.
	encoding encoding.Encoding
}

func (r *reading) note(path, rule string) {
	r.remarks.Notes = append(r.remarks.Notes, hsds.Issue{Path: path, Rule: rule})
}

// unreadable tells of a file that could not be read. Nobody knows what it was about.
func (r *reading) unreadable(path, rule string) {
	r.remarks.Rejected = append(r.remarks.Rejected, hsds.Issue{Path: path, Rule: rule})
	r.d.Unread = true
}

func (r *reading) folder(path string) {
	entries, err := os.ReadDir(path)
	if err != nil {
		r.unreadable(path, "is a folder that cannot be read")
		return
	}
	tables := map[string]string{}
	for _, e := range entries {
		if name := filepath.Join(path, e.Name()); e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			r.folder(name)
		} else {
			r.file(name, e, tables)
		}
	}
	r.tables(path, tables)
}

func (r *reading) tables(path string, tables map[string]string) {
	if len(tables) > 0 {
		r.d.Folders = append(r.d.Folders, hsds.Folder{Path: path, Tables: tables})
	}
}

// file reads one file. What is meant for people is left out with a remark; of whatever
// else it is not known what it holds.
func (r *reading) file(path string, e fs.DirEntry, tables map[string]string) {
	name := strings.ToLower(e.Name())
	switch ending := filepath.Ext(name); {
	case strings.HasPrefix(name, "."), ending == ".md", strings.HasPrefix(name, "readme"), strings.HasPrefix(name, "licen"):
		r.note(path, "is not read")
		return
	case ending == ".zip", ending == ".gz", ending == ".7z", ending == ".tar":
		r.unreadable(path, "is an archive: unpack it, and hand in the folder")
		return
	case ending == ".xlsx", ending == ".xls", ending == ".ods":
		r.unreadable(path, "is a workbook: save each of its sheets as CSV")
		return
	case ending != ".csv" && ending != ".json":
		r.unreadable(path, "is neither .csv nor .json")
		return
	}
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		r.unreadable(path, "is not a file that can be read")
		return
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		r.unreadable(path, "is not a file that can be read")
		return
	}
	text, rule := r.decode(path, raw)
	switch {
	case name == "datapackage.json": // also in an encoding that nobody can read
		r.note(path, "describes the tables and holds none; it was left out")
	case rule != "":
		r.unreadable(path, rule)
	case strings.HasSuffix(name, ".csv"):
		tables[e.Name()] = text
	default:
		r.d.Documents = append(r.d.Documents, hsds.Source{Path: path, Text: []byte(text)})
	}
}

// decode gives a file's text, or why it has none. It never guesses: one letter that is
// read in the wrong encoding makes another name, and another code.
func (r *reading) decode(path string, raw []byte) (text, rule string) {
	var enc encoding.Encoding
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}), bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		enc = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
		if len(raw)%2 != 0 {
			return "", "is in UTF-16, and was cut"
		}
		r.note(path, "is in UTF-16, and was read as such")
	case bytes.IndexByte(raw, 0) >= 0:
		return "", "holds a NUL byte: save it as UTF-8"
	case utf8.Valid(raw):
		return string(raw), ""
	case r.encoding == nil:
		return "", "is not in UTF-8: save it as UTF-8, or name its encoding with -encoding"
	default:
		enc = r.encoding
		r.note(path, "is not in UTF-8, and was read in the encoding that was named")
	}
	out, err := enc.NewDecoder().Bytes(raw)
	if text = string(out); err != nil || strings.ContainsFunc(text, unreadable) {
		return "", "holds bytes that its encoding does not have"
	}
	return text, ""
}

// unreadable says whether a character stands for one that an encoding does not have.
func unreadable(c rune) bool { return c == utf8.RuneError || 0x80 <= c && c < 0xa0 || c == 0 }
