package embedded

import "time"

// NATSLook makes the watch look, and rest, for so long.
func NATSLook(every, rest time.Duration) NATSOption {
	return func(s *NATSServer) error {
		s.look.every, s.look.rest = every, rest
		return nil
	}
}
