// Command intake runs the intake service as a process of its own.
package main

import (
	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/intake"
)

func main() { service.Main("intake", api.Files, intake.New) }
