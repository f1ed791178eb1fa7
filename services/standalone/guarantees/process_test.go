package guarantees_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"

	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// built are the commands that tests run, each compiled once. TestMain makes the folder, and
// takes it away.
var built struct {
	mu    sync.Mutex
	dir   string
	paths map[string]string
}

func TestMain(m *testing.M) {
	var err error
	if built.dir, err = os.MkdirTemp("", "sanad-guarantees-"); err != nil {
		panic(err)
	}
	built.paths = map[string]string{}
	code := m.Run()
	_ = os.RemoveAll(built.dir)
	os.Exit(code)
}

// build compiles a command of the project and gives its path.
func build(t testing.TB, pkg string) string {
	t.Helper()
	built.mu.Lock()
	defer built.mu.Unlock()
	if path, done := built.paths[pkg]; done {
		return path
	}
	path := filepath.Join(built.dir, filepath.Base(pkg))
	out, err := exec.CommandContext(t.Context(), "go", "build", "-ldflags=-s -w", "-o", path, pkg).CombinedOutput()
	if err != nil {
		t.Fatalf("build %s: %v\n%s", pkg, err, out)
	}
	built.paths[pkg] = path
	return path
}

// freeAddr is an address that nobody listens at, and that stays free while what
// listened there is restarted: it is below the ports that systems give to those
// who call others.
func freeAddr(t testing.TB) string {
	t.Helper()
	for range 100 {
		addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(10_000+rand.IntN(20_000)))
		if l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", addr); err == nil {
			_ = l.Close()
			return addr
		}
	}
	t.Fatal("no port is free")
	return ""
}

// busAt is the bus of an office in another process.
func busAt(dir, addr string) network.Bus {
	seeds, guests := network.BusKeys(network.KeysDir(dir))
	return network.Bus{URL: "nats://" + addr, Seeds: seeds, Guests: guests}
}

// process is a command of the project that runs on its own.
type process struct {
	t    testing.TB
	cmd  *exec.Cmd
	out  lines
	done chan error
}

// spawn starts a process and waits until its admin address says that it is
// ready.
func spawn(ctx context.Context, t testing.TB, path, admin string, env []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.CommandContext(ctx, path, args...), done: make(chan error, 1)}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.done <- p.cmd.Wait() }()
	patience.Until(t, filepath.Base(path)+" is ready", func() bool {
		select {
		case err := <-p.done:
			t.Fatalf("%s ended: %v\n%s", path, err, p.out.all())
		default:
		}
		a, err := office.Desk{Base: "http://" + admin, HTTP: looking}.Do(ctx, http.MethodGet, "/readyz", nil, nil)
		return err == nil && a.Status == http.StatusOK
	}, p.said)
	return p
}

// said is the mark of a process that starts: how much it has logged. Its end
// says what it was at.
func (p *process) said() string {
	out := p.out.all()
	return fmt.Sprintf("%d bytes logged, the last of them %s", len(out), out[max(0, len(out)-300):])
}

// kill ends the process as a power cut would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// end asks the process to stop in order, which it must do with exit code 0.
func (p *process) end() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Error(err)
	}
	if err := <-p.done; err != nil {
		p.t.Errorf("stopped with %v:\n%s", err, p.out.all())
	}
}
