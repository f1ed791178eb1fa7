package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func generate(t *testing.T, source, before string, what func(*read, *bytes.Buffer)) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"source.go": source, generated: before} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	err := write(dir, what)
	text, readErr := os.ReadFile(filepath.Join(dir, generated))
	if readErr != nil {
		t.Fatal(readErr)
	}
	return string(text), err
}

func TestCodes(t *testing.T) {
	for kind, want := range map[string]string{
		"Channel":          "var Channels = []Channel{A, B}",
		"Urgency":          "var Urgencies = []Urgency{A, B}",
		"AgencyStatus":     "var AgencyStatuses = []AgencyStatus{A, B}",
		"GivenBy":          `parse(c, b, GivenByList, "giver of consent")`,
		"TraffickingMeans": `parse(c, b, TraffickingMeansList, "trafficking means")`,
	} {
		text, err := generate(t, "package code\ntype "+kind+" string\nconst (\nA "+kind+" = \"a\"\nB "+kind+" = \"b\"\n)", "", codes)
		if err != nil || !strings.Contains(text, want) {
			t.Errorf("%v, %s; want %s", err, text, want)
		}
	}
}

func TestEvents(t *testing.T) {
	const source = "package placev2\ntype Work struct{}\ntype Part struct{}\ntype WorkEnded struct { Work; Parts []Part }\nfunc (e WorkEnded) Told() string { return \"\" }"
	told := func(p *read, out *bytes.Buffer) { events(p, "a-service", out) }
	text, err := generate(t, source, "", told)
	if want := `(WorkEnded) EventType() string { return "a-service.work_ended.v2" }`; err != nil || !strings.Contains(text, want) {
		t.Errorf("%v, %s; want %s", err, text, want)
	}
	if strings.Count(text, "EventType()") != 1 {
		t.Errorf("what an event is made of is none: %s", text)
	}
	const before = `"a-service.work_begun.v2"`
	if text, err := generate(t, source, before, told); err == nil || text != before {
		t.Errorf("a name was taken away: %v, %s", err, text)
	}
}
