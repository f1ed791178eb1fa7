package site

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/form"
)

func (s *Site) custodyPages() {
	s.page("GET /desk/custody", s.inCustody)
	s.page("GET /desk/custody/{id}", s.custody)
	s.page("POST /desk/custody/{id}", s.openChain)
	s.page("GET /desk/custody/{id}/text", func(v *visit) (templ.Component, error) { return nil, v.linkText() })
	s.page("GET /desk/custody/{id}/file", func(v *visit) (templ.Component, error) { return nil, v.chainFile() })
	s.page("GET /desk/custody-keys", s.custodyKeys)
	s.page("GET /desk/custody-keys/{id}", s.custodyKey)
}

// party is somebody in a chain: a worker with a key, or a person who signed a paper. A test holds the
// names of these types against the contract.
type party struct {
	Worker  string `json:"worker"`
	Agency  string `json:"agency"`
	Key     string `json:"key"`
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Form    string `json:"form"`
	Witness string `json:"witness"`
}

// chainLink is one thing that was done to an exhibit.
type chainLink struct {
	Number     int       `json:"number"`
	Act        string    `json:"act"`
	At         time.Time `json:"at"`
	From       party     `json:"from"`
	To         *party    `json:"to"`
	Seal       string    `json:"seal"`
	SealBroken bool      `json:"seal_broken"`
	Container  string    `json:"container"`
	Storage    string    `json:"storage"`
	Note       string    `json:"note"`
	Signatures []struct {
		Key string `json:"key"`
	} `json:"signatures"`
}

// Signers are the keys that sign a link, in their order.
func (l chainLink) Signers() (keys []string) {
	if l.From.Key != "" {
		keys = append(keys, l.From.Key)
	}
	if l.To != nil && l.To.Key != "" {
		keys = append(keys, l.To.Key)
	}
	return keys
}

// Parties are who did it, and who took it.
func (l chainLink) Parties() []party {
	if l.To == nil {
		return []party{l.From}
	}
	return []party{l.From, *l.To}
}

// chainBreak is where a chain does not join, with both neighbours.
type chainBreak struct {
	After    int    `json:"after"`
	Before   int    `json:"before"`
	What     string `json:"what"`
	Expected party  `json:"expected"`
	Found    party  `json:"found"`
}

// chain is the chain of custody of an exhibit.
type chain struct {
	ID          string       `json:"id"`
	Exhibit     string       `json:"exhibit"`
	Examination string       `json:"examination"`
	Status      string       `json:"status"`
	Since       time.Time    `json:"since"`
	Broken      bool         `json:"broken"`
	Held        bool         `json:"held"`
	Holder      *party       `json:"holder"`
	Seal        string       `json:"seal"`
	Links       []chainLink  `json:"links"`
	Breaks      []chainBreak `json:"breaks"`
	Proposal    *chainLink   `json:"proposal"`
	Text        string       `json:"text"`
	Holds       []struct {
		ID     string    `json:"id"`
		At     time.Time `json:"at"`
		Ground string    `json:"ground"`
		Name   string    `json:"name"`
		Until  time.Time `json:"until"`
		Lifted *struct {
			At  time.Time `json:"at"`
			Why string    `json:"why"`
		} `json:"lifted"`
	} `json:"holds"`
	Commands []string `json:"commands"`
}

// May says whether the chain takes a command from the person now.
func (c chain) May(op string) bool { return slices.Contains(c.Commands, op) }

// Before are the breaks before a link.
func (c chain) Before(link int) (all []chainBreak) {
	for _, b := range c.Breaks {
		if b.Before == link {
			all = append(all, b)
		}
	}
	return all
}

// custodyKey is a public key of a worker.
type custodyKey struct {
	ID       string    `json:"id"`
	Worker   string    `json:"worker"`
	Agency   string    `json:"agency"`
	Public   string    `json:"public"`
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
	Ended    time.Time `json:"ended"`
	Commands []string  `json:"commands"`
}

// Holds says whether a key counts at an instant.
func (k custodyKey) Holds(at time.Time) bool {
	return !at.Before(k.From) && at.Before(k.Until) && (k.Ended.IsZero() || at.Before(k.Ended))
}

// signs is what the worker types to sign a text with the key.
func (k custodyKey) signs() string {
	return "standalone custody sign key.txt " + k.ID + " < text.txt"
}

// The ids of an exhibit, a kit and their chain end alike.
const chainPrefix, exhibitPrefix, kitPrefix = "cust", "exh", "kit"

// chainPath is the page of the chain of an exhibit or a kit.
func chainPath(of string) string {
	prefix, rest, _ := strings.Cut(of, "_")
	path := "/desk/custody/" + url.PathEscape(chainPrefix+"_"+rest)
	if prefix == kitPrefix {
		path += "?" + url.Values{"of": {kitPrefix}}.Encode()
	}
	return path
}

// chainOf is the exhibit or the kit whose chain the address names.
func (v *visit) chainOf() string {
	prefix := exhibitPrefix
	if v.FormValue("of") == kitPrefix {
		prefix = kitPrefix
	}
	return prefix + strings.TrimPrefix(v.PathValue("id"), chainPrefix)
}

func (s *Site) inCustody(v *visit) (templ.Component, error) {
	query := v.query("attention")
	var page struct {
		Items []chain `json:"items"`
	}
	next, err := v.leaf("listCustody", "", query, &page)
	if err != nil {
		return nil, err
	}
	return inCustodyPage(v, page.Items, query.Get("attention") == "true", next), nil
}

// chainShown is a chain with what else its page needs.
type chainShown struct {
	chain
	version string
	names   map[string]string
	// Keys are those of the person, with which they sign the link that waits.
	Keys []custodyKey
}

// custody is the chain of the address, or the way to open it.
func (s *Site) custody(v *visit) (templ.Component, error) {
	var c chain
	answer, err := v.get("getCustody", v.PathValue("id"), nil, &c)
	if p := api.Refused(err); p != nil && p.Status == http.StatusNotFound && v.S.Is("examiner") {
		return chainNewPage(v, nil), nil
	}
	if err != nil {
		return nil, err
	}
	shown := chainShown{chain: c, version: answer.Version}
	if shown.names, err = v.workerNames(); err != nil {
		return nil, err
	}
	if c.Proposal != nil {
		keys, err := v.ownKeys()
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			if slices.Contains(c.Proposal.Signers(), k.ID) && shown.names[k.Worker] == v.S.Subject {
				shown.Keys = append(shown.Keys, k)
			}
		}
	}
	return chainPage(v, shown), nil
}

// openChain opens the chain of an exhibit or a kit.
func (s *Site) openChain(v *visit) (templ.Component, error) {
	_, err := v.ask(api.Ask{Op: "openCustody", Body: map[string]any{"exhibit": v.chainOf()}, Key: v.FormValue(keyField)})
	if err != nil {
		return v.again(err, func(p *api.Problem) templ.Component { return chainNewPage(v, p) })
	}
	return v.to(with(v.URL.Path, "done", "openCustody"))
}

// linkText gives the text of the link that waits, byte for byte, because it is signed.
func (v *visit) linkText() error {
	var c chain
	if _, err := v.get("getCustody", v.PathValue("id"), nil, &c); err != nil {
		return err
	}
	if c.Text == "" {
		return errNowhere
	}
	return v.gives("text/plain; charset=utf-8", number(c.ID)+"-link-"+strconv.Itoa(c.Proposal.Number)+".txt", []byte(c.Text))
}

// chainFile gives the chain as a file that anybody can verify.
func (v *visit) chainFile() error {
	answer, err := v.ask(api.Ask{Op: "getCustodyFile", ID: v.PathValue("id")})
	if err != nil {
		return err
	}
	return v.gives("application/json", number(v.PathValue("id"))+"-custody.json", answer.Body)
}

// acts are what can be done to an exhibit next: nothing comes before the collection, and nothing after
// its end.
func (c chainShown) acts(v *visit) (all []link) {
	o := v.contract().Operations["proposeCustodyLink"]
	if !c.May(o.ID) {
		return nil
	}
	for _, act := range o.Body.Property("act").Enum {
		if first := len(c.Links) == 0; first != (act == "collected") || act == "destroyed" && c.Held {
			continue
		}
		query := url.Values{versionField: {c.version}, backField: {v.URL.Path}, "/act": {act}}
		all = append(all, link{Path: sheet{Op: o, ID: c.ID}.Action() + "?" + query.Encode(), Label: v.W.Code("CustodyAct", act)})
	}
	return all
}

// ways are the other commands that the chain takes.
func (c chainShown) ways(v *visit, ops ...string) (all []link) {
	for _, b := range v.buttons("custody", c.Commands, c.ID, c.version) {
		if slices.Contains(ops, b.Op.ID) {
			all = append(all, link{Path: b.Path, Label: b.Label})
		}
	}
	return all
}

// lift is the way to lift one legal hold.
func (c chainShown) lift(v *visit, hold string) (all []link) {
	for _, l := range c.ways(v, "liftExhibitHold") {
		all = append(all, link{Path: with(l.Path, "/hold", hold), Label: l.Label})
	}
	return all
}

// lines are what a link says beside who did it.
func (v *visit) lines(l chainLink) (all []row) {
	add := func(label, text string) {
		if text != "" {
			all = append(all, row{label, text})
		}
	}
	add(v.W.T("custody.seal"), l.Seal)
	if l.SealBroken {
		add(v.pointer("/seal_broken"), v.W.T("yes"))
	}
	if l.Container != "" {
		add(v.pointer("/container"), v.W.Code("Container", l.Container))
	}
	if l.Storage != "" {
		add(v.pointer("/storage"), v.W.Code("Storage", l.Storage))
	}
	add(v.pointer("/note"), l.Note)
	return all
}

// worked is a worker by name, as far as one's own register has it.
func (v *visit) worked(names map[string]string, id string) string {
	if name := names[id]; name != "" {
		return name
	}
	return number(id)
}

// party is who somebody is: a worker with their agency, or a person on paper.
func (v *visit) party(names map[string]string, p party) string {
	switch {
	case p.Worker != "":
		return v.worked(names, p.Worker) + ", " + p.Agency
	case p.Kind != "":
		return v.W.Code("CustodyParty", p.Kind) + ": " + p.Name
	}
	return ""
}

// registered are those who work at the person's agency, by the id of the register.
type registered struct {
	ID      string `json:"worker"`
	Subject string `json:"subject"`
}

func (v *visit) register() ([]registered, error) {
	var page struct {
		Items []registered `json:"items"`
	}
	_, err := v.get("listWorkers", "", url.Values{"limit": {"200"}}, &page)
	return page.Items, err
}

// workerNames are the names of the register; none where it is away, and numbers stand for them. Errors: 401.
func (v *visit) workerNames() (map[string]string, error) {
	all, err := v.register()
	if err != nil {
		return nil, also(err)
	}
	names := map[string]string{}
	for _, w := range all {
		names[w.ID] = w.Subject
	}
	return names, nil
}

// workersByID are the colleagues, where a command names one by the id of the register.
func workersByID(v *visit) (all []form.Option, err error) {
	register, err := v.register()
	for _, w := range register {
		all = append(all, form.Option{Value: w.ID, Label: isolate(w.Subject)})
	}
	return all, err
}

// ownKeys are the public keys of the agency.
func (v *visit) ownKeys() ([]custodyKey, error) {
	var page struct {
		Items []custodyKey `json:"items"`
	}
	_, err := v.get("listCustodyKeys", "", url.Values{"limit": {"200"}}, &page)
	return page.Items, err
}

// keysThere are the keys of the agency that count now, by the name of their worker.
func keysThere(v *visit) (all []form.Option, err error) {
	keys, err := v.ownKeys()
	if err != nil {
		return nil, err
	}
	names, err := v.workerNames()
	for _, k := range keys {
		if k.Holds(v.site.cfg.Clock()) {
			all = append(all, form.Option{Value: k.ID, Label: isolate(v.worked(names, k.Worker) + ", " + number(k.ID))})
		}
	}
	return all, err
}

// givers are the keys with which somebody gives: those of the agency, and that of who has the exhibit.
func givers(v *visit) ([]form.Option, error) {
	all, err := keysThere(v)
	if err != nil {
		return nil, err
	}
	var c chain
	if _, err := v.get("getCustody", v.PathValue("id"), nil, &c); err != nil {
		return nil, err
	}
	if h := c.Holder; h != nil && h.Key != "" && !slices.ContainsFunc(all, func(o form.Option) bool { return o.Value == h.Key }) {
		all = append(all, form.Option{Value: h.Key, Label: isolate(v.party(nil, *h) + ", " + number(h.Key))})
	}
	return all, nil
}

// linkParts are what a link says by its act, beside who did it and when: what it must say, and what it
// may. The service judges whether a broken seal stands in the place of a number.
var linkParts = map[string]struct{ must, may []string }{
	"collected":   {must: []string{"container"}},
	"sealed":      {must: []string{"seal"}, may: []string{"container"}},
	"stored":      {must: []string{"storage"}, may: []string{"seal_broken"}},
	"handed_over": {must: []string{"to"}, may: []string{"seal", "seal_broken"}},
	"received":    {must: []string{"to"}, may: []string{"seal", "seal_broken"}},
	"opened":      {may: []string{"seal", "seal_broken"}},
	"resealed":    {must: []string{"seal"}, may: []string{"container"}},
	"tested":      {must: []string{"note"}},
	"returned":    {must: []string{"to"}, may: []string{"seal", "seal_broken"}},
	"destroyed":   {must: []string{"note"}},
}

// keepsSeal are the acts in which the seal is seen as it was left.
var keepsSeal = []string{"handed_over", "received", "opened", "returned"}

// prefillLink asks only what belongs to the act that the address names, from who has the exhibit now.
func prefillLink(v *visit) (p prefill, err error) {
	p.Values = url.Values{}
	act := v.FormValue("/act")
	says, known := linkParts[act]
	c, err := v.chainBefore(&p)
	if err != nil || !known {
		return p, err
	}
	p.Title, p.Fixed = v.W.Code("CustodyAct", act), []string{"act"}
	for _, name := range []string{"to", "seal", "seal_broken", "container", "storage"} {
		if !slices.Contains(says.must, name) && !slices.Contains(says.may, name) {
			p.Fixed = append(p.Fixed, name)
		}
	}
	for _, name := range says.must {
		p.Must = append(p.Must, "/"+name)
	}
	p.Values.Set("/act", act)
	if slices.Contains(keepsSeal, act) {
		p.Values.Set("/seal", c.Seal)
	}
	if h := c.Holder; h != nil {
		p.Values.Set("/from/key", h.Key)
		if h.Key == "" {
			p.Values.Set("/from/kind", h.Kind)
			p.Values.Set("/from/name", h.Name)
		}
	}
	return p, nil
}

// prefillSignatures has a row for each who signs the link that waits.
func prefillSignatures(v *visit) (p prefill, err error) {
	p.Values = url.Values{}
	c, err := v.chainBefore(&p)
	if c.Proposal != nil {
		for i, key := range c.Proposal.Signers() {
			p.Values.Set("/signatures/"+strconv.Itoa(i)+"/key", key)
		}
	}
	return p, err
}

// chainBefore is the chain for which a form is made. What a person sent is not filled in again.
func (v *visit) chainBefore(p *prefill) (c chain, err error) {
	if v.Method != http.MethodGet {
		return c, nil
	}
	answer, err := v.get("getCustody", v.PathValue("id"), nil, &c)
	p.Version = answer.Version
	return c, err
}

// holdsThere are the legal holds of a chain that stand.
func holdsThere(v *visit) (all []form.Option, err error) {
	var c chain
	_, err = v.get("getCustody", v.PathValue("id"), nil, &c)
	for _, h := range c.Holds {
		if h.Lifted == nil {
			all = append(all, form.Option{Value: h.ID, Label: isolate(h.Name)})
		}
	}
	return all, err
}

func (s *Site) custodyKeys(v *visit) (templ.Component, error) {
	var page struct {
		Items []custodyKey `json:"items"`
	}
	next, err := v.leaf("listCustodyKeys", "", nil, &page)
	if err != nil {
		return nil, err
	}
	names, err := v.workerNames()
	if err != nil {
		return nil, err
	}
	return custodyKeysPage(v, page.Items, names, next), nil
}

// newKeyPath is where a key is registered; empty for who keeps no credentials.
func (v *visit) newKeyPath() string {
	if !anyOf(atWorkers...)(v) {
		return ""
	}
	return "/desk/do/" + v.contract().Operations["registerCustodyKey"].ID + "/" + unnamed + "?" + url.Values{backField: {"/desk/custody-keys"}}.Encode()
}

func (s *Site) custodyKey(v *visit) (templ.Component, error) {
	var k custodyKey
	answer, err := v.get("getCustodyKey", v.PathValue("id"), nil, &k)
	if err != nil {
		return nil, err
	}
	names, err := v.workerNames()
	if err != nil {
		return nil, err
	}
	var buttons []button
	if anyOf(atWorkers...)(v) && k.Agency == v.S.Agency {
		buttons = v.buttons("custody_key", k.Commands, k.ID, answer.Version)
	}
	return custodyKeyPage(v, k, names, buttons), nil
}
