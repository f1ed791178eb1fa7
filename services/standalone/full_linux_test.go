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
)

// A full disk is named, wherever it is met, and nothing stays on it. The disk
// is a small one in memory, in a name space of a process of its own.
func TestMigrateMeetsAFullDisk(t *testing.T) {
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMigrateOnASmallDisk$", "-test.v")
	child.Env = append(os.Environ(), "MIGRATE_FROM="+unpack(t, "killed"), "MIGRATE_SMALL="+t.TempDir())
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
