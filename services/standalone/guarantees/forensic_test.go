package guarantees_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// A day of an examiner: what she says step by step, a photograph, an exhibit, a review to which she
// agrees, and a legal hold. A photograph is a sealed file, which a no of hers and a hold close; nothing of
// it, nor of the camera, stands in a message, a log or a span. What waits stands on the list of her
// examiner alone.
func TestTheDayOfAnExaminer(t *testing.T) {
	w := begin(t)
	w.registered()
	h := harmed{w, w.desk(journey.FrontDesk, "caseworker")}
	examiner, head := w.desk(journey.Forensics, "examiner"), w.desk(journey.Forensics, "supervisor")
	of := h.opens(m{"name": "Somebody"})
	h.does(h.front, of+"/consents", consent(journey.Forensics, "forensic_examination_service"))
	referral := request(t.Context(), t, h.front, of[len("/v1/cases/"):], journey.Forensics, "forensic_examination_service")
	h.takes(examiner, referral)
	exam := "/v1/examinations/exam_" + referral[len("ref_"):]
	h.gives(examiner, "examiner", referral, exam)
	entry := func(list string) (id string) {
		var all map[string]json.RawMessage
		var entries []struct{ ID string }
		if err := examiner.Get(t.Context(), exam, &all); err != nil || json.Unmarshal(all[list], &entries) != nil || len(entries) == 0 {
			t.Fatalf("%s: %v, %s", list, err, all[list])
		}
		return entries[len(entries)-1].ID
	}
	says := func(step, answer string) { h.does(examiner, exam+"/steps", m{"step": step, "answer": answer}) }

	picture := append([]byte("\xff\xd8\xff\xe1\x00\x40Exif\x00\x00"), canary+"-place-of-the-camera"...)
	send := func(d office.Desk, media string, content []byte) office.Answer {
		a, err := d.Do(t.Context(), http.MethodPost, exam+"/files", content, http.Header{"Idempotency-Key": {uuid.NewString()}, "Content-Type": {media}})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := send(examiner, "image/jpeg", picture); a.Status != http.StatusConflict || !bytes.Contains(a.Body, []byte("step_without_yes")) {
		t.Errorf("a photograph without her yes: %d %s", a.Status, a.Body)
	}
	says("photographs", "consented")
	for media, content := range map[string][]byte{"application/pdf": []byte("%PDF-1.7"), "application/dicom": []byte("DICM"), "image/png": picture} {
		if a := send(examiner, media, content); a.Status != http.StatusUnsupportedMediaType {
			t.Errorf("%s: %d %s", media, a.Status, a.Body)
		}
	}
	if a := send(head, "image/jpeg", picture); a.Status != http.StatusForbidden {
		t.Errorf("the supervisor gives a photograph: %d %s", a.Status, a.Body)
	}
	if a := send(examiner, "image/jpeg", picture); a.Status != http.StatusOK {
		t.Fatalf("a photograph: %d %s", a.Status, a.Body)
	}
	file := entry("files")
	h.does(examiner, exam+"/photographs", m{"file": file, "region": "neck", "side": "left", "aspect": "front", "scale_mm": 50, "taken_by": canary + "-photographer"})
	shown := exam + "/file?file=" + file
	opens := func(is bool) {
		t.Helper()
		if a := h.get(examiner, shown); is != (a.Status == http.StatusOK && bytes.Equal(a.Body, picture)) {
			t.Errorf("the photograph comes back as %d %.80s", a.Status, a.Body)
		}
		if a := h.get(examiner, exam); is != bytes.Contains(a.Body, []byte(canary+"-photographer")) {
			t.Errorf("the examination shows its photographs: %v", !is)
		}
	}
	opens(true)
	for name, d := range map[string]office.Desk{"supervisor": head, "desk": h.front, "another agency": w.desk(journey.LegalAid, "lawyer")} {
		if a := h.get(d, shown); a.Status == http.StatusOK || bytes.Contains(a.Body, []byte(canary)) {
			t.Errorf("%s has the photograph: %d", name, a.Status)
		}
	}
	says("photographs", "stopped")
	opens(false)
	says("photographs", "consented")
	opens(true)

	// The clock of the clinic begins with the first that is recorded of her body.
	says("general_examination", "consented")
	says("samples", "consented")
	h.does(examiner, exam+"/findings", m{"step": "general_examination", "injury": m{"type": "bruise", "region": "neck", "side": "left", "aspect": "front", "length_mm": 30, "colour": canary + "-colour"}})
	if a := h.get(examiner, exam+"/body-map"); a.Status != http.StatusOK || bytes.Contains(a.Body, []byte(canary)) || !bytes.Contains(a.Body, []byte(`"injuries":1`)) {
		t.Errorf("the body map: %d %s", a.Status, a.Body)
	}
	h.does(examiner, exam+"/reviews", m{"review": "two_weeks", "answer": "agreed", "due_at": time.Now().AddDate(0, 0, 15).UTC().Format(time.RFC3339)})
	h.does(examiner, exam+"/reviews", m{"review": "six_months", "answer": "refused"})
	h.does(examiner, exam+"/exhibits", m{"kind": "swab", "seal_number": "S-1", "description": canary + "-exhibit"})
	exhibit := entry("exhibits")
	h.has(h.get(examiner, "/v1/examination-duties"), `"entry":"two_weeks"`, `"entry":"three_months"`, `"kind":"open_custody"`, exhibit)
	h.hasNot(h.get(examiner, "/v1/examination-duties"), `"entry":"six_months"`)
	h.does(examiner, "/v1/custody", m{"exhibit": exhibit})
	h.hasNot(h.get(examiner, "/v1/examination-duties"), `"kind":"open_custody"`)
	h.hasNot(h.get(head, "/v1/examination-duties"), "exam_")
	h.does(examiner, exam+"/reviews/result", m{"review": "two_weeks", "result": "missed", "notes": canary + "-notes", "again_at": time.Now().AddDate(0, 1, 0).UTC().Format(time.RFC3339)})

	// Who is on duty says what is possible, and nothing is blocked.
	h.has(h.get(examiner, "/v1/clinic"), `"items"`)
	h.has(h.get(examiner, exam+"/windows"), `"items"`)

	// A hold closes its part to its own examiner, and leaves the rest.
	h.refuses(examiner, exam+"/holds", `{"part":"photographs","ground":"order","name":"`+canary+`","until":"2020-01-01T00:00:00Z"}`, http.StatusUnprocessableEntity, "hold_invalid", canary)
	h.refuses(head, exam+"/holds", `{"part":"photographs","ground":"order","name":"x"}`, http.StatusForbidden, "forbidden")
	h.does(examiner, exam+"/holds", m{"part": "photographs", "ground": "order", "name": canary + "-order"})
	opens(false)
	h.has(h.get(examiner, exam), canary+"-colour", canary+"-order", `"tell_of_hold"`)
	h.has(h.get(examiner, "/v1/examinations?attention=true"), exam[len("/v1/examinations/"):])
	h.does(examiner, exam+"/holds", m{"part": "findings", "ground": "statute", "name": canary + "-statute"})
	h.hasNot(h.get(examiner, exam), canary+"-colour")
	for _, part := range []string{"/body-map", "/windows", "/certificate/file"} {
		if a := h.get(examiner, exam+part); a.Status != http.StatusConflict || !bytes.Contains(a.Body, []byte("examination_held")) {
			t.Errorf("%s of what is held: %d %s", part, a.Status, a.Body)
		}
	}
	h.does(examiner, exam+"/findings", m{"step": "general_examination", "none_found": true})
	second := entry("holds")
	h.does(examiner, exam+"/holds/told", m{"hold": second, "result": "told_her"})
	h.does(examiner, exam+"/holds/lift", m{"hold": second, "why": canary + "-why"})
	h.has(h.get(examiner, exam), canary+"-colour")
	opens(false)

	for name, d := range map[string]office.Desk{"supervisor": head, "coordinator": w.desk(journey.Coordination, "coordinator"), "desk": h.front, "another agency": w.desk(journey.LegalAid, "lawyer")} {
		for _, path := range []string{exam, exam + "/history", "/v1/examinations", "/v1/examination-duties"} {
			if a := h.get(d, path); bytes.Contains(a.Body, []byte(canary)) {
				t.Errorf("%s reads %s: %d %s", name, path, a.Status, a.Body)
			}
		}
	}
	types, text := h.about(exam[len("/v1/examinations/"):])
	for _, word := range []string{canary, "photo", "hold", "review", file} {
		if strings.Contains(text, word) {
			t.Errorf("messages tell of %s: %v", word, types)
		}
	}
	if logs := w.logs.all(); bytes.Contains(logs, []byte(canary)) {
		t.Error("a log or a span tells of it")
	}
	// At rest nothing of a file can be read: the places and hours of a camera neither.
	sealed := 0
	err := filepath.WalkDir(w.config.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err == nil && bytes.Contains(content, []byte(canary)) {
			t.Errorf("%s holds it in clear", path)
		}
		sealed++
		return err
	})
	if err != nil || sealed == 0 {
		t.Errorf("%d files were looked at: %v", sealed, err)
	}
}
