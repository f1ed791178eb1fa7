package embedded_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/pkg/embedded"
)

// BenchmarkNATSStart starts on a store of 300 MB, most of which is what looking
// at it first costs.
func BenchmarkNATSStart(b *testing.B) {
	for _, key := range []string{"", "a key"} {
		b.Run(fmt.Sprintf("sealed=%t", key != ""), func(b *testing.B) {
			const messages, size = 300_000, 1000
			dir := b.TempDir()
			bus, err := embedded.NATS(dir, "", sealedWith(key))
			if err != nil {
				b.Fatal(err)
			}
			js := client(b, bus)
			declare(b, js)
			body := []byte(strings.Repeat("x", size))
			for i := range messages {
				if _, err := js.PublishAsync(fmt.Sprintf("events.%d", i), body); err != nil {
					b.Fatal(err)
				}
			}
			<-js.PublishAsyncComplete()
			bus.Shutdown()
			b.SetBytes(messages * size)
			for b.Loop() {
				if bus, err = embedded.NATS(dir, "", sealedWith(key)); err != nil {
					b.Fatal(err)
				}
				bus.Shutdown()
			}
		})
	}
}
