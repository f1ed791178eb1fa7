package main

import (
	"cmp"
	"context"
	"os"

	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// settings is what the standalone network reads from its environment.
type settings struct {
	service.Config
	data, keys, natsAddr, mongoAddr string
	natsCertificate, natsKey        string
}

func read(ctx context.Context) (settings, error) {
	cfg, err := service.ReadConfig(ctx, os.Environ(), "SANAD_DATA", "SANAD_KEYS", "SANAD_NATS_ADDR", "SANAD_NATS_CERT_FILE", "SANAD_NATS_KEY_FILE", "SANAD_MONGODB_ADDR", "SANAD_API", "SANAD_TOKEN")
	data := cmp.Or(os.Getenv("SANAD_DATA"), "var")
	return settings{
		Config:   cfg,
		data:     data,
		keys:     cmp.Or(os.Getenv("SANAD_KEYS"), network.KeysDir(data)),
		natsAddr: cmp.Or(os.Getenv("SANAD_NATS_ADDR"), "127.0.0.1:4222"),
		// Nobody listens for who would look at the database, unless told to.
		mongoAddr:       os.Getenv("SANAD_MONGODB_ADDR"),
		natsCertificate: os.Getenv("SANAD_NATS_CERT_FILE"), natsKey: os.Getenv("SANAD_NATS_KEY_FILE"),
	}, err
}
