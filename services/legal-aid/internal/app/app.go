// Package app holds the records and lists of legal aid, and its one use case
// that takes two kinds of record: certificates and matters find each other. It
// decides nothing itself, and refuses to hold a rule.
package app

import (
	"net/url"

	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// App is the records of the service.
type App struct {
	// Desk is the matters, and who may read them.
	seen.Desk[domain.Matter]
	Files *record.Records[domain.CaseFile]
}

// New adds the records to a book.
func New(b *record.Book) App {
	desk := seen.Desk[domain.Matter]{
		ByAgency: &domain.ByAgency, ByWorker: &domain.ByWorker,
		Note: func(m domain.Matter, g seen.Glance) []fact.Event {
			return fact.With(legalaidv1.MatterSeen{Work: m.Work}, g)
		},
	}
	return App{
		Desk:  desk.Open(b, domain.Prefix, &domain.ByCase, &domain.Waiting, &domain.Doubted),
		Files: record.New[domain.CaseFile](b, domain.FilePrefix),
	}
}

// Worklist is that of the desk, or what of it waits for its lawyer to take note. It says not
// of what, because a list is for more people than the content is.
func (a App) Worklist(by fact.By, query url.Values) (image.Part[domain.Matter], error) {
	part, err := a.Desk.Worklist(by, query)
	if err == nil && query.Get("attention") == "true" {
		part = part.And(domain.Waiting.Of(by.Agency))
	}
	return part, err
}
