// Command legal-aid runs the legal-aid service as a process of its own.
package main

import (
	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/service"
	legalaid "github.com/sanad-network/sanad/services/legal-aid"
)

func main() { service.Main("legal-aid", api.Files, legalaid.New) }
