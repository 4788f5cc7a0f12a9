// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include "operations/arena.h"
#include "operations/object.h"
#include "operations/source.h"

#ifndef MFD_HUGETLB
#define MFD_HUGETLB	0x0004U
#endif

/* What cannot be made is not there: mapping it fails. */
static void object_put(enum object object, int fd)
{
	close(object_fd(object));
	if (fd < 0)
		return;
	if (ftruncate(fd, OBJECT_PAGES * PAGE) == 0)
		dup2(fd, object_fd(object));
	close(fd);
}

/* A file of a tmpfs that is mounted nowhere, and goes with it. */
static int object_huge(void)
{
	int context = fsopen("tmpfs", FSOPEN_CLOEXEC);
	int directory, fd;

	fsconfig(context, FSCONFIG_SET_STRING, "huge", "always", 0);
	fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	directory = fsmount(context, FSMOUNT_CLOEXEC, 0);
	fd = openat(directory, ".", O_TMPFILE | O_RDWR, 0600);
	close(directory);
	close(context);
	return fd;
}

void objects_make(void)
{
	object_put(OBJECT_MEMFD, memfd_create("memfd", 0));
	object_put(OBJECT_HUGE, object_huge());
	object_put(OBJECT_HUGETLB, memfd_create("hugetlb", MFD_HUGETLB));
}

SOURCE();
