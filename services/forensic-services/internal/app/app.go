// Package app holds the records and lists of forensic services. No use case of
// this service needs more than one record, so there is nothing else in it.
package app

import (
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
)

// App is the records of the service.
type App struct {
	Examinations *record.Records[domain.Examination]
}

// New adds the records to a book.
func New(b *record.Book) App {
	return App{
		Examinations: record.New(b, domain.Prefix, &domain.ByAgency),
	}
}
