package match

import (
	"iter"
	"slices"
	"strconv"
	"sync"

	"github.com/sanad-network/sanad/api/code"
)

// Offers finds the offers of a service in a country, in the order of
// compareOffers. Who gets them must not change them.
type Offers interface {
	Of(code.Country, code.Service) []*Offer
}

type cell struct {
	country code.Country
	service code.Service
}

// Index holds offers by country and service, so that a question walks only
// those that could answer it. It may be read and changed at once.
type Index struct {
	mu       sync.RWMutex
	cells    map[cell][]*Offer
	bySource map[string][]*Offer
}

// NewIndex makes an index in which each agency is the source of its offers. An
// offer of an unknown service or country, or the same one twice, is refused.
func NewIndex(offers iter.Seq[*Offer]) (*Index, error) {
	x := &Index{cells: map[cell][]*Offer{}, bySource: map[string][]*Offer{}}
	n := 0
	for o := range offers {
		if err := o.check("/" + strconv.Itoa(n)); err != nil {
			return nil, err
		}
		x.bySource[o.Agency] = append(x.bySource[o.Agency], o)
		x.cells[o.cell()] = append(x.cells[o.cell()], o)
		n++
	}
	for _, list := range x.cells {
		slices.SortFunc(list, compareOffers)
		for i := range len(list) - 1 {
			if compareOffers(list[i], list[i+1]) == 0 {
				return nil, ErrNeed.At("/offers", "named once")
			}
		}
	}
	return x, nil
}

// Of finds the offers of a service in a country.
func (x *Index) Of(c code.Country, s code.Service) []*Offer {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.cells[cell{c, s}]
}

// Len is how many offers there are.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	n := 0
	for _, list := range x.cells {
		n += len(list)
	}
	return n
}

// Replace puts offers in the place of all that came from the same source before:
// an agency, or one service of it. It costs what the source offers, and not what
// there is. When one of the offers is refused nothing is changed.
func (x *Index) Replace(source string, offers []*Offer) error {
	for i, o := range offers {
		pointer := "/" + strconv.Itoa(i)
		if err := o.check(pointer); err != nil {
			return err
		}
		for _, other := range offers[:i] {
			if other.cell() == o.cell() && compareOffers(other, o) == 0 {
				return ErrNeed.At(pointer, "named once")
			}
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	was := x.bySource[source]
	for i, o := range offers {
		list := x.cells[o.cell()]
		if at, taken := slices.BinarySearchFunc(list, o, compareOffers); taken && !slices.Contains(was, list[at]) {
			return ErrNeed.At("/"+strconv.Itoa(i), "named once")
		}
	}
	// Lists that were handed out stay as they are.
	for _, o := range was {
		if x.cells[o.cell()] = without(x.cells[o.cell()], o); len(x.cells[o.cell()]) == 0 {
			delete(x.cells, o.cell())
		}
	}
	for _, o := range offers {
		x.cells[o.cell()] = with(x.cells[o.cell()], o)
	}
	if x.bySource[source] = slices.Clone(offers); len(offers) == 0 {
		delete(x.bySource, source)
	}
	return nil
}

func without(list []*Offer, o *Offer) []*Offer {
	return slices.DeleteFunc(slices.Clone(list), func(other *Offer) bool { return other == o })
}

func with(list []*Offer, o *Offer) []*Offer {
	at, _ := slices.BinarySearchFunc(list, o, compareOffers)
	return slices.Insert(slices.Clone(list), at, o)
}

func (o *Offer) cell() cell { return cell{o.Country, o.Service} }

// check refuses an offer under a code that nobody could ask for.
func (o *Offer) check(pointer string) error {
	if err := known(pointer+"/service", o.Service, code.Services); err != nil {
		return err
	}
	return known(pointer+"/country", o.Country, code.Countries)
}
