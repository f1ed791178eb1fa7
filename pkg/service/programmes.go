package service

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/sanad-network/sanad/pkg/programme/files"
)

// watchProgrammes shows which programmes the process reads, so that one that reads others is
// found, and how much of them is refused.
func watchProgrammes(r prometheus.Registerer, read files.Read) {
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "sanad_programmes_info", Help: "1, with the hash of the programmes that the process reads.",
		ConstLabels: prometheus.Labels{"hash": read.Hash},
	})
	info.Set(1)
	refused := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "sanad_programmes_refused", Help: "How many faults keep versions of programmes from holding.",
	})
	refused.Set(float64(len(read.Refused)))
	r.MustRegister(info, refused)
}
