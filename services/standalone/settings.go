package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"strconv"

	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// settings is what the standalone network reads from its environment.
type settings struct {
	service.Config
	// data is the folder of the bus and the database (SANAD_DATA). Default: "var".
	data string
	// keys is the folder of the keys, never below data (SANAD_KEYS). Default: the
	// name of data with ".keys" at its end.
	keys string
	// natsAddr is where the embedded bus listens for integrators: host:port
	// (SANAD_NATS_ADDR). Default: 127.0.0.1:4222.
	natsAddr string
	// natsCertificate and natsKey are paths of PEM files (SANAD_NATS_CERT_FILE,
	// SANAD_NATS_KEY_FILE). Required when other machines reach natsAddr. Default:
	// no TLS.
	natsCertificate, natsKey string
	// mongoAddr is where the embedded database listens for an operator, who may
	// read only: host:port (SANAD_MONGODB_ADDR). Default: nowhere.
	mongoAddr string
	// trustFund says that the network has a trust fund (SANAD_TRUST_FUND). Default: it has none.
	trustFund bool
	// consentTexts is a folder with the office's own sentences for asking her consent
	// (SANAD_CONSENT_TEXTS). Default: none.
	consentTexts string
}

func read(ctx context.Context) (settings, error) {
	cfg, err := service.ReadConfig(ctx, os.Environ(), "SANAD_DATA", "SANAD_KEYS", "SANAD_NATS_ADDR", "SANAD_NATS_CERT_FILE", "SANAD_NATS_KEY_FILE", "SANAD_MONGODB_ADDR", "SANAD_CONSENT_TEXTS", "SANAD_TRUST_FUND", "SANAD_API", "SANAD_TOKEN")
	if os.Getenv("SANAD_LAME_DUCK") == "" {
		cfg.LameDuck = 0 // people call an office themselves: no proxy follows /readyz
	}
	data := cmp.Or(os.Getenv("SANAD_DATA"), "var")
	fund, unread := strconv.ParseBool(cmp.Or(os.Getenv("SANAD_TRUST_FUND"), "false"))
	if unread != nil {
		err = errors.Join(err, errors.New("SANAD_TRUST_FUND must be true or false"))
	}
	return settings{
		trustFund:       fund,
		Config:          cfg,
		data:            data,
		keys:            cmp.Or(os.Getenv("SANAD_KEYS"), network.KeysDir(data)),
		natsAddr:        cmp.Or(os.Getenv("SANAD_NATS_ADDR"), "127.0.0.1:4222"),
		mongoAddr:       os.Getenv("SANAD_MONGODB_ADDR"),
		consentTexts:    os.Getenv("SANAD_CONSENT_TEXTS"),
		natsCertificate: os.Getenv("SANAD_NATS_CERT_FILE"), natsKey: os.Getenv("SANAD_NATS_KEY_FILE"),
	}, err
}
