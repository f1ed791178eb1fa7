package files

import (
	"strconv"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// document is a version as its file writes it. The schema is api/programme.
type document struct {
	Programme string               `json:"programme"`
	Version   int                  `json:"version"`
	From      string               `json:"from"`
	Status    code.ProgrammeStatus `json:"status"`
	SignedBy  *struct {
		Name       string `json:"name"`
		Profession string `json:"profession"`
		On         string `json:"on"`
	} `json:"signed_by"`
	Country string `json:"country"`
	Zone    string `json:"zone"`

	Languages *struct {
		section
		InUse []string `json:"in_use"`
	} `json:"languages"`
	Week     *weekly `json:"week"`
	Services *struct {
		section
		InUse programme.Services `json:"in_use"`
	} `json:"services"`
	Channels *struct {
		section
		InUse []code.Channel                   `json:"in_use"`
		Asks  map[code.Channel][]code.FirstAsk `json:"asks"`
	} `json:"channels"`
	Reasons *struct {
		section
		Decline map[code.DeclineReason]programme.Words `json:"decline"`
		Cancel  map[code.CancelReason]programme.Words  `json:"cancel"`
		Close   map[code.CloseReason]programme.Words   `json:"close"`
	} `json:"reasons"`
	Consent *struct {
		section
		Longest term `json:"longest"`
		Steps   []struct {
			From   int          `json:"from"`
			Under  int          `json:"under"`
			By     code.GivenBy `json:"by"`
			Assent bool         `json:"assent"`
		} `json:"steps"`
		Alone   map[code.Service]int `json:"alone"`
		Instead []code.GivenBy       `json:"instead"`
		Grace   span                 `json:"grace"`
	} `json:"consent"`
	Windows *struct {
		section
		Soon   span                 `json:"soon"`
		Within map[code.Window]span `json:"within"`
	} `json:"windows"`
	Deadlines *struct {
		section
		Standard  terms                                    `json:"standard"`
		Urgent    terms                                    `json:"urgent"`
		Emergency terms                                    `json:"emergency"`
		Services  map[code.Service]map[code.Urgency]*terms `json:"services"`
	} `json:"deadlines"`
	Answers *struct {
		section
		Onward          span `json:"onward"`
		OnwardEmergency span `json:"onward_emergency"`
		Transfer        span `json:"transfer"`
	} `json:"answers"`
	Enquiries *struct {
		section
		Take         span `json:"take"`
		TakeInDanger span `json:"take_in_danger"`
		Settle       span `json:"settle"`
		Cards        span `json:"cards"`
	} `json:"enquiries"`
	LegalAid *struct {
		section
		Serve         span             `json:"serve"`
		Warn          span             `json:"warn"`
		Expiring      span             `json:"expiring"`
		Hearing       span             `json:"hearing"`
		Eligible      []code.AidGround `json:"eligible"`
		WhateverMeans []code.AidGround `json:"whatever_means"`
	} `json:"legal_aid"`
	Support *struct {
		section
		RiskAnswer  span `json:"risk_answer"`
		FollowUp    span `json:"follow_up"`
		Review      span `json:"review"`
		PCL5Cut     int  `json:"pcl_5_cut"`
		PHQ9Percent int  `json:"phq_9_percent"`
		GAD7Change  int  `json:"gad_7_change"`
		WHO5Change  int  `json:"who_5_change"`
		PCL5Change  int  `json:"pcl_5_change"`

		Texts map[code.Instrument][]programme.Words `json:"texts"`
	} `json:"support"`
	Least *struct {
		section
		Categories programme.Least `json:"categories"`
	} `json:"least"`
	Requirements *struct {
		section
		Services map[code.Service]struct {
			Purposes      []code.Purpose `json:"purposes"`
			ConflictCheck bool           `json:"conflict_check"`
		} `json:"services"`
	} `json:"requirements"`
	Roles *struct {
		section
		Requires map[code.WorkerRole][]programme.Need `json:"requires"`
	} `json:"roles"`
	Reporting *struct {
		section
		Laws map[string]struct {
			Words       programme.Words            `json:"words"`
			Reporters   programme.Words            `json:"reporters"`
			Minimum     programme.Words            `json:"minimum"`
			Authorities map[string]programme.Words `json:"authorities"`
		} `json:"laws"`
	} `json:"reporting"`
	Essential *struct {
		section
		Services map[string]struct {
			Sector  code.EssentialSector `json:"sector"`
			GivenBy []code.Service       `json:"given_by"`
			Words   programme.Words      `json:"words"`
		} `json:"services"`
		Standards map[string]struct {
			Services []code.Service  `json:"services"`
			Words    programme.Words `json:"words"`
		} `json:"standards"`
	} `json:"essential"`
	Reach *struct {
		section
		Months     int  `json:"months"`
		Silent     int  `json:"silent"`
		Kilometres int  `json:"kilometres"`
		Travel     span `json:"travel"`
		Speed      int  `json:"speed"`
		Areas      map[string]struct {
			Latitude  float64         `json:"latitude"`
			Longitude float64         `json:"longitude"`
			Speed     int             `json:"speed"`
			Words     programme.Words `json:"words"`
		} `json:"areas"`
	} `json:"reach"`
	Figures *struct {
		section
		Period  code.FigurePeriod `json:"period"`
		Settles span              `json:"settles"`
		K       int               `json:"k"`
		Tables  []struct {
			Name    string               `json:"name"`
			Parent  string               `json:"parent"`
			Columns code.FigureDimension `json:"columns"`
			Of      []string             `json:"of"`
			For     code.FigureAudience  `json:"for"`
			Zeros   bool                 `json:"zeros"`
			Words   programme.Words      `json:"words"`
		} `json:"tables"`
	} `json:"figures"`
	Hold        *length `json:"hold"`
	Acknowledge *length `json:"acknowledge"`
	SetOut      *length `json:"set_out"`
	Arrive      *length `json:"arrive"`
	Reflection  *length `json:"reflection"`
	Retention   *length `json:"retention"`
	Kits        *length `json:"kits"`

	zone *time.Location
	from time.Time
	text string
	line func(pointer string) int
}

// section is what every section has.
type section struct {
	Changes programme.Changes `json:"changes"`
	Source  string            `json:"source"`
}

type weekly struct {
	section
	Days     []string `json:"days"`
	Opens    string   `json:"opens"`
	Closes   string   `json:"closes"`
	Holidays []string `json:"holidays"`
}

type length struct {
	section
	Is span `json:"is"`
}

type terms struct {
	Respond     span                         `json:"respond"`
	Remind      []span                       `json:"remind"`
	Ladder      map[code.EscalationStep]span `json:"ladder"`
	Expire      span                         `json:"expire"`
	Contact     span                         `json:"contact"`
	Serve       span                         `json:"serve"`
	OfficeHours bool                         `json:"office_hours"`
}

// term is a span, or years: 1y.
type term programme.Term

// UnmarshalText takes what the schema lets through.
func (t *term) UnmarshalText(text []byte) error {
	if years, found := strings.CutSuffix(string(text), "y"); found {
		number, err := strconv.Atoi(years)
		t.Years = number
		return err
	}
	return (*span)(&t.Time).UnmarshalText(text)
}

// span is a length of time as people write it: 10d, 36h, 1h30m.
type span time.Duration

// UnmarshalText takes what the schema lets through.
func (s *span) UnmarshalText(text []byte) error {
	total, number := 0, 0 // in minutes
	for _, b := range text {
		switch {
		case b >= '0' && b <= '9':
			number = number*10 + int(b-'0')
			continue
		case b == 'd':
			total += number * 24 * 60
		case b == 'h':
			total += number * 60
		case b == 'm':
			total += number
		}
		number = 0
	}
	*s = span(time.Duration(total) * time.Minute)
	return nil
}
