// Command subscribe is the smallest integrator: it prints every event of a
// referral, from the first one that the bus holds, until it is stopped.
package main

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

func main() {
	nc, err := nats.Connect("nats://127.0.0.1:4222")
	check(err)
	js, err := jetstream.New(nc)
	check(err)
	events, err := js.OrderedConsumer(context.Background(), "EVENTS", jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{"sanad.events.referral.>"},
	})
	check(err)
	_, err = events.Consume(func(m jetstream.Msg) { fmt.Println(m.Headers().Get("ce-type"), string(m.Data())) })
	check(err)
	select {}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
