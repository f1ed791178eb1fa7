package service

import (
	"errors"
	"net"
	"strings"
	"testing"
)

// An address that something else has is named with its setting, and what was
// opened before it is closed again.
func TestListen(t *testing.T) {
	other, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	taken := other.Addr().String()
	for setting, cfg := range map[string]Config{
		"SANAD_HTTP_ADDR":  {HTTPAddr: taken, AdminAddr: "127.0.0.1:0"},
		"SANAD_ADMIN_ADDR": {HTTPAddr: "127.0.0.1:0", AdminAddr: taken},
	} {
		l, err := Listen(t.Context(), cfg)
		if !errors.Is(err, ErrTaken) || !strings.Contains(err.Error(), taken) || !strings.Contains(err.Error(), "set "+setting+" to another address") {
			t.Errorf("%s: it says %v", setting, err)
		}
		if l != (Listeners{}) {
			t.Errorf("%s: %v is open", setting, l)
		}
	}
	for _, addr := range []string{"nowhere", "127.0.0.1:x"} {
		if _, err := ListenOn(t.Context(), "SANAD_HTTP_ADDR", addr); err == nil || errors.Is(err, ErrTaken) || !strings.Contains(err.Error(), "SANAD_HTTP_ADDR") {
			t.Errorf("%s: %v", addr, err)
		}
	}
	l, err := Listen(t.Context(), Config{HTTPAddr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	again := Config{HTTPAddr: l.API.Addr().String(), AdminAddr: "127.0.0.1:0"}
	l.Close()
	if l, err = Listen(t.Context(), again); err != nil {
		t.Errorf("what was closed is open: %v", err)
	}
	l.Close()
}
