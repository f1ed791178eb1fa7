package program

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/sethvargo/go-envconfig"

	"github.com/sanad-network/sanad/services/desk/internal/oidc"
)

// Config is what the program reads from its environment. A SANAD_ variable that is not here
// is an error: a setting that is misspelt is not ignored.
type Config struct {
	// Addr is the address of the pages: host:port. Port 0 takes a free port.
	Addr string `env:"SANAD_DESK_ADDR,default=127.0.0.1:8080"`
	// AdminAddr is the address of liveness, readiness and metrics: host:port. Only
	// operators may reach it.
	AdminAddr string `env:"SANAD_ADMIN_ADDR,default=127.0.0.1:9090"`
	// LameDuck is how long a desk that was told to stop still answers while /readyz says
	// 503: from 0s to 30s.
	LameDuck time.Duration `env:"SANAD_LAME_DUCK,default=5s"`
	// Services are the addresses of all services by their names, without a path:
	// intake=http://intake:8080,referral=... Required.
	Services map[string]string `env:"SANAD_DESK_SERVICES,separator=="`
	// Admin are the admin addresses of services by their names, without a path, for the
	// console of operators: intake=http://intake:9090,referral=... Default: none is known,
	// and the console says so.
	Admin map[string]string `env:"SANAD_DESK_ADMIN,separator=="`
	// Mode is that of the services: live, or training, in which every page says that nothing
	// is real.
	Mode string `env:"SANAD_MODE,default=live"`
	// Zone is the zone of people who have chosen none (IANA).
	Zone string `env:"SANAD_DESK_ZONE,default=UTC"`
	// ConsentTexts is a folder with sentences that are read to her, a file for each
	// language. Default: those of the desk alone, which nobody has reviewed.
	ConsentTexts string `env:"SANAD_CONSENT_TEXTS"`
	// BehindProxy says that a proxy before the desk speaks TLS with the browsers, and that
	// nobody else reaches the desk.
	BehindProxy bool `env:"SANAD_DESK_BEHIND_PROXY,default=false"`
	// Audience is for whom access tokens are made: the services. Required.
	Audience string `env:"SANAD_AUDIENCE"`
	// Issuer is the identity provider, by its exact iss. It is that of the services.
	// Required.
	Issuer string `env:"SANAD_OIDC_ISSUER"`
	// ClientID is the desk at the provider. Required.
	ClientID string `env:"SANAD_OIDC_CLIENT_ID"`
	// ClientSecretFile is the path of the secret of the desk at the provider. Only its
	// owner may read the file. Required.
	ClientSecretFile string `env:"SANAD_OIDC_CLIENT_SECRET_FILE"`
	// RedirectURL is the address of /desk/callback as browsers see it. Required.
	RedirectURL string `env:"SANAD_OIDC_REDIRECT_URL"`
	// Scopes are asked for besides openid, with spaces between: what the provider needs
	// to make a token for the audience.
	Scopes string `env:"SANAD_OIDC_SCOPES"`
	// NATSURL is where the bus is: nats:// or tls:// addresses with commas between them. The
	// desk learns there for whom something happened, and nothing else. Default: no bus, and
	// open pages look again by themselves.
	NATSURL string `env:"SANAD_NATS_URL"`
	// NATSSeedFile is the path of the nkey seed of the integrator desk. Only its owner may
	// read the file. Required with NATSURL, and only then.
	NATSSeedFile string `env:"SANAD_NATS_SEED_FILE"`
	// NATSCAFile is the path of the authorities (PEM) that sign the certificate of the bus.
	// Default: the authorities of the system.
	NATSCAFile string `env:"SANAD_NATS_CA_FILE"`
	// OTLPEndpoint is the URL of an OpenTelemetry collector, http or https. Default:
	// nothing is traced.
	OTLPEndpoint string `env:"SANAD_OTLP_ENDPOINT"`
	// TraceSample is the share of traces that are recorded, from 0 to 1.
	TraceSample float64 `env:"SANAD_TRACE_SAMPLE,default=1"`
	// LogLevel is the lowest level that is logged: DEBUG, INFO, WARN or ERROR.
	LogLevel slog.Level `env:"SANAD_LOG_LEVEL,default=INFO"`
}

// longestLameDuck keeps a stop shorter than the grace of what deploys the desk.
const longestLameDuck = 30 * time.Second

// ReadConfig reads the environment and tells everything that is wrong with it at once. It
// repeats no value.
func ReadConfig(ctx context.Context, environ []string) (Config, error) {
	vars := make(map[string]string, len(environ))
	var problems []error
	for _, v := range environ {
		name, value, _ := strings.Cut(v, "=")
		vars[name] = value
		if strings.HasPrefix(name, "SANAD_") && !slices.Contains(Variables(), name) {
			problems = append(problems, fmt.Errorf("%s is not a setting", name))
		}
	}
	var c Config
	if err := envconfig.ProcessWith(ctx, &envconfig.Config{Target: &c, Lookuper: envconfig.MapLookuper(vars)}); err != nil {
		return c, errors.Join(append(problems, err)...)
	}
	return c, errors.Join(append(problems, c.validate()...)...)
}

func (c Config) validate() (problems []error) {
	required := map[string]string{
		"SANAD_AUDIENCE": c.Audience, "SANAD_OIDC_ISSUER": c.Issuer, "SANAD_OIDC_CLIENT_ID": c.ClientID,
		"SANAD_OIDC_CLIENT_SECRET_FILE": c.ClientSecretFile, "SANAD_OIDC_REDIRECT_URL": c.RedirectURL,
	}
	for _, name := range slices.Sorted(maps.Keys(required)) {
		if required[name] == "" {
			problems = append(problems, fmt.Errorf("%s must be set", name))
		}
	}
	if c.Issuer != "" && !safe(c.Issuer) {
		problems = append(problems, errors.New("SANAD_OIDC_ISSUER must be https, or on this machine"))
	}
	if u, err := url.Parse(c.RedirectURL); c.RedirectURL != "" && (err != nil || !safe(c.RedirectURL) || u.Path != oidc.CallbackPath || u.RawQuery != "") {
		problems = append(problems, fmt.Errorf("SANAD_OIDC_REDIRECT_URL must be https, or on this machine, and end with %s", oidc.CallbackPath))
	}
	if len(c.Services) == 0 {
		problems = append(problems, errors.New("SANAD_DESK_SERVICES must be set"))
	}
	for variable, addresses := range map[string]map[string]string{"SANAD_DESK_SERVICES": c.Services, "SANAD_DESK_ADMIN": c.Admin} {
		if slices.ContainsFunc(slices.Collect(maps.Values(addresses)), func(address string) bool { return !bare(address) }) {
			problems = append(problems, fmt.Errorf("%s: each is a name and http://host:port or https://host:port, and no path", variable))
		}
	}
	// Cookies and what is shown would cross the network in the clear.
	if host, _, err := net.SplitHostPort(c.Addr); err != nil || !c.BehindProxy && !loopback(host) {
		problems = append(problems, errors.New("SANAD_DESK_ADDR must be host:port on this machine's loopback, unless SANAD_DESK_BEHIND_PROXY is true"))
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		problems = append(problems, errors.New("SANAD_DESK_ZONE is no zone of the IANA list, for example Asia/Bishkek"))
	}
	if c.LameDuck < 0 || c.LameDuck > longestLameDuck {
		problems = append(problems, fmt.Errorf("SANAD_LAME_DUCK must lie between 0s and %s", longestLameDuck))
	}
	if (c.NATSURL == "") != (c.NATSSeedFile == "") {
		problems = append(problems, errors.New("SANAD_NATS_URL and SANAD_NATS_SEED_FILE are set together, or neither"))
	}
	if c.TraceSample < 0 || c.TraceSample > 1 {
		problems = append(problems, errors.New("SANAD_TRACE_SAMPLE must lie between 0 and 1"))
	}
	return problems
}

// bare reports whether an address names a host and nothing on it.
func bare(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.Path == "" && u.User == nil && u.RawQuery == ""
}

// safe reports whether what goes to an address cannot be read on the way.
func safe(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()))
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Variables lists the environment variables of the program.
func Variables() (names []string) {
	for f := range reflect.TypeFor[Config]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("env"), ",")
		names = append(names, name)
	}
	return names
}
