// SPDX-License-Identifier: GPL-2.0-only
/* What is done to objects, and to memory, without mapping them. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "operations/arena.h"
#include "operations/object.h"
#include "operations/operation.h"
#include "operations/source.h"

static const struct word file_objects[] = {
	WORD("memfd", OBJECT_MEMFD),
	WORD("huge", OBJECT_HUGE),
	WORD("hugetlb", OBJECT_HUGETLB),
	{ }
};

static long punch(const long *argument)
{
	return fallocate(object_fd(argument[0]),
			 FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			 argument[1] * PAGE, argument[2] * PAGE) ? -errno : 0;
}

/* Its size is the same again afterwards. */
static long truncate_object(const long *argument)
{
	if (ftruncate(object_fd(argument[0]), argument[1] * PAGE))
		return -errno;
	return ftruncate(object_fd(argument[0]), OBJECT_PAGES * PAGE) ? -errno : 0;
}

static long write_object(const long *argument)
{
	uint64_t value = argument[2];

	return pwrite(object_fd(argument[0]), &value, sizeof(value),
		      argument[1] * PAGE) < 0 ? -errno : 0;
}

static long sync_memory(const long *argument)
{
	return msync(at(argument[0]), argument[1] * PAGE, MS_SYNC) ? -errno : 0;
}

/* As debuggers do, also to memory that may not be written. Returns how many. */
static long write_other(const long *argument)
{
	uint64_t value = argument[3];
	char path[32];
	long i, err = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/mem", argument[0]);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	for (i = 0; i < argument[2] && !err; i++, value++) {
		if (pwrite(fd, &value, sizeof(value),
			   (off_t)at(argument[1] + i)) != sizeof(value))
			err = -errno;
	}
	close(fd);
	return err && i == 1 ? err : err ? i - 1 : i;
}

OPERATION(punch) = {
	.name = "punch",
	.title = "punches a hole into an object",
	.argument = {
		ONE_OF("object", file_objects),
		UP_TO("offset", OBJECT_PAGES - 1), ANY_PAGES("length"),
	},
	PERFORM(punch),
	.effect = EFFECT_OBJECT,
	.weight = 5,
};

OPERATION(truncate) = {
	.name = "truncate",
	.title = "cuts an object off, and makes it as long as it was",
	.argument = {
		ONE_OF("object", file_objects),
		UP_TO("offset", OBJECT_PAGES - 1),
	},
	PERFORM(truncate_object),
	.effect = EFFECT_OBJECT,
	.weight = 3,
};

OPERATION(write_object) = {
	.name = "write-object",
	.title = "writes to an object by a system call",
	.argument = {
		ONE_OF("object", file_objects),
		UP_TO("offset", OBJECT_PAGES - 1), UP_TO("value", 1L << 40),
	},
	PERFORM(write_object),
	.effect = EFFECT_OBJECT,
	.weight = 2,
};

OPERATION(msync) = {
	.name = "msync",
	.title = "writes back what is mapped",
	.argument = { ANY_PAGE("page"), ANY_PAGES("pages") },
	PERFORM(sync_memory),
	.weight = 3,
};

OPERATION(write_other) = {
	.name = "write-other",
	.title = "writes to another actor's memory, by /proc/PID/mem",
	.argument = {
		ANOTHER("actor"), ANY_PAGE("page"), ANY_PAGES("pages"),
		UP_TO("value", 1L << 40),
	},
	PERFORM(write_other),
	.effect = EFFECT_WRITE_OTHER,
	.weight = 8,
};

SOURCE();
