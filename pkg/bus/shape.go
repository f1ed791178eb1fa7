package bus

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Release counts the declarations of the network: raise it with every change of
// a stream, a consumer or a permission. In a rolling upgrade the services of
// the older release leave alone what the newer one has declared. A test holds
// it against what is declared.
const Release = 11

// What a stream or a consumer of this network says of itself.
const (
	metaRelease = "sanad-release"
	metaDigest  = "sanad-digest"
	// metaServices names the services of the network, on each stream.
	metaServices = "sanad-services"
)

// shape is the digest of what is declared of a stream or a consumer. What the
// server adds, what an operator may choose, such as the number of replicas, and
// where a consumer began, are no part of it.
type shape string

// Stamp has a consumer say by which release it is declared, and how. A release
// leaves alone what a newer one has stamped.
func Stamp(c *jetstream.ConsumerConfig, release int) {
	c.Metadata = stamp(consumerShape(*c), release)
}

// StampStream is Stamp for a stream. What else is noted there stays.
func StampStream(c *jetstream.StreamConfig, release int) {
	meta := maps.Clone(c.Metadata)
	if meta == nil {
		meta = map[string]string{}
	}
	maps.Copy(meta, stamp(streamShape(*c), release))
	c.Metadata = meta
}

func stamp(s shape, release int) map[string]string {
	return map[string]string{metaRelease: strconv.Itoa(release), metaDigest: string(s)}
}

// mine reports whether what is there is what this release declares, or is left
// alone because a newer release has declared it, and is as that one said.
func mine(meta map[string]string, actual, declared shape) bool {
	if actual == declared {
		return true
	}
	return releaseOf(meta) > Release && meta[metaDigest] == string(actual)
}

// byOlder reports whether an older release declared what is there, the first of
// which stamped nothing. Even when it is what this release would declare, it is
// to be stamped.
func byOlder(meta map[string]string, actual shape) bool {
	return meta[metaRelease] == "" || releaseOf(meta) < Release && meta[metaDigest] == string(actual)
}

// releaseOf is the release that declared what is there, 0 when it does not say.
func releaseOf(meta map[string]string) int {
	release, err := strconv.Atoi(meta[metaRelease])
	if err != nil {
		return 0
	}
	return release
}

func digest(of any) shape {
	text, err := json.Marshal(of)
	if err != nil {
		panic(err) // a configuration of numbers and texts
	}
	sum := sha256.Sum256(text)
	return shape(hex.EncodeToString(sum[:8]))
}

func streamShape(c jetstream.StreamConfig) shape {
	type source struct{ Mirror, Sources, RePublish, Transform bool }
	return digest(struct {
		Subjects                                                []string
		Retention                                               jetstream.RetentionPolicy
		MaxMsgs, MaxBytes, MaxMsgsPerSubject                    int64
		MaxAge, Duplicates, Inactive                            time.Duration
		MaxMsgSize                                              int32
		MaxConsumers, MaxAckPending                             int
		Discard                                                 jetstream.DiscardPolicy
		DiscardPerSubject, NoAck, Sealed, DenyDelete, DenyPurge bool
		Rollup, Direct, TTL, Schedules, Counter, Atomic         bool
		Storage                                                 jetstream.StorageType
		Source                                                  source
	}{
		c.Subjects, c.Retention, c.MaxMsgs, c.MaxBytes, c.MaxMsgsPerSubject, c.MaxAge, c.Duplicates, c.ConsumerLimits.InactiveThreshold,
		c.MaxMsgSize, c.MaxConsumers, c.ConsumerLimits.MaxAckPending, c.Discard,
		c.DiscardNewPerSubject, c.NoAck, c.Sealed, c.DenyDelete, c.DenyPurge,
		c.AllowRollup, c.AllowDirect, c.AllowMsgTTL, c.AllowMsgSchedules, c.AllowMsgCounter, c.AllowAtomicPublish,
		c.Storage,
		source{c.Mirror != nil, len(c.Sources) > 0, c.RePublish != nil, c.SubjectTransform != nil},
	})
}

func consumerShape(c jetstream.ConsumerConfig) shape {
	filters := slices.Clone(c.FilterSubjects)
	if c.FilterSubject != "" {
		filters = append(filters, c.FilterSubject)
	}
	slices.Sort(filters)
	return digest(struct {
		Durable, Deliver, Group, Sample                 string
		Filters                                         []string
		Ack                                             jetstream.AckPolicy
		AckWait, Inactive, Heartbeat, Expires           time.Duration
		MaxDeliver, MaxAckPending, MaxWaiting, MaxBatch int
		BackOff                                         []time.Duration
		Replay                                          jetstream.ReplayPolicy
		RateLimit                                       uint64
		HeadersOnly, Memory, FlowControl                bool
	}{
		c.Durable, c.DeliverSubject, c.DeliverGroup, c.SampleFrequency, filters, c.AckPolicy,
		c.AckWait, c.InactiveThreshold, c.IdleHeartbeat, c.MaxRequestExpires,
		c.MaxDeliver, c.MaxAckPending, c.MaxWaiting, c.MaxRequestBatch, c.BackOff, c.ReplayPolicy, c.RateLimit,
		c.HeadersOnly, c.MemoryStorage, c.FlowControl,
	})
}
