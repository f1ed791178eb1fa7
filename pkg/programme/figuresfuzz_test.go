package programme_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// No catalogue makes the rules panic, and what they take is one tree in which every cell can be divided.
func FuzzFigures(f *testing.F) {
	f.Add(`{"Period":"year","Settles":86400000000000,"K":11,"Tables":[{"Name":"a","For":"fund"},{"Name":"b","Parent":"a","Columns":"funded","For":"fund"},{"Name":"c","Parent":"b","Columns":"grant","Of":["yes"],"Zeros":true,"For":"fund"}]}`)
	f.Add(`{"Period":"month","Tables":[{"Name":"a","Parent":"b"},{"Name":"b","Parent":"a","Of":[]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var is programme.Figures
		if json.Unmarshal([]byte(text), &is) != nil || len(is.Wrong()) > 0 {
			return
		}
		if is.K < 11 || is.Settles < 24*time.Hour || is.Tables[0].Parent != "" || len(strings.TrimSpace(string(is.Period))) == 0 {
			t.Errorf("%+v", is)
		}
		names := map[string]int{}
		for i, table := range is.Tables {
			parent, ok := names[table.Parent]
			if names[table.Name] = i; i > 0 && (!ok || parent >= i || !validDimension(table.Columns)) {
				t.Errorf("%+v is no tree", is)
			}
		}
	})
}

func validDimension(d code.FigureDimension) bool {
	return d.UnmarshalText([]byte(d)) == nil
}
