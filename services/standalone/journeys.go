package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/play"
	"github.com/sanad-network/sanad/services/standalone/internal/stage"
	"github.com/sanad-network/sanad/services/standalone/journeys"
)

// playedTimeout bounds one journey. It takes seconds; on a busy machine it may take
// longer.
const playedTimeout = 10 * time.Minute

// playJourneys plays the journeys that are named: one, all, or that of a file. None is played
// unless all are understood.
func playJourneys(ctx context.Context, which string, out io.Writer) error {
	all, err := chosen(which)
	if err != nil {
		return err
	}
	for _, j := range all {
		if err := playOne(ctx, j, out); err != nil {
			return err
		}
	}
	return nil
}

func chosen(which string) ([]*play.Journey, error) {
	if strings.HasSuffix(which, ".yaml") {
		text, err := os.ReadFile(which)
		if err != nil {
			return nil, err
		}
		j, err := play.Read(which, text)
		return []*play.Journey{j}, err
	}
	names := []string{which}
	if which == "all" {
		names = journeys.Names()
	}
	var all []*play.Journey
	var wrong error
	for _, name := range names {
		j, err := play.Named(name)
		all, wrong = append(all, j), errors.Join(wrong, err)
	}
	return all, wrong
}

// playOne plays a journey on an office of its own. What is set for an office that
// people use does not reach it: neither its data nor its keys, nor its addresses.
func playOne(ctx context.Context, j *play.Journey, out io.Writer) (err error) {
	ctx, cancel := context.WithTimeout(ctx, playedTimeout)
	defer cancel()
	began := time.Now()
	o, err := stage.Open(ctx, os.Stderr, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	if err := j.Play(ctx, o, out); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "nothing was waited for: %s by the machine's clock\n\n", time.Since(began).Round(time.Second))
	return err
}
