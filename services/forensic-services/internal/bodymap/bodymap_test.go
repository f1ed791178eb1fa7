package bodymap_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/forensic-services/internal/bodymap"
)

// Each code is drawn, in its own place, and the drawing is an image.
func TestDraw(t *testing.T) {
	var marks []bodymap.Mark
	for i, region := range code.BodyRegions {
		for _, side := range code.BodySides {
			marks = append(marks, bodymap.Mark{
				Type: code.InjuryTypes[i%len(code.InjuryTypes)], Region: region, Side: side, Aspect: code.BodyAspects[i%2], Length: i * 9,
			})
		}
	}
	drawn := bodymap.Draw(marks)
	if n := strings.Count(drawn, "<text"); n != len(marks) {
		t.Errorf("%d of %d injuries are drawn", n, len(marks))
	}
	for d := xml.NewDecoder(strings.NewReader(drawn)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// Her left is on the right of who sees her from the front, and on the left of who sees her back.
func TestSides(t *testing.T) {
	one := func(side code.BodySide, aspect code.BodyAspect) string {
		return bodymap.Draw([]bodymap.Mark{{Type: code.Bruise, Region: code.RegionThigh, Side: side, Aspect: aspect, Length: 20}})
	}
	for want, is := range map[string]string{
		"translate(119 250)": one(code.SideLeft, code.AspectFront), "translate(81 250)": one(code.SideRight, code.AspectFront),
		"translate(281 250)": one(code.SideLeft, code.AspectBack), "translate(319 250)": one(code.SideRight, code.AspectBack),
		"translate(100 250)": one(code.SideMiddle, code.AspectFront),
	} {
		if !strings.Contains(is, want) {
			t.Errorf("no mark at %s", want)
		}
	}
}

// What is not known has no place, and two injuries of one place are both seen.
func TestPlaces(t *testing.T) {
	same := bodymap.Mark{Type: code.Bruise, Region: code.RegionNeck, Side: code.SideLeft, Aspect: code.AspectFront, Length: 10}
	drawn := bodymap.Draw([]bodymap.Mark{same, same, {Type: code.Bruise, Region: "soul", Side: code.SideLeft, Aspect: code.AspectFront}, same})
	if strings.Count(drawn, "translate(106 60)") != 1 || strings.Count(drawn, "<text") != 3 || strings.Contains(drawn, ">3<") {
		t.Error(drawn)
	}
}
