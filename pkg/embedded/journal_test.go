package embedded_test

import (
	"testing"

	"github.com/sanad-network/sanad/pkg/journal/journaltest"
)

func TestJournal(t *testing.T) { journaltest.Run(t, database) }
