// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mounts that are attached nowhere: only who holds them open sees them, and the
 * last close unmounts. A loop device that clears itself then goes, too.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filesystem.h"
#include "scenario.h"

#define EXT4_BYTES	(32UL << 20)

/* Another process may take the loop device that was found free. */
#define TRIES		20

#define DEVICE_PATH_MAX	32

static int open_file_system(struct run *run, const char *type)
{
	int context = fsopen(type, FSOPEN_CLOEXEC);

	if (context < 0)
		run_skip(run, "cannot mount %s: %s; needs a kernel that has it, Linux 5.2 or newer",
			 type, strerror(errno));
	return context;
}

static void set_option(struct run *run, int context, const char *key,
		       const char *value)
{
	if (fsconfig(context, FSCONFIG_SET_STRING, key, value, 0))
		run_skip(run, "this kernel mounts nothing with %s=%s: %s", key,
			 value, strerror(errno));
}

static int mount_nowhere(struct run *run, int context)
{
	int directory;

	if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		run_broken(run, "fsconfig: %s", strerror(errno));
	directory = fsmount(context, FSMOUNT_CLOEXEC, 0);
	if (directory < 0)
		run_broken(run, "fsmount: %s", strerror(errno));
	close(context);
	return directory;
}

/**
 * mount_tmpfs() - a tmpfs of the run's own
 * @run: the run; skipped where the kernel has no huge pages for it
 * @huge: "always", "advise" or "never"
 */
int mount_tmpfs(struct run *run, const char *huge)
{
	int context = open_file_system(run, "tmpfs");

	/* A kernel that does not know the option gives none. */
	if (strcmp(huge, "never") != 0)
		set_option(run, context, "huge", huge);
	else
		fsconfig(context, FSCONFIG_SET_STRING, "huge", huge, 0);
	return mount_nowhere(run, context);
}

static void make_ext4(struct run *run, int image)
{
	static char * const arguments[] = {
		"mkfs.ext4", "-q", "-F", "-b", "4096", "-O", "^has_journal",
		"-E", "lazy_itable_init=0", "/proc/self/fd/3", NULL
	};
	static char * const environment[] = {
		"PATH=/usr/sbin:/sbin:/usr/bin:/bin", NULL
	};
	posix_spawn_file_actions_t actions;
	int status, err;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, image, 3);
	err = posix_spawnp(&pid, arguments[0], &actions, NULL, arguments,
			   environment);
	posix_spawn_file_actions_destroy(&actions);
	if (err)
		run_skip(run, "cannot run mkfs.ext4: %s; install e2fsprogs",
			 strerror(err));
	if (waitpid(pid, &status, 0) != pid || status)
		run_skip(run, "mkfs.ext4 failed (status 0x%x); install e2fsprogs",
			 status);
}

static int free_loop_device(struct run *run, char path[DEVICE_PATH_MAX])
{
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	int number, device;

	if (control < 0)
		run_skip(run, "no loop devices (/dev/loop-control: %s); run: modprobe loop",
			 strerror(errno));
	number = ioctl(control, LOOP_CTL_GET_FREE);
	close(control);
	if (number < 0)
		run_skip(run, "no free loop device: %s", strerror(errno));
	snprintf(path, DEVICE_PATH_MAX, "/dev/loop%d", number);
	device = open(path, O_RDWR | O_CLOEXEC);
	if (device < 0)
		run_skip(run, "%s: %s", path, strerror(errno));
	return device;
}

/* It goes when the last who uses it does. */
static int attach_loop_device(struct run *run, int image, char path[DEVICE_PATH_MAX])
{
	struct loop_config config = {
		.fd = image,
		.info.lo_flags = LO_FLAGS_AUTOCLEAR,
	};
	int i, device;

	for (i = 0; i < TRIES; i++) {
		device = free_loop_device(run, path);
		if (ioctl(device, LOOP_CONFIGURE, &config) == 0)
			return device;
		if (errno != EBUSY)
			break;
		close(device);
	}
	run_skip(run, "cannot set up %s: %s; needs Linux 5.8 or newer", path,
		 strerror(errno));
}

/**
 * mount_ext4() - an ext4 of the run's own, in memory
 * @run: the run; skipped where there is no ext4 or no loop device
 */
int mount_ext4(struct run *run)
{
	int image = memfd_create("devtlb-ext4", MFD_CLOEXEC);
	int context = open_file_system(run, "ext4");
	char path[DEVICE_PATH_MAX];
	int device, directory;

	if (image < 0)
		run_broken(run, "memfd_create: %s", strerror(errno));
	set_file_size(run, image, EXT4_BYTES);
	make_ext4(run, image);
	device = attach_loop_device(run, image, path);
	set_option(run, context, "source", path);
	directory = mount_nowhere(run, context);
	close(device);
	close(image);
	return directory;
}

/**
 * create_file() - an empty file that nobody else can open
 * @run: the run
 * @directory: from mount_tmpfs() or mount_ext4()
 * @bytes: its size
 */
int create_file(struct run *run, int directory, size_t bytes)
{
	int file = openat(directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0700);

	if (file < 0)
		run_broken(run, "create a file: %s", strerror(errno));
	set_file_size(run, file, bytes);
	return file;
}

void set_file_size(struct run *run, int file, size_t bytes)
{
	if (ftruncate(file, bytes))
		run_broken(run, "ftruncate: %s", strerror(errno));
}

static void *map(struct run *run, void *at, int file, size_t bytes, int flags)
{
	at = mmap(at, bytes, PROT_READ | PROT_WRITE, flags, file, 0);
	if (at == MAP_FAILED)
		run_broken(run, "mmap of a file: %s", strerror(errno));
	return at;
}

void *map_file(struct run *run, int file, size_t bytes, int flags)
{
	return map(run, NULL, file, bytes, flags);
}

void *map_file_aligned(struct run *run, int file, size_t bytes, int flags)
{
	void *at = reserve_aligned(run, bytes, LARGE_PAGE);

	return map(run, at, file, bytes, flags | MAP_FIXED);
}
