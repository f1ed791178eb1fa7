package match

import (
	"iter"
	"slices"
	"strconv"
	"sync"

	"github.com/sanad-network/sanad/api/code"
)

// Places finds the places of a service in a country, in the order of
// comparePlaces. The caller must not change them.
type Places interface {
	Of(code.Country, code.Service) []*Place
}

type cell struct {
	country code.Country
	service code.Service
}

// Index holds places by country and service, so that a question walks only
// those that could answer it. It may be read and changed at once.
type Index struct {
	mu       sync.RWMutex
	cells    map[cell][]*Place
	bySource map[string][]*Place
}

// NewIndex makes an index in which each agency is the source of its places. A
// place of an unknown service or country, or the same one twice, is refused.
func NewIndex(places iter.Seq[*Place]) (*Index, error) {
	x := &Index{cells: map[cell][]*Place{}, bySource: map[string][]*Place{}}
	n := 0
	for o := range places {
		if err := o.check("/" + strconv.Itoa(n)); err != nil {
			return nil, err
		}
		x.bySource[o.Agency] = append(x.bySource[o.Agency], o)
		x.cells[o.cell()] = append(x.cells[o.cell()], o)
		n++
	}
	for _, list := range x.cells {
		slices.SortFunc(list, comparePlaces)
		for i := range len(list) - 1 {
			if comparePlaces(list[i], list[i+1]) == 0 {
				return nil, ErrNeed.At("/places", "named once")
			}
		}
	}
	return x, nil
}

// Of finds the places of a service in a country.
func (x *Index) Of(c code.Country, s code.Service) []*Place {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.cells[cell{c, s}]
}

// Len is how many places there are.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	n := 0
	for _, list := range x.cells {
		n += len(list)
	}
	return n
}

// Replace puts places instead of all that came from the same source before:
// an agency, or one service of it. It costs what the source has, and not what
// there is. When one of the places is refused nothing is changed.
func (x *Index) Replace(source string, places []*Place) error {
	for i, o := range places {
		pointer := "/" + strconv.Itoa(i)
		if err := o.check(pointer); err != nil {
			return err
		}
		for _, other := range places[:i] {
			if other.cell() == o.cell() && comparePlaces(other, o) == 0 {
				return ErrNeed.At(pointer, "named once")
			}
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	was := x.bySource[source]
	for i, o := range places {
		list := x.cells[o.cell()]
		if at, taken := slices.BinarySearchFunc(list, o, comparePlaces); taken && !slices.Contains(was, list[at]) {
			return ErrNeed.At("/"+strconv.Itoa(i), "named once")
		}
	}
	// Lists that were handed out stay as they are.
	for _, o := range was {
		if x.cells[o.cell()] = without(x.cells[o.cell()], o); len(x.cells[o.cell()]) == 0 {
			delete(x.cells, o.cell())
		}
	}
	for _, o := range places {
		x.cells[o.cell()] = with(x.cells[o.cell()], o)
	}
	if x.bySource[source] = slices.Clone(places); len(places) == 0 {
		delete(x.bySource, source)
	}
	return nil
}

func without(list []*Place, o *Place) []*Place {
	return slices.DeleteFunc(slices.Clone(list), func(other *Place) bool { return other == o })
}

func with(list []*Place, o *Place) []*Place {
	at, _ := slices.BinarySearchFunc(list, o, comparePlaces)
	return slices.Insert(slices.Clone(list), at, o)
}

func (o *Place) cell() cell { return cell{o.Country, o.Service} }

// check refuses a place under a code that nobody could ask for.
func (o *Place) check(pointer string) error {
	if err := known(pointer+"/service", o.Service, code.Services); err != nil {
		return err
	}
	return known(pointer+"/country", o.Country, code.Countries)
}
