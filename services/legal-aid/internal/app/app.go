// Package app holds the records and lists of legal aid, and its one use case
// that takes two kinds of record: certificates and matters find each other. It
// decides nothing itself, and refuses to hold a rule.
package app

import (
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// App is the records of the service.
type App struct {
	Matters *record.Records[domain.Matter]
	Files   *record.Records[domain.CaseFile]
	// Workers are copies of the register.
	Workers *record.Records[worker.Copy]
}

// New adds the records to a book.
func New(b *record.Book) App {
	return App{
		Matters: record.New(b, domain.Prefix, &domain.ByAgency, &domain.ByCase),
		Files:   record.New[domain.CaseFile](b, domain.FilePrefix),
		Workers: record.New[worker.Copy](b, worker.Prefix),
	}
}
