// Command forensic-services runs the forensic-services service as a process of its own.
package main

import (
	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/service"
	forensic "github.com/sanad-network/sanad/services/forensic-services"
)

func main() { service.Main("forensic-services", api.Files, forensic.New) }
