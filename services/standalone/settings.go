package main

import (
	"cmp"
	"context"
	"os"

	"github.com/sanad-network/sanad/pkg/service"
)

// settings is what the standalone network reads from its environment.
type settings struct {
	service.Config
	data, natsAddr, mongoAddr string
}

func read(ctx context.Context) (settings, error) {
	cfg, err := service.ReadConfig(ctx, os.Environ(), "SANAD_DATA", "SANAD_NATS_ADDR", "SANAD_MONGODB_ADDR", "SANAD_API", "SANAD_TOKEN")
	return settings{
		Config:   cfg,
		data:     cmp.Or(os.Getenv("SANAD_DATA"), "var"),
		natsAddr: cmp.Or(os.Getenv("SANAD_NATS_ADDR"), "127.0.0.1:4222"),
		// Nobody listens for who would look at the database, unless told to.
		mongoAddr: os.Getenv("SANAD_MONGODB_ADDR"),
	}, err
}
