package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/sethvargo/go-envconfig"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/notify"
)

// Config is what a process reads from its environment. A SANAD_ variable that
// is not here is an error: a setting misspelt must not be a setting ignored.
type Config struct {
	// HTTPAddr is the address of the API.
	HTTPAddr string `env:"SANAD_HTTP_ADDR,default=127.0.0.1:8080"`
	// AdminAddr is the address of health, readiness and metrics. It is for
	// operators alone.
	AdminAddr string `env:"SANAD_ADMIN_ADDR,default=127.0.0.1:9090"`
	// NATSURL is where the bus is.
	NATSURL string `env:"SANAD_NATS_URL"`
	// NATSSeedFile holds the nkey seed by which the service proves who it is
	// there.
	NATSSeedFile string `env:"SANAD_NATS_SEED_FILE"`
	// NATSCAFile holds the authorities that the bus's certificate must come from
	// (PEM); without it those of the system.
	NATSCAFile string `env:"SANAD_NATS_CA_FILE"`
	// NATSReplicas is how many servers hold each stream: 1, 3 or 5.
	NATSReplicas int `env:"SANAD_NATS_REPLICAS,default=1"`
	// EventsDays is how many days the bus holds what was said of a closed record.
	EventsDays int `env:"SANAD_EVENTS_DAYS,default=90"`
	// MongoURI is where the journals are: any server that speaks MongoDB's
	// protocol.
	MongoURI string `env:"SANAD_MONGODB_URI"`
	// KeysetFile holds the key-encryption key (Tink, JSON). Without it nothing
	// can be read or written: keep a copy where the database's backups are not.
	KeysetFile string `env:"SANAD_KEYSET_FILE"`
	// CheckpointDir is a folder outside the database in which each service keeps its
	// newest checkpoint, so that a database that was cut or restored is noticed.
	// Without it the bus alone keeps them.
	CheckpointDir string `env:"SANAD_CHECKPOINT_DIR"`
	// Issuer, Audience and JWKSURL name the one identity provider whose tokens
	// hold. All three or the process does not start.
	Issuer   string `env:"SANAD_ISSUER"`
	Audience string `env:"SANAD_AUDIENCE"`
	JWKSURL  string `env:"SANAD_JWKS_URL"`
	// JWKSFile keeps that provider's keys, so that a start while it is away knows
	// who calls; nothing is kept without it. The folder must be writable.
	JWKSFile string `env:"SANAD_JWKS_FILE"`
	// OTLPEndpoint is the URL of an OpenTelemetry collector; without it nothing
	// is traced.
	OTLPEndpoint string `env:"SANAD_OTLP_ENDPOINT"`
	// TraceSample is the share of new traces that are recorded, 0 to 1.
	TraceSample float64 `env:"SANAD_TRACE_SAMPLE,default=1"`
	// RatePerSecond is how many operations one agency may ask for in a second.
	RatePerSecond int `env:"SANAD_RATE_PER_SECOND,default=2000"`
	// AnonymousPerSecond is how many operations one address may ask for in a
	// second without a token. Behind a proxy everybody has the proxy's address:
	// let the proxy bound each caller, and set here what all of them may.
	AnonymousPerSecond int `env:"SANAD_ANONYMOUS_PER_SECOND,default=5"`
	// PublicURL is where people without an account reach the pages that they
	// are told of, scheme and host. The host's name must tell nothing.
	PublicURL string `env:"SANAD_PUBLIC_URL"`
	// NoticesDir is a folder that gets every notice instead of anybody.
	NoticesDir string `env:"SANAD_NOTICES_DIR"`
	// SMTPAddr is host and port of the mail server that sends notices, SMTPFrom
	// their sender; SMTPUser and what is in SMTPPasswordFile log in there.
	SMTPAddr         string `env:"SANAD_SMTP_ADDR"`
	SMTPFrom         string `env:"SANAD_SMTP_FROM"`
	SMTPUser         string `env:"SANAD_SMTP_USER"`
	SMTPPasswordFile string `env:"SANAD_SMTP_PASSWORD_FILE"`
	// SMSURL is the HTTP gateway that sends notices by SMS; SMSTokenFile holds
	// its token.
	SMSURL       string `env:"SANAD_SMS_URL"`
	SMSTokenFile string `env:"SANAD_SMS_TOKEN_FILE"`
	// WindowsFile is what countries decide of clinical and forensic windows
	// (JSON; docs/guides/windows.md). Without it only what the sources say
	// counts, and what a country decides for itself is not known.
	WindowsFile string `env:"SANAD_WINDOWS_FILE"`
	// LogLevel is the least level that is logged.
	LogLevel slog.Level `env:"SANAD_LOG_LEVEL,default=INFO"`
}

// ReadConfig reads the environment and tells everything that is wrong with it
// at once. Others names variables that the process reads besides.
func ReadConfig(ctx context.Context, environ []string, others ...string) (Config, error) {
	vars := make(map[string]string, len(environ))
	var problems []error
	known := append(Variables(), others...)
	for _, v := range environ {
		name, value, _ := strings.Cut(v, "=")
		vars[name] = value
		if strings.HasPrefix(name, "SANAD_") && !slices.Contains(known, name) {
			problems = append(problems, fmt.Errorf("%s is not a setting", name))
		}
	}
	var c Config
	err := envconfig.ProcessWith(ctx, &envconfig.Config{Target: &c, Lookuper: envconfig.MapLookuper(vars)})
	if err == nil && (c.EventsDays < leastDays || c.EventsDays > mostDays) {
		problems = append(problems, fmt.Errorf("SANAD_EVENTS_DAYS must lie between %d and %d", leastDays, mostDays))
	}
	return c, errors.Join(append(problems, err)...)
}

// leastDays is how long a request that is sent again is known: what it did must
// not have left the bus before. mostDays is a century.
const (
	leastDays = int(bus.LeastAge / (24 * time.Hour))
	mostDays  = 36_500
)

// EventsAge is EventsDays as a duration.
func (c Config) EventsAge() time.Duration { return time.Duration(c.EventsDays) * 24 * time.Hour }

// Validate tells everything that keeps a process from starting.
func (c Config) Validate() error {
	var problems []error
	for name, value := range map[string]string{
		"SANAD_NATS_URL": c.NATSURL, "SANAD_NATS_SEED_FILE": c.NATSSeedFile, "SANAD_MONGODB_URI": c.MongoURI, "SANAD_KEYSET_FILE": c.KeysetFile,
		"SANAD_ISSUER": c.Issuer, "SANAD_AUDIENCE": c.Audience, "SANAD_JWKS_URL": c.JWKSURL,
	} {
		if value == "" {
			problems = append(problems, fmt.Errorf("%s must be set", name))
		}
	}
	if c.TraceSample < 0 || c.TraceSample > 1 {
		problems = append(problems, errors.New("SANAD_TRACE_SAMPLE must lie between 0 and 1"))
	}
	if !slices.Contains([]int{1, 3, 5}, c.NATSReplicas) {
		problems = append(problems, errors.New("SANAD_NATS_REPLICAS must be 1, 3 or 5"))
	}
	return errors.Join(append(problems, c.notices().Validate())...)
}

func (c Config) notices() notify.Config {
	return notify.Config{
		PublicURL: c.PublicURL, Dir: c.NoticesDir,
		SMTPAddr: c.SMTPAddr, SMTPFrom: c.SMTPFrom, SMTPUser: c.SMTPUser, SMTPPasswordFile: c.SMTPPasswordFile,
		SMSURL: c.SMSURL, SMSTokenFile: c.SMSTokenFile,
	}
}

// Variables lists the environment variables of a service.
func Variables() []string {
	var names []string
	for f := range reflect.TypeFor[Config]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("env"), ",")
		names = append(names, name)
	}
	return names
}
