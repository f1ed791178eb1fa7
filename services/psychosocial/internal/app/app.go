// Package app holds the records and lists of psychosocial support. No use case of
// this service needs more than one record, so there is nothing else in it.
package app

import (
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/psychosocial/internal/domain"
)

// App is the records of the service.
type App struct {
	Plans *record.Records[domain.Plan]
}

// New adds the records to a book.
func New(b *record.Book) App {
	return App{
		Plans: record.New(b, domain.Prefix, &domain.ByAgency),
	}
}
