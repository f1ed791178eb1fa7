package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sethvargo/go-envconfig"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/pkg/programme/files"
	"github.com/sanad-network/sanad/pkg/vault"
)

// Config is what a process reads from its environment. A SANAD_ variable that
// is not here is an error: a setting that is misspelt is not ignored. Where a
// field says "required", Validate refuses a process without it.
type Config struct {
	// HTTPAddr is the address of the API: host:port. Port 0 takes a free port.
	HTTPAddr string `env:"SANAD_HTTP_ADDR,default=127.0.0.1:8080"`
	// AdminAddr is the address of health, readiness and metrics: host:port. Only
	// operators may reach it.
	AdminAddr string `env:"SANAD_ADMIN_ADDR,default=127.0.0.1:9090"`
	// LameDuck is how long a service that was told to stop still answers while
	// /readyz says 503: from 0s to 30s. It must be longer than what sends requests
	// takes to notice. In an office, where nothing follows /readyz, the default is 0s.
	LameDuck time.Duration `env:"SANAD_LAME_DUCK,default=5s"`
	// NATSURL is where the bus is: nats:// or tls:// addresses with commas between
	// them. Required.
	NATSURL string `env:"SANAD_NATS_URL"`
	// NATSSeedFile is the path of the nkey seed by which the service proves who it
	// is on the bus. Only its owner may read the file. Required.
	NATSSeedFile string `env:"SANAD_NATS_SEED_FILE"`
	// NATSCAFile is the path of the authorities (PEM) that sign the certificate of
	// the bus. Default: the authorities of the system.
	NATSCAFile string `env:"SANAD_NATS_CA_FILE"`
	// NATSReplicas is how many servers hold each stream: 1, 3 or 5.
	NATSReplicas int `env:"SANAD_NATS_REPLICAS,default=1"`
	// EventsDays is how long the bus holds the events of a closed record, in days:
	// 7 to 36,500. All services and the steward need the same value.
	EventsDays int `env:"SANAD_EVENTS_DAYS,default=90"`
	// MongoURI is where the journals are: mongodb:// or mongodb+srv://, a server
	// that speaks MongoDB's protocol. Required.
	MongoURI string `env:"SANAD_MONGODB_URI"`
	// KeysetFile is the path of the key-encryption key (Tink, JSON). Only its owner
	// may read the file. Without it nothing can be read or written: keep a copy in
	// another place than the backups of the database. Required.
	KeysetFile string `env:"SANAD_KEYSET_FILE"`
	// CheckpointDir is a folder outside the database. Each service keeps its newest
	// checkpoint there, so that a database that was cut or restored is noticed.
	// Default: only the bus keeps them.
	CheckpointDir string `env:"SANAD_CHECKPOINT_DIR"`
	// Issuer, Audience and JWKSURL name the one identity provider whose tokens are
	// accepted: the exact iss claim, a value of the aud claim, and the URL of the
	// keys. Required, all three.
	Issuer   string `env:"SANAD_ISSUER"`
	Audience string `env:"SANAD_AUDIENCE"`
	JWKSURL  string `env:"SANAD_JWKS_URL"`
	// JWKSFile is the path of a file that keeps the provider's keys, so that a
	// service that starts while the provider is away can verify tokens. The process
	// must be allowed to write into its folder. Default: the keys are not kept.
	JWKSFile string `env:"SANAD_JWKS_FILE"`
	// OTLPEndpoint is the URL of an OpenTelemetry collector, http or https.
	// Default: nothing is traced.
	OTLPEndpoint string `env:"SANAD_OTLP_ENDPOINT"`
	// TraceSample is the share of new traces that are recorded: 0 to 1.
	TraceSample float64 `env:"SANAD_TRACE_SAMPLE,default=1"`
	// RatePerSecond is how many operations one agency may ask for in a second. It
	// may ask for twice as many at once. 0 is the default.
	RatePerSecond int `env:"SANAD_RATE_PER_SECOND,default=2000"`
	// AnonymousPerSecond is how many operations one address may ask for in a
	// second without a token, and twice as many at once. 0 is the default. Behind a
	// proxy all callers have the address of the proxy: limit each caller at the
	// proxy, and set here what all of them together may ask for.
	AnonymousPerSecond int `env:"SANAD_ANONYMOUS_PER_SECOND,default=5"`
	// Files is where files are kept.
	Files vault.Config
	// Notices say how people outside are told that something waits for them.
	Notices notify.Config
	// Programmes is the folder of the country programmes (YAML; docs/guides/programmes.md).
	// Required where the mode is live. In training the default is what comes with the network.
	Programmes string `env:"SANAD_PROGRAMMES"`
	// Mode is live or training. In training nothing is real: what people see says so, and
	// programmes that no lawyer has signed hold. A network is one or the other, for good.
	Mode Mode `env:"SANAD_MODE,default=live"`
	// LogLevel is the lowest level that is logged: DEBUG, INFO, WARN or ERROR.
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
	if err == nil && (c.LameDuck < 0 || c.LameDuck > longestLameDuck) {
		problems = append(problems, fmt.Errorf("SANAD_LAME_DUCK must lie between 0s and %s", longestLameDuck))
	}
	return c, errors.Join(append(problems, err)...)
}

// longestLameDuck keeps a stop shorter than the grace of what deploys the services.
const longestLameDuck = 30 * time.Second

// leastDays is how long a request that is sent again is known: what it did must
// not have left the bus before. mostDays is a century.
const (
	leastDays = int(bus.LeastAge / (24 * time.Hour))
	mostDays  = 36_500
)

// EventsAge is EventsDays as a duration.
func (c Config) EventsAge() time.Duration { return time.Duration(c.EventsDays) * 24 * time.Hour }

// Mode says whether what the network holds is real.
type Mode string

// The two modes.
const (
	Live     Mode = "live"
	Training Mode = "training"
)

// errProgrammes refuses to go live with what no lawyer has signed.
var errProgrammes = errors.New("SANAD_PROGRAMMES must be set: what comes with the network is for SANAD_MODE=training")

// ReadProgrammes reads the programmes of the configuration, and fails where they do not hold.
func (c Config) ReadProgrammes() (files.Read, error) {
	switch {
	case c.Programmes != "":
		return files.Open(os.DirFS(c.Programmes), c.Mode == Training)
	case c.Mode == Training:
		return shipped()
	default:
		return files.Read{}, errProgrammes
	}
}

// shipped are the programmes that come with the network. They never change while a process lives.
var shipped = sync.OnceValues(func() (files.Read, error) { return files.Open(files.Shipped(), true) })

// Agreed is by which rules the process works, as the steward writes it on the bus (bus.Agree).
func (c Config) Agreed(read files.Read) string { return string(c.Mode) + " " + read.Hash }

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
	if !slices.Contains([]Mode{Live, Training}, c.Mode) {
		problems = append(problems, errors.New("SANAD_MODE must be live or training"))
	}
	if c.Mode == Live && c.Programmes == "" {
		problems = append(problems, errProgrammes)
	}
	if c.TraceSample < 0 || c.TraceSample > 1 {
		problems = append(problems, errors.New("SANAD_TRACE_SAMPLE must lie between 0 and 1"))
	}
	if !slices.Contains([]int{1, 3, 5}, c.NATSReplicas) {
		problems = append(problems, errors.New("SANAD_NATS_REPLICAS must be 1, 3 or 5"))
	}
	if c.RatePerSecond < 0 || c.AnonymousPerSecond < 0 {
		problems = append(problems, errors.New("SANAD_RATE_PER_SECOND and SANAD_ANONYMOUS_PER_SECOND must not be below 0"))
	}
	return errors.Join(append(problems, c.Files.Validate(), c.Notices.Validate())...)
}

// Variables lists the environment variables of a service.
func Variables() []string { return variables(reflect.TypeFor[Config]()) }

func variables(t reflect.Type) (names []string) {
	for f := range t.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("env"), ","); name != "" {
			names = append(names, name)
		} else {
			names = append(names, variables(f.Type)...)
		}
	}
	return names
}
