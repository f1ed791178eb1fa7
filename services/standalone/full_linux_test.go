package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/migrate"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// A full disk is named, wherever it is met, and nothing stays on it.
func TestMigrateMeetsAFullDisk(t *testing.T) {
	onASmallDisk(t, "TestMigrateOnASmallDisk", "MIGRATE_FROM="+unpack(t, "killed"), "MIGRATE_SMALL="+t.TempDir())
}

// onASmallDisk runs a test where it may mount a small disk in memory: in a name
// space of a process of its own.
func onASmallDisk(t *testing.T, test string, env ...string) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$", "-test.v", fmt.Sprint("-test.short=", testing.Short()))
	child.Env = append(os.Environ(), env...)
	child.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	out, err := child.CombinedOutput()
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) || strings.Contains(string(out), "--- SKIP") {
		t.Skip("this machine gives no name space:", err)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestMigrateOnASmallDisk is what TestMigrateMeetsAFullDisk runs.
func TestMigrateOnASmallDisk(t *testing.T) {
	from, disk := os.Getenv("MIGRATE_FROM"), os.Getenv("MIGRATE_SMALL")
	if disk == "" {
		t.Skip("it is for another test")
	}
	full, whole := 0, 0
	for kilobytes := 64; whole == 0; kilobytes += 64 {
		err := syscall.Mount("tmpfs", disk, "tmpfs", 0, fmt.Sprintf("size=%dk", kilobytes))
		if err != nil {
			t.Skip("no disk:", err)
		}
		err = migrated(t.Context(), settings{data: filepath.Join(disk, "var")}, []string{from}, io.Discard)
		switch left := names(t, disk); {
		case err == nil:
			whole++
		case !errors.Is(err, migrate.ErrFull) || left != nil:
			t.Errorf("%d kB: %v, and there is %v", kilobytes, err, left)
		default:
			full++
		}
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Fatal(err)
		}
	}
	if full < 5 {
		t.Errorf("the disk was full %d times", full)
	}
}

// A first start that meets a full disk leaves no half of a key: what it made is
// whole, and the next start, with room, makes the rest.
func TestFirstStartMeetsAFullDisk(t *testing.T) {
	onASmallDisk(t, "TestFirstStartOnASmallDisk", "START_SMALL="+t.TempDir())
}

// TestFirstStartOnASmallDisk is what TestFirstStartMeetsAFullDisk runs.
func TestFirstStartOnASmallDisk(t *testing.T) {
	disk := os.Getenv("START_SMALL")
	if disk == "" {
		t.Skip("it is for another test")
	}
	page, full, started := os.Getpagesize(), 0, false
	every := 2
	if testing.Short() {
		every = 3 // each is two starts
	}
	for pages := 0; !started; pages += every {
		const all = 256
		if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, fmt.Sprintf("size=%d", all*page)); err != nil {
			t.Skip("no disk:", err)
		}
		filler := filepath.Join(disk, "filler")
		if err := os.WriteFile(filler, make([]byte, (all-pages)*page), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg := network.Config{Dir: filepath.Join(t.TempDir(), "var"), Keys: filepath.Join(disk, "keys")}
		if err := start(t, cfg); err == nil {
			started = true
		} else {
			full++
			wholeKeys(t, cfg.Keys)
			if err := os.Remove(filler); err != nil {
				t.Fatal(err)
			}
			if err := start(t, cfg); err != nil {
				t.Errorf("%d pages, then room: %v", pages, err)
			}
		}
		wholeKeys(t, cfg.Keys)
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Fatal(err)
		}
	}
	if full < 5 {
		t.Errorf("the disk was full %d times", full)
	}
}

// wholeKeys holds that nothing among the keys is empty, or left of an attempt.
func wholeKeys(t *testing.T, keys string) {
	t.Helper()
	err := filepath.WalkDir(keys, func(path string, entry os.DirEntry, err error) error {
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil && (info.Size() == 0 || strings.HasPrefix(entry.Name(), ".")) {
			t.Errorf("%s is there with %d bytes", path, info.Size())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
