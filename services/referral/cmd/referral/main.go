// Command referral runs the referral service as a process of its own.
package main

import (
	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/referral"
)

func main() { service.Main("referral", api.Files, referral.New) }
