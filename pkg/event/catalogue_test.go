package event_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
)

type contact struct {
	Name string `json:"name"`
}

var catalogue = event.NewCatalogue(
	event.Private[intakev1.CaseOpened, contact](),
	event.Type[referralv1.Started](),
)

func TestEncodeDecode(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	opened := intakev1.CaseOpened{Case: "case_1", Agency: "alpha", Channel: code.Hotline, Country: "KG", Programme: "core"}
	for _, e := range []fact.Event{
		{Data: opened, Private: contact{Name: "canary"}, At: at},
		{Data: opened, At: at},
		{Data: referralv1.Started{Loop: referralv1.Loop{Referral: "ref_1", Service: code.Police}}, At: at},
	} {
		r, err := catalogue.Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(r.Data), "canary") {
			t.Error("the private half is in the public one")
		}
		got, err := catalogue.Decode(r, at)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(e, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]event.Recorded{
		"unknown type":        {Type: "intake.forgotten.v1", Data: []byte(`{}`)},
		"no JSON":             {Type: "referral.started.v1", Data: []byte(`canary`)},
		"an unknown code":     {Type: "referral.started.v1", Data: []byte(`{"service":"canary"}`)},
		"an undeclared half":  {Type: "referral.started.v1", Data: []byte(`{}`), Private: []byte(`{"name":"canary"}`)},
		"a broken half":       {Type: "intake.case_opened.v1", Data: []byte(`{}`), Private: []byte(`{"name":1}`)},
		"nothing whatsoever":  {},
		"a type, and no data": {Type: "referral.started.v1"},
	} {
		_, err := catalogue.Decode(r, time.Time{})
		var unknown *event.UnknownError
		var undecodable *event.UndecodableError
		switch {
		case err == nil:
			t.Errorf("%s: decoded", name)
		case !errors.As(err, &unknown) && !errors.As(err, &undecodable):
			t.Errorf("%s: %T", name, err)
		case strings.Contains(err.Error(), "canary"):
			t.Errorf("%s: the error echoes a value", name)
		}
	}
	// A reader is tolerant of what was added later.
	if _, err := catalogue.DecodeData("referral.started.v1", []byte(`{"referral":"ref_1","service":"police_other_service","added":1}`)); err != nil {
		t.Error(err)
	}
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"intake.case_opened.v1", "referral.started.v1"}, catalogue.Types()); diff != "" {
		t.Error(diff)
	}
	if !catalogue.Has("referral.started.v1") || catalogue.Has("referral.ended.v1") {
		t.Error("Has")
	}
	if _, ok := catalogue.Zero("referral.started.v1").(referralv1.Started); !ok || catalogue.Zero("referral.ended.v1") != nil {
		t.Error("Zero")
	}
	var empty event.Catalogue
	if empty.Has("referral.started.v1") || len(empty.Types()) != 0 {
		t.Error("the zero catalogue knows something")
	}
	defer func() {
		if recover() == nil {
			t.Error("two entries for one type")
		}
	}()
	event.NewCatalogue(event.Type[referralv1.Started](), event.Type[referralv1.Started]())
}
