// Package bodymap draws injuries on a body, from the front and from the back. It draws codes and
// sizes alone: it refuses to be given what a person wrote, so that a drawing can be shown where its
// text may not.
package bodymap

import (
	"fmt"
	"strings"

	"github.com/sanad-network/sanad/api/code"
)

// Mark is one injury. Length is in millimetres.
type Mark struct {
	Type   code.InjuryType
	Region code.BodyRegion
	Side   code.BodySide
	Aspect code.BodyAspect
	Length int
}

// place is where a region is drawn: how far a side is from the middle, and how far down.
type place struct{ aside, down int }

var places = map[code.BodyRegion]place{
	code.RegionScalp: {9, 14}, code.RegionFace: {8, 32}, code.RegionMouth: {4, 44}, code.RegionEar: {18, 32},
	code.RegionNeck: {6, 60}, code.RegionShoulder: {34, 78}, code.RegionUpperArm: {46, 112}, code.RegionForearm: {53, 160},
	code.RegionHand: {59, 207}, code.RegionChest: {12, 88}, code.RegionBreast: {16, 106}, code.RegionAbdomen: {13, 146},
	code.RegionBack: {14, 120}, code.RegionButtock: {14, 196}, code.RegionGenital: {5, 203}, code.RegionAnal: {4, 210},
	code.RegionThigh: {19, 250}, code.RegionKnee: {20, 292}, code.RegionLowerLeg: {20, 335}, code.RegionFoot: {22, 392},
}

// middles are the middles of the two bodies.
var middles = map[code.BodyAspect]int{code.AspectFront: 100, code.AspectBack: 300}

// body is one body around its middle: head, trunk, arms and legs.
const body = `<g transform="translate(%d 0)" fill="#f4efe9" stroke="#6b6259" stroke-width="1.5" stroke-linejoin="round">` +
	`<ellipse cx="0" cy="30" rx="18" ry="23"/>` +
	`<path d="M-8 51 V66 L-34 72 Q-42 76 -44 88 L-59 196 Q-62 214 -56 216 Q-51 216 -51 200 L-33 112 L-27 175 L-30 215 L-29 300 L-27 384 ` +
	`Q-34 398 -22 399 H-12 L-11 384 L-9 300 L-2 222 H2 L9 300 L11 384 L12 399 H22 Q34 398 27 384 L29 300 L30 215 L27 175 L33 112 ` +
	`L51 200 Q51 216 56 216 Q62 214 59 196 L44 88 Q42 76 34 72 L8 66 V51 Z"/></g>`

// Draw is the drawing, an SVG image of 400 by 412. Each injury has its number, in the order in which
// they are given. A code that is not known is not drawn in a place that would be wrong: it has no
// mark, and its number is missing.
func Draw(marks []Mark) string {
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 412" role="img">`)
	fmt.Fprintf(&b, body, middles[code.AspectFront])
	fmt.Fprintf(&b, body, middles[code.AspectBack])
	beside := map[[2]int]int{}
	for i, m := range marks {
		x, y, ok := at(m)
		if !ok {
			continue
		}
		n := beside[[2]int{x, y}]
		beside[[2]int{x, y}]++
		x, y = x+n%3*7, y+n/3*9+n%3*6
		draw(&b, m, x, y, i+1)
	}
	b.WriteString(`</svg>`)
	return b.String()
}

// at is where an injury lies. Her left is on the right of who sees her from the front.
func at(m Mark) (x, y int, ok bool) {
	p, known := places[m.Region]
	middle, seen := middles[m.Aspect]
	if !known || !seen {
		return 0, 0, false
	}
	aside := p.aside
	switch m.Side {
	case code.SideMiddle:
		aside = 0
	case code.SideRight:
		aside = -aside
	case code.SideLeft:
	default:
		return 0, 0, false
	}
	if m.Aspect == code.AspectBack {
		aside = -aside
	}
	return middle + aside, p.down, true
}

// draw draws one injury: its shape says of what type it is, its size how long it is, within limits.
func draw(b *strings.Builder, m Mark, x, y, number int) {
	r := 3 + min(m.Length, 120)/20
	fmt.Fprintf(b, `<g transform="translate(%d %d)" fill="none" stroke="#a3122a" stroke-width="1.6">`, x, y)
	switch m.Type {
	case code.Bruise:
		fmt.Fprintf(b, `<ellipse rx="%d" ry="%d" fill="#a3122a" fill-opacity="0.35"/>`, r, max(2, r*2/3))
	case code.Abrasion:
		fmt.Fprintf(b, `<path d="M%d -2 H%d M%d 1 H%d M%d 4 H%d"/>`, -r, r, -r, r, -r, r)
	case code.Laceration:
		fmt.Fprintf(b, `<path d="M%d 0 L%d -3 L%d 3 L%d 0"/>`, -r, -r/3, r/3, r)
	case code.IncisedWound:
		fmt.Fprintf(b, `<path d="M%d %d L%d %d"/>`, -r, r/2, r, -r/2)
	case code.StabWound:
		fmt.Fprintf(b, `<path d="M0 %d L3 0 L0 %d L-3 0 Z" fill="#a3122a"/>`, -r, r)
	case code.Burn:
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#a3122a" fill-opacity="0.2"/>`, -r, -r, 2*r, 2*r)
	case code.BiteMark:
		fmt.Fprintf(b, `<path d="M%d -1 A%d %d 0 0 1 %d -1 M%d 2 A%d %d 0 0 0 %d 2"/>`, -r, r, r, r, -r, r, r, r)
	case code.Fracture:
		fmt.Fprintf(b, `<path d="M%d %d L%d %d M%d %d L%d %d"/>`, -r, -r, r, r, -r, r, r, -r)
	default:
		fmt.Fprintf(b, `<circle r="%d"/>`, r)
	}
	fmt.Fprintf(b, `<text x="%d" y="-3" fill="#1d1a17" stroke="none" font-size="10" font-family="sans-serif">%d</text></g>`, r+2, number)
}
