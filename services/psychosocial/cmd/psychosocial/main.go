// Command psychosocial runs the psychosocial service as a process of its own.
package main

import (
	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/psychosocial"
)

func main() { service.Main("psychosocial", api.Files, psychosocial.New) }
