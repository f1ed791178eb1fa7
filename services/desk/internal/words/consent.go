package words

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"text/template"
	"time"

	"golang.org/x/text/language"
	"gopkg.in/yaml.v3"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

//go:embed consent/*.yaml
var ownConsents embed.FS

// Consents are the texts that are read to her when she is asked. A text that no named person
// has reviewed is read to nobody: what she agrees to must be what it says.
type Consents struct{ all []Consent }

// Consent is the text in one language.
type Consent struct {
	// Tag is the language (BCP 47), as the file is named.
	Tag string `yaml:"-"`
	// Name is what the language calls itself.
	Name string `yaml:"name"`
	// Direction is that of the script: ltr or rtl.
	Direction string `yaml:"direction"`
	// ReviewedBy is who reviewed it, and ReviewedOn the day (2006-01-02). Both, or none.
	ReviewedBy string `yaml:"reviewed_by"`
	ReviewedOn string `yaml:"reviewed_on"`
	// Heading stands above the sheet: a stranger who finds it learns nothing from it.
	Heading string `yaml:"heading"`
	// Sentence names {{.Agency}}, {{.Service}}, {{.Purpose}}, {{.Categories}} and {{.Until}}.
	Sentence string `yaml:"sentence"`
	// CostsNothing says that a no costs her no service, and TakeBack that a yes can be taken
	// back at any time.
	CostsNothing string `yaml:"costs_nothing"`
	TakeBack     string `yaml:"take_back"`
	// Signature stands at the line on which she may sign.
	Signature string `yaml:"signature"`
	// Comma stands between the parts of a list.
	Comma string `yaml:"comma"`
	// Date is how a day is written, as Go writes 2 January 2006 in numbers: 2/1/2006.
	Date       string            `yaml:"date"`
	Services   map[string]string `yaml:"services"`
	Purposes   map[string]string `yaml:"purposes"`
	Categories map[string]string `yaml:"categories"`
	// Receipt names the same as Sentence and {{.Given}}. A text may lack it: then there is no
	// receipt in this language.
	Receipt string `yaml:"receipt"`

	sentence, receipt *template.Template
}

// Facts are what she is asked.
type Facts struct {
	Agency, Service, Purpose string
	Categories               []string
	// Until is in the zone of the person who reads it.
	Until time.Time
	// Given is when she said yes; for a receipt alone.
	Given time.Time
}

// OpenConsents reads our own texts, and those of a folder in their place; the folder may be
// empty. Asked is the body of the command that gives a consent: no other code has words. A
// text may lack words for some, as those of an office do for a code that is new: it is not
// read where they are needed (Say). Errors name the file and what it lacks, and never what it says.
func OpenConsents(folder string, asked *api.Schema) (*Consents, error) {
	ours, err := fs.Sub(ownConsents, "consent")
	if err != nil {
		return nil, err
	}
	c := &Consents{}
	if err := c.add(ours, asked); err != nil {
		return nil, err
	}
	if folder == "" {
		return c, nil
	}
	return c, c.add(os.DirFS(folder), asked)
}

func (c *Consents) add(files fs.FS, asked *api.Schema) error {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if path.Ext(e.Name()) != ".yaml" {
			continue
		}
		one, err := readConsent(files, e.Name(), asked)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Name(), err)
		}
		c.all = append(slices.DeleteFunc(c.all, func(o Consent) bool { return o.Tag == one.Tag }), one)
	}
	slices.SortFunc(c.all, func(a, b Consent) int { return cmp.Compare(a.Tag, b.Tag) })
	return nil
}

func readConsent(files fs.FS, name string, asked *api.Schema) (c Consent, err error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return c, err
	}
	read := yaml.NewDecoder(bytes.NewReader(text))
	read.KnownFields(true)
	if err := read.Decode(&c); err != nil {
		return c, errors.New("it is not of the form of a consent text")
	}
	c.Tag = strings.TrimSuffix(name, ".yaml")
	if _, err := language.Parse(c.Tag); err != nil {
		return c, errors.New("it is not named by a language (BCP 47)")
	}
	if err := c.check(asked); err != nil {
		return c, err
	}
	if c.sentence, err = mentions("sentence", c.Sentence, "Agency", "Service", "Purpose", "Categories", "Until"); err != nil || c.Receipt == "" {
		return c, err
	}
	c.receipt, err = mentions("receipt", c.Receipt, "Agency", "Service", "Purpose", "Categories", "Until", "Given")
	return c, err
}

func (c Consent) check(asked *api.Schema) error {
	for name, text := range map[string]string{
		"name": c.Name, "heading": c.Heading, "sentence": c.Sentence, "costs_nothing": c.CostsNothing, "take_back": c.TakeBack,
		"signature": c.Signature, "comma": c.Comma, "date": c.Date,
	} {
		if text == "" {
			return fmt.Errorf("%s is missing", name)
		}
	}
	for name, has := range map[string]map[string]string{"service": c.Services, "purpose": c.Purposes, "categories": c.Categories} {
		for code := range has {
			if !slices.Contains(codes(asked, name), code) {
				return fmt.Errorf("there is no %s of the name of one that has words", name)
			}
		}
	}
	if day := time.Date(2034, 11, 27, 0, 0, 0, 0, time.UTC); !strings.Contains(day.Format(c.Date), "2034") || !strings.Contains(day.Format(c.Date), "27") || !strings.Contains(day.Format(c.Date), "11") {
		return errors.New("date leaves out the day, the month or the year")
	}
	if c.Direction != "ltr" && c.Direction != "rtl" {
		return errors.New("direction is ltr or rtl")
	}
	if _, err := time.Parse(time.DateOnly, c.ReviewedOn); (c.ReviewedBy != "" || c.ReviewedOn != "") && (err != nil || c.ReviewedBy == "") {
		return errors.New("reviewed_by and reviewed_on (2006-01-02) stand together")
	}
	return nil
}

// mentions refuses a sentence that leaves something out: she would agree to what she has
// not heard.
func mentions(field, text string, names ...string) (*template.Template, error) {
	sentence, err := template.New("").Option("missingkey=error").Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read", field)
	}
	var said strings.Builder
	marks := map[string]string{}
	for _, name := range names {
		marks[name] = "<" + name + ">"
	}
	if err := sentence.Execute(&said, marks); err != nil {
		return nil, fmt.Errorf("%s names something that there is not", field)
	}
	for _, name := range names {
		if !strings.Contains(said.String(), marks[name]) {
			return nil, fmt.Errorf("%s leaves out {{.%s}}", field, name)
		}
	}
	return sentence, nil
}

// codes are those of a property.
func codes(s *api.Schema, name string) []string {
	p := s.Property(name)
	switch {
	case p == nil:
		return nil
	case p.Items != nil:
		return p.Items.Enum
	}
	return p.Enum
}

// Reviewed are the texts that may be read to her.
func (c *Consents) Reviewed() (all []Consent) {
	if c == nil {
		return nil
	}
	for _, one := range c.all {
		if one.ReviewedBy != "" {
			all = append(all, one)
		}
	}
	return all
}

// In is the text in a language, where it may be read to her.
func (c *Consents) In(tag string) (Consent, bool) {
	all := c.Reviewed()
	i := slices.IndexFunc(all, func(one Consent) bool { return one.Tag == tag })
	if i < 0 {
		return Consent{}, false
	}
	return all[i], true
}

// Say is what is read to her, sentence after sentence. It is false where the text has no words
// for something: she would hear less than she is asked.
func (c Consent) Say(f Facts) ([]string, bool) {
	said, ok := c.fill(c.sentence, f)
	return []string{said, c.CostsNothing, c.TakeBack}, ok
}

// Confirm is what a receipt says. It names an agency and nobody else. It is false where the text
// has no receipt, or no words for something.
func (c Consent) Confirm(f Facts) ([]string, bool) {
	if c.receipt == nil || f.Given.IsZero() {
		return nil, false
	}
	said, ok := c.fill(c.receipt, f)
	return []string{said, c.TakeBack}, ok
}

func (c Consent) fill(text *template.Template, f Facts) (string, bool) {
	known := []string{c.Services[f.Service], c.Purposes[f.Purpose]}
	for _, code := range f.Categories {
		known = append(known, c.Categories[code])
	}
	if f.Agency == "" || len(f.Categories) == 0 || f.Until.IsZero() || slices.Contains(known, "") {
		return "", false
	}
	var said strings.Builder
	err := text.Execute(&said, map[string]string{
		"Agency": f.Agency, "Service": known[0], "Purpose": known[1],
		"Categories": strings.Join(known[2:], c.Comma), "Until": f.Until.Format(c.Date), "Given": f.Given.Format(c.Date),
	})
	return said.String(), err == nil
}
