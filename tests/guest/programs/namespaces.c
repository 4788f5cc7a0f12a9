// SPDX-License-Identifier: GPL-2.0-only
/*
 * Containers that come and go: each child has its own user, PID, mount, network
 * and IPC namespaces, mounts a tmpfs, maps a file of it, shares it with a child of
 * its own, truncates it, and unmounts it while it is mapped.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "program.h"

#define PAGES	128

static void put(const char *path, const char *value)
{
	int file = open(path, O_WRONLY);

	if (file < 0 || write(file, value, strlen(value)) < 0 || close(file))
		fail(path);
}

static int contained(void *unused)
{
	char *memory;
	size_t i;
	int file;

	put("/proc/self/setgroups", "deny");
	put("/proc/self/uid_map", "0 0 1");
	put("/proc/self/gid_map", "0 0 1");
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "/tmp", "tmpfs", 0, NULL))
		fail("mount");
	file = open("/tmp/file", O_RDWR | O_CREAT, 0600);
	if (file < 0 || ftruncate(file, PAGES * PAGE))
		fail("file");
	memory = map(PAGES * PAGE, MAP_SHARED, file);
	for (i = 0; i < PAGES; i++)
		*word_of(memory, i) = i;
	if (fork() == 0) {
		for (i = 0; i < PAGES; i++)
			*word_of(memory, i) += 1;
		_exit(0);
	}
	wait(NULL);
	for (i = 0; i < PAGES; i++)
		check_word("the child's", memory, i, i + 1);
	if (ftruncate(file, PAGES / 2 * PAGE))
		fail("ftruncate");
	umount2("/tmp", MNT_DETACH);
	for (i = 0; i < PAGES / 2; i++)
		check_word("unmounted", memory, i, i + 1);
	return 0;
}

int main(int argc, char **argv)
{
	int flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC |
		    SIGCHLD;
	char *stack = map_anonymous(MEGA);
	int status;
	pid_t child;

	program_begin(argc, argv);
	while (time_left()) {
		child = clone(contained, stack + MEGA, flags, NULL);
		if (child < 0)
			lacking("clone");
		if (waitpid(child, &status, 0) != child || status != 0)
			fail("the container");
	}
	return 0;
}
