// Package seal makes what is stored unreadable without its keys. Each case has
// data keys of its own in each service, wrapped by the key-encryption key;
// deleting them erases what they sealed, in the backups too.
//
// It refuses to write a data key in the clear, to seal without associated data,
// and to give one data key to two owners.
package seal

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// ErrNoKey says that a data key is gone, and with it what it sealed. The journal
// says whether it was erased or lost.
var ErrNoKey = errors.New("no such data key")

// ErrSealed says that what was sealed, its data key or what it is bound to is not
// what it was.
var ErrSealed = errors.New("it does not open with its key")

const (
	// batch is how many keys are made at once: enough for the cases that are
	// opened while the next batch is on its way, when half of them are left.
	batch = 256
	// size of an AES-256 key in bytes.
	size = 32
	// ready bounds the ciphers kept ready, 1.4 kB each. Making one takes 2.5 µs.
	ready = 16384
	// timeout bounds what is written in the background.
	timeout = 10 * time.Second
)

// Keys are the data keys of one service. They are safe for concurrent use.
type Keys struct {
	coll    *mongo.Collection
	kek     tink.AEAD
	service string

	// making is held while a batch is made.
	making chan struct{}
	tasks  sync.WaitGroup
	ctx    context.Context //nolint:containedctx // the life of background work
	cancel context.CancelFunc

	mu      sync.RWMutex
	wrapped map[string][]byte    // by key id
	owners  map[string]string    // key id by owner
	pool    []string             // ids of stored keys that nobody owns yet
	ciphers map[string]tink.AEAD // by key id, some of them
}

// record is a data key as it is stored.
type record struct {
	ID      string `bson:"_id"`
	Wrapped []byte `bson:"wrapped"`
}

// Open loads the data keys of a service and makes the first batch. It fails
// when the key-encryption key is not the one that wrapped them.
func Open(ctx context.Context, coll *mongo.Collection, kek *Keyset, service string) (*Keys, error) {
	k, err := Look(ctx, coll, kek, service)
	if err != nil {
		return nil, err
	}
	if err := k.fill(ctx); err != nil {
		return nil, err
	}
	k.ctx, k.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return k, nil
}

// Look loads the data keys of a service to read with, and makes none. What it gives
// need not be closed.
func Look(ctx context.Context, coll *mongo.Collection, kek *Keyset, service string) (*Keys, error) {
	k := &Keys{
		// A key must be as durable as what it seals.
		coll: coll.Clone(options.Collection().SetWriteConcern(writeconcern.Majority())),
		kek:  kek.aead, service: service,
		making:  make(chan struct{}, 1),
		wrapped: map[string][]byte{}, owners: map[string]string{}, ciphers: map[string]tink.AEAD{},
	}
	if err := k.load(ctx); err != nil {
		return nil, fmt.Errorf("load data keys: %w", err)
	}
	return k, nil
}

func (k *Keys) load(ctx context.Context) error {
	cursor, err := k.coll.Find(ctx, bson.D{}, options.Find().SetBatchSize(1000))
	if err != nil {
		return err
	}
	for cursor.Next(ctx) {
		var r record
		if err := cursor.Decode(&r); err != nil {
			return errors.Join(err, cursor.Close(ctx))
		}
		if r.ID == signing {
			continue
		}
		k.wrapped[r.ID] = r.Wrapped
	}
	if err := errors.Join(cursor.Err(), cursor.Close(ctx)); err != nil {
		return err
	}
	return k.fits()
}

// tried is how many data keys are tried with a keyset before it is refused. One
// that somebody damaged must not keep all the others from being used.
const tried = 16

// fits checks the keyset against the data keys that there are.
func (k *Keys) fits() error {
	var err error
	n := 0
	for id, wrapped := range k.wrapped {
		if _, err = k.unwrap(id, wrapped); err == nil || n == tried {
			return err
		}
		n++
	}
	return err
}

// For is the data key of an owner: a case, or the service itself when empty.
// It comes from the pool, so that a new owner costs no write.
func (k *Keys) For(ctx context.Context, owner string) (keyID string, err error) {
	for {
		keyID, left := k.take(owner)
		if left < batch/2 {
			k.makeAhead()
		}
		if keyID != "" {
			return keyID, nil
		}
		if err := k.fill(ctx); err != nil {
			return "", err
		}
	}
}

// take gives an owner its key, or one from the pool, and tells how many are
// left there. Without any it gives none.
func (k *Keys) take(owner string) (keyID string, left int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	keyID, ok := k.owners[owner]
	if n := len(k.pool); !ok && n > 0 {
		keyID = k.pool[n-1]
		k.pool = k.pool[:n-1]
		k.owners[owner] = keyID
	}
	return keyID, len(k.pool)
}

// Adopt sets the owner of a key, as the journal has it. Of several keys of one
// owner, the first one that was set seals what comes next.
func (k *Keys) Adopt(owner, keyID string) {
	k.mu.RLock()
	_, known := k.owners[owner]
	_, there := k.wrapped[keyID]
	k.mu.RUnlock()
	if known || !there {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, known := k.owners[owner]; !known {
		k.owners[owner] = keyID
	}
}

// makeAhead makes a batch in the background, unless one is being made. When it
// fails, a caller that finds the pool empty gets the error.
func (k *Keys) makeAhead() {
	select {
	case k.making <- struct{}{}:
	default:
		return
	}
	k.tasks.Go(func() {
		ctx, cancel := context.WithTimeout(k.ctx, timeout)
		defer cancel()
		_ = k.insert(ctx)
		<-k.making
	})
}

// fill makes a batch, or waits for the one that is being made.
func (k *Keys) fill(ctx context.Context) error {
	select {
	case k.making <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("wait for data keys: %w", context.Cause(ctx))
	}
	defer func() { <-k.making }()
	k.mu.RLock()
	there := len(k.pool) > 0
	k.mu.RUnlock()
	if there {
		return nil
	}
	return k.insert(ctx)
}

// insert stores a batch of new keys and adds them to the pool. Keys that an
// earlier process left behind are not taken up again: a replica may be about to
// give one of them to another owner.
func (k *Keys) insert(ctx context.Context) error {
	records := make([]record, batch)
	key := make([]byte, size)
	for i := range records {
		id := rand.Text()
		_, _ = rand.Read(key) // never fails
		wrapped, err := k.kek.Encrypt(key, k.bound(id))
		if err != nil {
			return fmt.Errorf("wrap data key: %w", err)
		}
		records[i] = record{ID: id, Wrapped: wrapped}
	}
	clear(key)
	if _, err := k.coll.InsertMany(ctx, records); err != nil {
		return fmt.Errorf("store data keys: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, r := range records {
		k.wrapped[r.ID] = r.Wrapped
		k.pool = append(k.pool, r.ID)
	}
	return nil
}

// bound ties a wrapped key to its service and its id.
func (k *Keys) bound(id string) []byte { return []byte(k.service + "/" + id) }

func (k *Keys) unwrap(id string, wrapped []byte) (tink.AEAD, error) {
	key, err := k.kek.Decrypt(wrapped, k.bound(id))
	if err != nil {
		return nil, fmt.Errorf("unwrap data key with this keyset: %w", ErrSealed)
	}
	defer clear(key)
	cipher, err := subtle.NewAESGCM(key)
	if err != nil {
		return nil, fmt.Errorf("use data key: %w", err)
	}
	return cipher, nil
}

// cipher gives ErrNoKey for a key that is not in memory.
func (k *Keys) cipher(id string) (tink.AEAD, error) {
	k.mu.RLock()
	cipher, wrapped := k.ciphers[id], k.wrapped[id]
	k.mu.RUnlock()
	if cipher != nil {
		return cipher, nil
	}
	if wrapped == nil {
		return nil, ErrNoKey
	}
	cipher, err := k.unwrap(id, wrapped)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.ciphers) >= ready {
		for other := range k.ciphers { // whichever comes first
			delete(k.ciphers, other)
			break
		}
	}
	k.ciphers[id] = cipher
	return cipher, nil
}

// Seal encrypts with a data key. The associated data must be given again to
// unseal.
func (k *Keys) Seal(keyID string, plain, ad []byte) ([]byte, error) {
	if len(ad) == 0 {
		return nil, errors.New("seal: no associated data")
	}
	cipher, err := k.cipher(keyID)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return cipher.Encrypt(plain, ad)
}

// Open decrypts what Seal made with a key that is in memory. It gives ErrNoKey
// when the key is not there, and ErrSealed when it does not open.
func (k *Keys) Open(keyID string, sealed, ad []byte) ([]byte, error) {
	cipher, err := k.cipher(keyID)
	if err != nil {
		return nil, err
	}
	plain, err := cipher.Decrypt(sealed, ad)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// Unseal decrypts what Seal made. It gives ErrNoKey when the key is neither in
// memory nor in the store, where another replica may have put it.
func (k *Keys) Unseal(ctx context.Context, keyID string, sealed, ad []byte) ([]byte, error) {
	cipher, err := k.cipher(keyID)
	if errors.Is(err, ErrNoKey) {
		cipher, err = k.fetch(ctx, keyID)
	}
	if err != nil {
		return nil, fmt.Errorf("unseal: %w", err)
	}
	plain, err := cipher.Decrypt(sealed, ad)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// IDs lists the data keys that are in memory.
func (k *Keys) IDs() []string {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return slices.Collect(maps.Keys(k.wrapped))
}

// Check says whether a data key is there and is one. It gives ErrNoKey when it
// is not there.
func (k *Keys) Check(id string) error {
	_, err := k.cipher(id)
	return err
}

// Delete erases data keys, in the store and in memory. What they sealed cannot be
// read any more. The caller must have stored the erasure in the journal before.
func (k *Keys) Delete(ctx context.Context, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := k.coll.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
	if err != nil {
		return fmt.Errorf("delete data keys: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, id := range ids {
		delete(k.wrapped, id)
		delete(k.ciphers, id)
	}
	maps.DeleteFunc(k.owners, func(_, id string) bool { return slices.Contains(ids, id) })
	return nil
}

func (k *Keys) fetch(ctx context.Context, id string) (tink.AEAD, error) {
	var r record
	err := k.coll.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&r)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, ErrNoKey
	}
	if err != nil {
		return nil, fmt.Errorf("read data key: %w", err)
	}
	k.mu.Lock()
	k.wrapped[id] = r.Wrapped
	k.mu.Unlock()
	return k.cipher(id)
}

// Close deletes the keys that no owner took.
func (k *Keys) Close() error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(k.ctx), timeout)
	defer cancel()
	k.cancel()
	k.tasks.Wait()
	k.mu.Lock()
	pool := k.pool
	k.pool = nil
	k.mu.Unlock()
	return k.Delete(ctx, pool...)
}
