package domain

import (
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

// Commands says which commands the channels of an agency take.
func (Channels) Commands() command.Table[Channels] {
	return command.Table[Channels]{"setAgencyChannels": {When: Channels.maySet}}
}

// maySet gives ErrNotYourAgency to who neither works there nor coordinates. In which
// country is decided when they are set.
func (c Channels) maySet(by fact.By) error {
	if by.Agency == c.Agency {
		return nil
	}
	return coordination.Check(by, ErrNotYourAgency)
}
