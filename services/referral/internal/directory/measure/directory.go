package measure

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/directory"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/publication"
)

// directoryOf is a made-up directory of so many services, four of each organization, on
// a journal that keeps them in memory.
func directoryOf(ctx context.Context, j record.Journal, services int) (app.Directory, error) {
	at := time.Date(2026, time.March, 4, 9, 30, 0, 0, time.UTC)
	b := record.NewBook(event.NewCatalogue(directory.Events()...), func() time.Time { return at })
	d := directory.New(b, programmetest.Shipped())
	if err := b.Open(ctx, j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		return d, err
	}
	by := fact.By{Principal: "m", Agency: "coordination", Roles: []string{"coordinator"}, Country: "GT", Programme: "measure"}
	for n := 0; n < services; n += 4 {
		in := app.Import{}
		for _, document := range made(n) {
			in.Documents = append(in.Documents, json.RawMessage(document))
		}
		cmd := record.Command{Op: "importDirectory", By: by, Cause: strconv.Itoa(n)}
		r, err := d.Import(record.With(ctx, cmd), by, in)
		if err == nil && len(r.Rejected) > 0 {
			err = fmt.Errorf("%s %s", r.Rejected[0].Path, r.Rejected[0].Rule)
		}
		if err != nil {
			return d, fmt.Errorf("make a directory: %w", err)
		}
	}
	return d, nil
}

// made is the n-th organization with its place and four services, one of them a
// safe house with a place of its own.
func made(n int) []string {
	id := func(kind, n int) string { return fmt.Sprintf("%08d-0000-4000-8000-%012d", kind, n) }
	term := func(n int, taxonomy, word string) string {
		return fmt.Sprintf(`{"id": %q, "taxonomy_term": {"taxonomy": %q, "code": %q}}`, id(5, n), taxonomy, word)
	}
	list := []string{fmt.Sprintf(`{"id": %q, "name": "Organization %d", "description": "Stands by survivors."}`, id(1, n), n)}
	for _, l := range []int{n, n + 1} {
		list = append(list, fmt.Sprintf(`{"id": %q, "location_type": "physical", "name": "House %d", "addresses": [{"id": %q, "address_1": "Shore Road %d",
			"city": "c", "state_province": "s", "postal_code": "99", "country": "GT", "address_type": "physical"}]}`, id(3, l), l, id(6, l), l))
	}
	for i, kind := range []string{"safehouse_service", "health_medical_service", "legal_assistance_service", "food_service"} {
		at := n
		if i > 0 {
			at = n + 1
		}
		list = append(list, fmt.Sprintf(`{"id": %q, "organization_id": %q, "name": "Service %d", "status": "active", "attributes": [%s, %s],
			"service_at_locations": [{"id": %q, "location_id": %q}]}`,
			id(2, n+i), id(1, n), n+i, term(2*(n+i), "sanad-service", kind), term(2*(n+i)+1, "sanad-area", "GT-01"), id(4, n+i), id(3, at)))
	}
	return list
}

// middle reads the page in the middle of the list of services, as an agency.
func middle(ctx context.Context, d app.Directory, services int) (domain.Page, error) {
	page, err := publication.New(d.Shelf).ListServices(ctx, fact.By{Agency: "front-desk"}, "", url.Values{"page": {strconv.Itoa(max(1, services/100))}})
	if err != nil {
		return domain.Page{}, err
	}
	return page.(domain.Page), nil
}
