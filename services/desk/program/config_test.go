package program

import (
	"os"
	"strings"
	"testing"
)

const services = "forensic-services=http://forensic-services,intake=http://intake:8080,legal-aid=http://legal-aid," +
	"psychosocial=http://psychosocial,referral=https://referral.example.org"

func settings(changes ...string) []string {
	vars := map[string]string{
		"SANAD_DESK_SERVICES": services, "SANAD_AUDIENCE": "sanad", "SANAD_OIDC_ISSUER": "https://login.example.org",
		"SANAD_OIDC_CLIENT_ID": "desk", "SANAD_OIDC_CLIENT_SECRET_FILE": "/etc/sanad/client", "SANAD_OIDC_REDIRECT_URL": "https://desk.example.org/desk/callback",
	}
	for _, c := range changes {
		name, value, _ := strings.Cut(c, "=")
		vars[name] = value
	}
	var environ []string
	for name, value := range vars {
		environ = append(environ, name+"="+value)
	}
	return append(environ, "PATH=/bin")
}

func TestSettings(t *testing.T) {
	c, err := ReadConfig(t.Context(), settings("SANAD_DESK_ADDR=:8080", "SANAD_DESK_BEHIND_PROXY=true", "SANAD_DESK_ZONE=Asia/Bishkek"))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Services) != 5 || c.Services["intake"] != "http://intake:8080" || !c.BehindProxy {
		t.Errorf("read: %+v", c)
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	for change, says := range map[string]string{
		"SANAD_AUDIENCE=":                                         "SANAD_AUDIENCE must be set",
		"SANAD_OIDC_ISSUER=":                                      "SANAD_OIDC_ISSUER must be set",
		"SANAD_OIDC_CLIENT_ID=":                                   "SANAD_OIDC_CLIENT_ID must be set",
		"SANAD_OIDC_CLIENT_SECRET_FILE=":                          "SANAD_OIDC_CLIENT_SECRET_FILE must be set",
		"SANAD_OIDC_REDIRECT_URL=":                                "SANAD_OIDC_REDIRECT_URL must be set",
		"SANAD_DESK_SERVICES=":                                    "SANAD_DESK_SERVICES must be set",
		"SANAD_DESK_SERVICES=a=http://secret/v1":                  "SANAD_DESK_SERVICES: each is",
		"SANAD_DESK_SERVICES=a=secret:80":                         "SANAD_DESK_SERVICES: each is",
		"SANAD_DESK_ADMIN=a=http://secret/deadletters":            "SANAD_DESK_ADMIN: each is",
		"SANAD_OIDC_ISSUER=http://secret.org":                     "SANAD_OIDC_ISSUER must be https",
		"SANAD_OIDC_REDIRECT_URL=http://secret.org/desk/callback": "SANAD_OIDC_REDIRECT_URL must be https",
		"SANAD_OIDC_REDIRECT_URL=https://secret.org/":             "SANAD_OIDC_REDIRECT_URL must be https",
		"SANAD_DESK_ADDR=:8080":                                   "SANAD_DESK_ADDR must be host:port on this machine",
		"SANAD_DESK_ZONE=Secret/City":                             "SANAD_DESK_ZONE is no zone",
		"SANAD_LAME_DUCK=31s":                                     "SANAD_LAME_DUCK must lie",
		"SANAD_TRACE_SAMPLE=2":                                    "SANAD_TRACE_SAMPLE must lie",
		"SANAD_DESK_PLACE=secret":                                 "SANAD_DESK_PLACE is not a setting",
		"SANAD_NATS_URL=nats://secret.org":                        "SANAD_NATS_URL and SANAD_NATS_SEED_FILE",
		"SANAD_NATS_SEED_FILE=/secret.org":                        "SANAD_NATS_URL and SANAD_NATS_SEED_FILE",
		"SANAD_MONGODB_URI=mongodb://secret":                      "SANAD_MONGODB_URI is not a setting", // the desk has no other door
	} {
		_, err := ReadConfig(t.Context(), settings(change))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", change, err, says)
		} else if strings.Contains(strings.ToLower(err.Error()), "secret.org") || strings.Contains(err.Error(), "Secret/City") {
			t.Errorf("%s: the value is repeated: %v", change, err)
		}
	}
}

// The README of the desk has each setting, and no other.
func TestReadmeHasEverySetting(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Variables() {
		if !strings.Contains(string(text), "| `"+name+"` |") {
			t.Errorf("%s is not in the table", name)
		}
	}
	if rows := strings.Count(string(text), "\n| `SANAD_"); rows != len(Variables()) {
		t.Errorf("the table has %d settings, the program %d", rows, len(Variables()))
	}
}
