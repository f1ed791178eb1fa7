package notify_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/secret"
)

var notice = notify.Notice{
	Kind: code.InvitationNotice, Key: "inv_1", Channel: code.Email, To: "focal-point@agency.test", Language: code.English, Path: "/answer", Secret: "s3cret", Code: "K7QM-2XWP-9RDT",
}

// scripted is a channel whose state a test sets.
type scripted struct {
	fails error
	sent  []notify.Letter
	// during is called while a letter is under way.
	during func()
}

func (s *scripted) Send(_ context.Context, l notify.Letter) error {
	if s.during != nil {
		s.during()
	}
	if s.fails == nil {
		s.sent = append(s.sent, l)
	}
	return s.fails
}

func TestTelling(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	reg, mailer := prometheus.NewRegistry(), &scripted{}
	n := notify.With("https://n.example", map[code.NoticeChannel]notify.Sender{code.Email: mailer}, reg, func() time.Time { return now })
	tell := func(want error) {
		t.Helper()
		if err := n.Tell(t.Context(), notice); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	tell(nil)
	mailer.fails = notify.ErrRefused
	tell(notify.ErrRefused)
	mailer.fails = errors.New("421 focal-point@agency.test")
	tell(notify.ErrUnsent)
	// The channel rests: what works again is not tried yet, and then is.
	mailer.fails = nil
	tell(notify.ErrUnsent)
	now = now.Add(time.Minute)
	tell(nil)
	if len(mailer.sent) != 2 {
		t.Errorf("%d letters", len(mailer.sent))
	}
	if err := n.Tell(t.Context(), notify.Notice{Channel: code.SMS}); !errors.Is(err, notify.ErrRefused) || n.Reaches(code.SMS) || !n.Reaches(code.Email) {
		t.Errorf("a channel that is not there: %v", err)
	}
	want := map[string]int{"email/invitation/refused": 1, "email/invitation/sent": 2, "email/invitation/unsent": 2}
	if d := cmp.Diff(want, counted(t, reg)); d != "" {
		t.Error(d)
	}
	if fault.Of(notify.ErrUnsent).Kind != fault.Unavailable {
		t.Error("the bus would not bring it again")
	}
	var none *notify.Notifier
	if none.Reaches(code.Email) {
		t.Error("nobody reaches somebody")
	}
}

// counted are the notices that were counted, and a failure when a series begins only
// with its first notice: an alert on an increase would not see that one.
func counted(t *testing.T, reg *prometheus.Registry) map[string]int {
	t.Helper()
	families, err := reg.Gather()
	if err != nil || len(families) != 1 {
		t.Fatal(families, err)
	}
	counts := map[string]int{}
	for _, m := range families[0].Metric {
		var labels []string
		for _, l := range m.Label {
			labels = append(labels, l.GetValue())
		}
		if n := int(m.Counter.GetValue()); n > 0 {
			counts[strings.Join(labels, "/")] = n
		}
	}
	if want := len(code.NoticeChannels) * len(code.NoticeKinds) * 5; len(families[0].Metric) != want {
		t.Errorf("%d series are there, of %d", len(families[0].Metric), want)
	}
	return counts
}

func TestCountersAreThereBeforeTheFirstNotice(t *testing.T) {
	reg := prometheus.NewRegistry()
	n := notify.With("", nil, reg, nil)
	if d := cmp.Diff(map[string]int{}, counted(t, reg)); d != "" {
		t.Error(d)
	}
	n.OutOfTime(notice)
	if d := cmp.Diff(map[string]int{"email/invitation/out_of_time": 1}, counted(t, reg)); d != "" {
		t.Error(d)
	}
}

// A mailbox that is full delays its own notices, longer each time, and no other's.
func TestARefusalForNowDelaysItsRecipientAlone(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	reg, mailer := prometheus.NewRegistry(), &scripted{}
	n := notify.With("https://n.example", map[code.NoticeChannel]notify.Sender{code.Email: mailer}, reg, func() time.Time { return now })
	tell := func(to string, fails, want error) {
		t.Helper()
		told := notice
		told.To, mailer.fails = to, fails
		if err := n.Tell(t.Context(), told); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", to, err, want)
		}
	}
	for _, wait := range []time.Duration{20 * time.Second, 40 * time.Second, 80 * time.Second, 160 * time.Second, 5 * time.Minute, 5 * time.Minute} {
		tell("full@agency.test", notify.ErrDelayed, notify.ErrDelayed)
		tell("other@agency.test", nil, nil)
		now = now.Add(wait - 1)
		tell("full@agency.test", nil, notify.ErrDelayed) // it is not even tried
		now = now.Add(1)
	}
	tell("full@agency.test", nil, nil)
	tell("full@agency.test", notify.ErrDelayed, notify.ErrDelayed)
	now = now.Add(20 * time.Second) // it begins anew
	tell("full@agency.test", nil, nil)
	if d := cmp.Diff(map[string]int{"email/invitation/delayed": 13, "email/invitation/sent": 8}, counted(t, reg)); d != "" {
		t.Error(d)
	}
	switch fault.Of(notify.ErrDelayed).Kind {
	case fault.Unavailable, fault.Internal:
		t.Error("a full mailbox would call somebody")
	}
}

// A notice that comes while too many are under way is refused at once, and does not
// wait.
func TestFewAtOnce(t *testing.T) {
	mailer := &scripted{}
	n := notify.With("", map[code.NoticeChannel]notify.Sender{code.Email: mailer}, prometheus.NewRegistry(), nil)
	depth, refused := 0, 0
	mailer.during = func() {
		depth++
		if errors.Is(n.Tell(t.Context(), notice), notify.ErrUnsent) {
			refused++
		}
	}
	if err := n.Tell(t.Context(), notice); err != nil || depth != 8 || refused != 1 {
		t.Errorf("%d at once, %d refused: %v", depth, refused, err)
	}
}

func TestFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "notices")
	n, err := notify.New(notify.Config{Dir: dir, PublicURL: "http://127.0.0.1:8080/"}, prometheus.NewRegistry(), nil)
	if err != nil {
		t.Fatal(err)
	}
	sms := notice
	sms.Channel, sms.To = code.SMS, "+999000111"
	for _, what := range []notify.Notice{notice, notice, sms} {
		if err := n.Tell(t.Context(), what); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]int{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		got[filepath.Ext(e.Name())]++
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		info, _ := e.Info()
		if err != nil || info.Mode().Perm() != 0o600 || !strings.Contains(string(raw), "K7QM-2XWP-9RDT") {
			t.Errorf("%s: %v %q %v", e.Name(), info.Mode(), raw, err)
		}
	}
	if d := cmp.Diff(map[string]int{".eml": 2, ".txt": 1}, got); d != "" {
		t.Error(d)
	}
}

func TestGateway(t *testing.T) {
	status := 0
	var body string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		body = r.Header.Get("Authorization") + " " + string(raw)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	}))
	defer s.Close()
	g := notify.Gateway{URL: s.URL + "/send?key=canary", Token: "t0ken"}
	for sent, want := range map[int]string{200: "sent", 202: "sent", 400: "refused", 422: "refused", 401: "unsent", 429: "unsent", 302: "unsent", 500: "unsent"} {
		status = sent
		got := "sent"
		switch err := g.Send(t.Context(), notify.Letter{To: "+999000111", Body: "hello"}); {
		case errors.Is(err, notify.ErrRefused):
			got = "refused"
		case err != nil:
			got = "unsent"
		}
		if got != want {
			t.Errorf("status %d: %s", sent, got)
		}
	}
	if body != `Bearer t0ken {"text":"hello","to":"+999000111"}` {
		t.Errorf("posted %s", body)
	}
	s.Close()
	if err := g.Send(t.Context(), notify.Letter{}); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("%v", err)
	}
}

// A password that others can read is none, and neither is an empty file.
func TestSecretsAreTheOwners(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	for setting, cfg := range map[string]notify.Config{
		"SANAD_SMTP_PASSWORD_FILE": {PublicURL: "https://n.example", SMTPAddr: "mail.example:587", SMTPFrom: "a@n.example", SMTPUser: "u", SMTPPasswordFile: path},
		"SANAD_SMS_TOKEN_FILE":     {PublicURL: "https://n.example", SMSURL: "https://sms.example", SMSTokenFile: path},
	} {
		for _, c := range []struct {
			content string
			mode    os.FileMode
			want    error
		}{
			{"canary", 0o600, nil},
			{"canary", 0o640, secret.ErrOpen},
			{"canary", 0o604, secret.ErrOpen},
			{"\n", 0o600, secret.ErrEmpty},
		} {
			if err := errors.Join(os.WriteFile(path, []byte(c.content), 0o600), os.Chmod(path, c.mode)); err != nil {
				t.Fatal(err)
			}
			_, err := notify.New(cfg, prometheus.NewRegistry(), nil)
			if !errors.Is(err, c.want) || err != nil && (!strings.Contains(err.Error(), setting) || strings.Contains(err.Error(), "canary")) {
				t.Errorf("%s of mode %o: %v", setting, c.mode, err)
			}
		}
	}
}

func TestConfig(t *testing.T) {
	smtp := notify.Config{PublicURL: "https://n.example", SMTPAddr: "mail.example:587", SMTPFrom: "Notices <notices@n.example>"}
	with := func(change func(*notify.Config)) notify.Config { c := smtp; change(&c); return c }
	for name, c := range map[string]struct {
		cfg  notify.Config
		want []string
	}{
		"none":            {notify.Config{}, nil},
		"files":           {notify.Config{Dir: "x"}, nil},
		"mail":            {smtp, nil},
		"this machine's":  {with(func(c *notify.Config) { c.PublicURL, c.SMTPAddr = "http://localhost:8080/", "localhost:25" }), nil},
		"files and mail":  {with(func(c *notify.Config) { c.Dir = "x" }), []string{"SANAD_NOTICES_DIR"}},
		"no address":      {with(func(c *notify.Config) { c.SMTPAddr = "mail"; c.SMTPFrom = "me" }), []string{"SANAD_SMTP_ADDR", "SANAD_SMTP_FROM"}},
		"half a login":    {with(func(c *notify.Config) { c.SMTPUser = "u" }), []string{"SANAD_SMTP_PASSWORD_FILE"}},
		"a greeting":      {with(func(c *notify.Config) { c.SMTPName = "mail-out.n.example" }), nil},
		"no greeting":     {with(func(c *notify.Config) { c.SMTPName = "mail out\r\nRCPT" }), []string{"SANAD_SMTP_NAME"}},
		"half of a name":  {notify.Config{SMTPName: "mail.n.example"}, []string{"SANAD_SMTP_ADDR"}},
		"half of mail":    {notify.Config{SMTPFrom: "a@b.example"}, []string{"SANAD_SMTP_ADDR"}},
		"half of SMS":     {notify.Config{SMSTokenFile: "x"}, []string{"SANAD_SMS_URL"}},
		"an open gateway": {notify.Config{PublicURL: "https://n.example", SMSURL: "http://sms.example"}, []string{"SANAD_SMS_URL"}},
		"no public URL":   {with(func(c *notify.Config) { c.PublicURL = "" }), []string{"SANAD_PUBLIC_URL"}},
		"an open page":    {with(func(c *notify.Config) { c.PublicURL = "http://n.example" }), []string{"SANAD_PUBLIC_URL"}},
		"a page in depth": {with(func(c *notify.Config) { c.PublicURL = "https://n.example/gbv" }), []string{"SANAD_PUBLIC_URL"}},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.cfg.Validate()
			if (err == nil) != (c.want == nil) {
				t.Fatalf("%v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no complaint about %s in %v", want, err)
				}
			}
			if _, built := notify.New(c.cfg, prometheus.NewRegistry(), nil); (built == nil) != (err == nil) {
				t.Errorf("validated %v, made %v", err, built)
			}
		})
	}
}
