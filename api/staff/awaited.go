package staff

// Awaited says that something waits on the list of a worker, and that somebody of the agency must
// look, though none of them has a page open: a date is near, a duty is late, an answer was not given.
// What it is stands on the list alone. It names no case and no worker.
type Awaited struct {
	Agency string `json:"agency"`
}
