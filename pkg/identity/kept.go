package identity

import (
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/sanad-network/sanad/pkg/secret"
)

// keptKeys are the keys of an issuer in a file, so that a service that starts while
// the issuer is away can verify tokens. The file holds no secret. But who can write
// it can make a token for any person, so it is kept like a secret.
type keptKeys struct {
	path string // empty: nothing is kept
	from string // where the issuer publishes them
}

// kept is what is in the file.
type kept struct {
	From    string            `json:"from"`
	Fetched time.Time         `json:"fetched"`
	Keys    []jose.JSONWebKey `json:"keys"`
}

// Why a file is not used. No error repeats what is in the file.
var (
	errDamaged = errors.New("the file of the keys is damaged")
	errOthers  = errors.New("the keys in the file are those of another address")
	errAge     = errors.New("the keys in the file are too old, or of a time to come")
)

// read gives the keys and when they were fetched; none where there is no file.
func (k keptKeys) read(now time.Time) (keys, time.Time, error) {
	if k.path == "" {
		return nil, time.Time{}, nil
	}
	content, err := secret.Read(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, time.Time{}, nil
	}
	if err != nil {
		return nil, time.Time{}, err
	}
	var file kept
	age := func() time.Duration { return now.Sub(file.Fetched) }
	switch {
	case json.Unmarshal(content, &file) != nil, len(file.Keys) == 0,
		slices.ContainsFunc(file.Keys, func(key jose.JSONWebKey) bool { return !usable(key) }):
		return nil, time.Time{}, errDamaged
	case file.From != k.from:
		return nil, time.Time{}, errOthers
	case age() > keysAge || age() < -skew:
		return nil, time.Time{}, errAge
	}
	return file.Keys, file.Fetched, nil
}

// write puts the keys in the place of those that are there.
func (k keptKeys) write(fresh keys, now time.Time) error {
	if k.path == "" {
		return nil
	}
	content, err := json.MarshalIndent(kept{From: k.from, Fetched: now.UTC(), Keys: fresh}, "", "  ")
	if err != nil {
		return err
	}
	return secret.Write(k.path, append(content, '\n'))
}
