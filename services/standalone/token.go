package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/secret"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/signin"
)

const signUsage = `usage:
  standalone token --agency SLUG --role ROLE [--role ROLE…] [--subject NAME] [--for 8h]
                   [--country CODE --programme SLUG]

Prints a token that an office accepts: for a person (--subject; without it the
first role at the agency), who acts for an agency in one role or more. It lasts
from a second to 24 hours, 8 hours without --for. Nothing takes it back before.
A coordinator needs a country (ISO 3166-1, as GT) and a programme: without both the
token coordinates nothing, and is refused here.
The office may run meanwhile. The key that signs is in SANAD_KEYS.
`

// What token refuses.
var (
	errRole     = errors.New("--role is not one of the roles")
	errWhere    = errors.New("a coordinator needs --country and --programme")
	errNoIssuer = errors.New("there is no key that signs tokens; an office makes it at its first start")
)

// token prints a token, and nothing else: what is printed is meant for a variable.
func token(set settings, args []string, out io.Writer) error {
	flags := flagsOf("token", signUsage)
	lasts := flags.Duration("for", 8*time.Hour, "how long it lasts")
	person, err := personOf(flags, args)
	if err != nil {
		return err
	}
	issuer, err := openIssuer(set)
	if err != nil {
		return err
	}
	made, err := issuer.Token(person, *lasts)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, made)
	return err
}

const signinUsage = `usage:
  standalone signin --agency SLUG --role ROLE [--role ROLE…] [--subject NAME]
                    [--country CODE --programme SLUG]

Prints a code with which a person signs in at the desk of this office, once and
within ten minutes. The person is named as for a token. The office may run
meanwhile. It needs access to SANAD_DATA.
`

// signinCode prints a code, and nothing else.
func signinCode(set settings, args []string, out io.Writer) error {
	person, err := personOf(flagsOf("signin", signinUsage), args)
	if err != nil {
		return err
	}
	issuer, err := openIssuer(set)
	if err != nil {
		return err // there is no office here
	}
	// A person for whom no token can be made learns it here, and not when the code is used up.
	if _, err := issuer.Token(person, time.Minute); err != nil {
		return err
	}
	code, err := signin.In(set.data).Make(person, time.Now())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, spaced(code))
	return err
}

// spaced is a code as people read it to each other.
func spaced(code string) string { return code[:4] + "-" + code[4:8] + "-" + code[8:] }

// personOf is who the arguments name.
func personOf(flags *flag.FlagSet, args []string) (identity.Principal, error) {
	agency := flags.String("agency", "", "the slug of the agency")
	subject := flags.String("subject", "", "the person")
	country := flags.String("country", "", "the country that a coordinator coordinates")
	programme := flags.String("programme", "", "the programme that a coordinator coordinates")
	var roles []string
	flags.Func("role", "a role; more than one may be given", func(role string) error {
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
		return nil
	})
	if err := parse(flags, args); err != nil {
		return identity.Principal{}, err
	}
	if err := needs(flags, *agency != "" && len(roles) > 0); err != nil {
		return identity.Principal{}, err
	}
	for _, role := range roles {
		if !slices.Contains(access.Roles(), access.Role(role)) {
			return identity.Principal{}, fmt.Errorf("%w: %s", errRole, list(access.Roles()))
		}
	}
	if slices.Contains(roles, string(access.Coordinator)) && (*country == "" || *programme == "") {
		return identity.Principal{}, errWhere
	}
	if *subject == "" {
		*subject = roles[0] + "@" + *agency
	}
	return identity.Principal{Subject: *subject, Agency: *agency, Roles: roles, Country: *country, Programme: *programme}, nil
}

// openIssuer opens the key of an office that has one. A new key would sign tokens
// that the office does not accept.
func openIssuer(set settings) (*identity.Issuer, error) {
	if err := network.CheckKeys(set.keys, set.data); err != nil {
		return nil, err
	}
	path := filepath.Join(set.keys, network.IssuerFile)
	if _, err := secret.Read(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", errNoIssuer, path)
	} else if err != nil {
		return nil, err
	}
	return identity.NewIssuer(path, network.Issuer, network.Audience)
}

func list(roles []access.Role) string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
	}
	return strings.Join(names, ", ")
}
