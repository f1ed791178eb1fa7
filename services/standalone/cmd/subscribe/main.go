// Command subscribe is the smallest integrator: it prints every event of a
// referral, from the first one that the bus holds, until it is stopped. Started
// again, it goes on where it was.
package main

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

func main() {
	me, err := nats.NkeyOptionFromSeed("var.keys/integrators/demo.seed")
	check(err)
	nc, err := nats.Connect("nats://127.0.0.1:4222", me, nats.CustomInboxPrefix("_INBOX.demo"))
	check(err)
	js, err := jetstream.NewWithAPIPrefix(nc, "sanad.api")
	check(err)
	events, err := js.CreateOrUpdateConsumer(context.Background(), "EVENTS", jetstream.ConsumerConfig{
		Durable: "demo-1", FilterSubject: "sanad.events.referral.>",
	})
	check(err)
	_, err = events.Consume(func(m jetstream.Msg) {
		fmt.Println(m.Headers().Get("ce-type"), string(m.Data()))
		check(m.Ack())
	})
	check(err)
	select {}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
