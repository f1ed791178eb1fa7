// Package paper makes the certificate that people hold in their hands: a PDF of what was signed, and
// nothing else. It refuses to add what is not in the file, and to write into the PDF who made it.
package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"

	"github.com/sanad-network/sanad/services/internal/signed"
)

// Sizes in millimetres and points, on A4.
const (
	margin = 20.0
	width  = 170.0
	height = 5.5
	body   = 10
)

// sheet is a PDF with the language of its labels.
type sheet struct {
	*fpdf.Fpdf
	words map[string]string
}

// Certificate is a certificate as a PDF, with labels in a language (ISO 639; English where it is none
// of ours). The same file makes the same bytes. What is not signed, or does not stand any more, says so
// on each page.
func Certificate(c signed.Certificate, stands bool, language string) ([]byte, error) {
	words, known := labels[language]
	if !known {
		words = labels["en"]
	}
	s := sheet{fpdf.New("P", "mm", "A4", ""), words}
	s.AddUTF8FontFromBytes("dejavu", "", dejavusans.TTF)
	s.AddUTF8FontFromBytes("dejavu", "B", dejavusansbold.TTF)
	s.SetCompression(false)
	s.SetCatalogSort(true)
	s.SetCreationDate(c.At)
	s.SetModificationDate(c.At)
	s.SetProducer("", true)
	s.SetMargins(margin, margin, margin)
	s.SetAutoPageBreak(true, 2*margin)
	s.SetHeaderFunc(func() { s.head(c, stands) })
	s.SetFooterFunc(func() { s.foot(c) })
	s.AddPage()
	s.field("certificate", c.Certificate)
	s.field("replaces", c.Replaces)
	s.field("at", c.At.UTC().Format("2006-01-02 15:04 MST"))
	s.field("opinion", words["opinion."+string(c.Opinion)])
	s.field("text", c.Text)
	for i, f := range c.Findings {
		name := "findings"
		if i > 0 {
			name = ""
		}
		s.field(name, fmt.Sprintf("%d. %s", i+1, f))
	}
	s.field("examiner", c.Examiner)
	s.field("supervisor", c.Supervisor)
	for _, g := range c.Signatures {
		s.field("signature", g.Key)
		s.field("", g.Signature)
	}
	sum := sha256.Sum256([]byte(c.Signed()))
	s.field("hash", hex.EncodeToString(sum[:]))
	s.Ln(height)
	s.paragraph(words["verify"])
	var b bytes.Buffer
	if err := s.Output(&b); err != nil {
		return nil, fmt.Errorf("make the certificate: %w", err)
	}
	return b.Bytes(), nil
}

func (s sheet) head(c signed.Certificate, stands bool) {
	s.SetFont("dejavu", "B", 16)
	s.paragraph(s.words["title"])
	s.SetFont("dejavu", "B", body)
	if len(c.Signatures) == 0 {
		s.paragraph(s.words["unsigned"])
	}
	if !stands {
		s.paragraph(s.words["replaced"])
	}
	s.Ln(height)
	s.SetFont("dejavu", "", body)
}

func (s sheet) foot(c signed.Certificate) {
	s.SetY(-margin)
	s.SetFont("dejavu", "", 8)
	s.CellFormat(width/2, height, c.Certificate, "", 0, "L", false, 0, "")
	s.CellFormat(width/2, height, fmt.Sprint(s.PageNo()), "", 0, "R", false, 0, "")
	s.SetFont("dejavu", "", body)
}

// field is a label and a value. Without a label the value goes on; without a value there is none.
func (s sheet) field(label, value string) {
	if value == "" {
		return
	}
	if label != "" {
		s.Ln(height / 2)
		s.SetFont("dejavu", "B", body)
		s.paragraph(s.words[label])
		s.SetFont("dejavu", "", body)
	}
	s.paragraph(value)
}

// paragraph draws a text, line by line, each in its own direction.
func (s sheet) paragraph(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		right := rightToLeft(line)
		for _, part := range s.wrap(shape(line)) {
			align := "L"
			if right {
				align = "R"
			}
			s.CellFormat(width, height, ordered(part, right), "", 1, align, false, 0, "")
		}
	}
}

// wrap breaks a line between words; a word that is longer than the line, where it must.
func (s sheet) wrap(line string) (parts []string) {
	part := ""
	for word := range strings.SplitSeq(line, " ") {
		for s.GetStringWidth(word) > width-2 {
			if part != "" {
				parts, part = append(parts, part), ""
			}
			runes := []rune(word)
			n := len(runes) - 1
			for n > 1 && s.GetStringWidth(string(runes[:n])) > width-2 {
				n--
			}
			parts, word = append(parts, string(runes[:n])), string(runes[n:])
		}
		switch joined := part + " " + word; {
		case part == "":
			part = word
		case s.GetStringWidth(joined) > width-2:
			parts, part = append(parts, part), word
		default:
			part = joined
		}
	}
	return append(parts, part)
}
