// Command trust-fund runs the trust-fund service as a process of its own.
package main

import (
	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/service"
	trustfund "github.com/sanad-network/sanad/services/trust-fund"
)

func main() { service.Main("trust-fund", api.Files, trustfund.New) }
