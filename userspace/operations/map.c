// SPDX-License-Identifier: GPL-2.0-only
/* Areas: mmap, munmap, mprotect, mremap, mlock. */
#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operations/arena.h"
#include "operations/object.h"
#include "operations/operation.h"
#include "operations/source.h"

static const struct word objects[] = {
	WORD("memfd", OBJECT_MEMFD),
	WORD("huge", OBJECT_HUGE),
	WORD("hugetlb", OBJECT_HUGETLB),
	{ }
};

static const struct word sharing[] = {
	WORD("private", MAP_PRIVATE),
	WORD("shared", MAP_SHARED),
	{ }
};

static const struct word protections[] = {
	WORD("rw", PROT_READ | PROT_WRITE),
	WORD("r", PROT_READ),
	WORD("none", PROT_NONE),
	WORD("rx", PROT_READ | PROT_EXEC),
	{ }
};

static const struct word map_flags[] = {
	WORD("populate", MAP_POPULATE),
	WORD("noreserve", MAP_NORESERVE),
	WORD("locked", MAP_LOCKED),
	WORD("noreplace", MAP_FIXED_NOREPLACE),
	{ }
};

static const struct word lock_flags[] = {
	WORD("onfault", MLOCK_ONFAULT),
	{ }
};

static const struct word remap_flags[] = {
	WORD("dontunmap", MREMAP_DONTUNMAP),
	{ }
};

static long map_anonymous(const long *argument)
{
	void *mapped = mmap(at(argument[0]), argument[1] * PAGE, argument[3],
			    MAP_FIXED | MAP_ANONYMOUS | argument[2] | argument[4],
			    -1, 0);

	return mapped == MAP_FAILED ? -errno : 0;
}

static long map_hugetlb(const long *argument)
{
	void *mapped = mmap(at(argument[0]), argument[1] * PAGE, argument[3],
			    MAP_FIXED | MAP_ANONYMOUS | MAP_HUGETLB | argument[2] |
			    argument[4], -1, 0);

	return mapped == MAP_FAILED ? -errno : 0;
}

static long map_object(const long *argument)
{
	void *mapped = mmap(at(argument[0]), argument[1] * PAGE, argument[3],
			    MAP_FIXED | argument[2] | argument[4],
			    object_fd(argument[5]), argument[6] * PAGE);

	return mapped == MAP_FAILED ? -errno : 0;
}

/*
 * Page tables of hugetlbfs are shared by those who map all that a table of tables
 * has, of the same object. More of the object than it had is never touched.
 */
static long map_gigabyte(const long *argument)
{
	void *mapped = mmap(at(ARENA_TOP), GIGABYTE * PAGE, argument[0],
			    MAP_FIXED | MAP_SHARED | MAP_NORESERVE,
			    object_fd(OBJECT_HUGETLB), 0);

	return mapped == MAP_FAILED ? -errno : 0;
}

static long unmap(const long *argument)
{
	return munmap(at(argument[0]), argument[1] * PAGE) ? -errno : 0;
}

static long protect(const long *argument)
{
	return mprotect(at(argument[0]), argument[1] * PAGE, argument[2]) ?
	       -errno : 0;
}

static long move_to(const long *argument)
{
	void *moved = mremap(at(argument[0]), argument[1] * PAGE,
			     argument[3] * PAGE,
			     MREMAP_MAYMOVE | MREMAP_FIXED | argument[4],
			     at(argument[2]));

	return moved == MAP_FAILED ? -errno : 0;
}

static long resize(const long *argument)
{
	void *moved = mremap(at(argument[0]), argument[1] * PAGE,
			     argument[2] * PAGE, 0);

	return moved == MAP_FAILED ? -errno : 0;
}

static long lock(const long *argument)
{
	return syscall(SYS_mlock2, at(argument[0]), argument[1] * PAGE,
		       argument[2]) ? -errno : 0;
}

static long unlock(const long *argument)
{
	return munlock(at(argument[0]), argument[1] * PAGE) ? -errno : 0;
}

OPERATION(mmap) = {
	.name = "mmap",
	.title = "maps anonymous memory, over whatever is there",
	.argument = {
		ANY_PAGE("page"), ANY_PAGES("pages"), ONE_OF("sharing", sharing),
		ONE_OF("protection", protections), ANY_OF("flags", map_flags),
	},
	PERFORM(map_anonymous),
	.effect = EFFECT_MAP,
	.weight = 20,
};

OPERATION(mmap_hugetlb) = {
	.name = "mmap-hugetlb",
	.title = "maps anonymous hugetlbfs pages, over whatever is there",
	.argument = {
		ANY_PAGE("page"), ANY_PAGES("pages"), ONE_OF("sharing", sharing),
		ONE_OF("protection", protections), ANY_OF("flags", map_flags),
	},
	PERFORM(map_hugetlb),
	.effect = EFFECT_MAP,
	.large = true,
	.weight = 3,
};

OPERATION(mmap_object) = {
	.name = "mmap-object",
	.title = "maps an object, over whatever is there",
	.argument = {
		ANY_PAGE("page"), ANY_PAGES("pages"), ONE_OF("sharing", sharing),
		ONE_OF("protection", protections), ANY_OF("flags", map_flags),
		ONE_OF("object", objects), UP_TO("offset", OBJECT_PAGES - 1),
	},
	PERFORM(map_object),
	.effect = EFFECT_MAP,
	.weight = 12,
};

OPERATION(mmap_gigabyte) = {
	.name = "mmap-gigabyte",
	.title = "maps hugetlbfs so that page tables can be shared, from the middle on",
	.argument = { ONE_OF("protection", protections) },
	PERFORM(map_gigabyte),
	.effect = EFFECT_MAP_GIGABYTE,
	.weight = 8,
};

OPERATION(munmap) = {
	.name = "munmap",
	.title = "unmaps",
	.argument = { ANY_PAGE("page"), ANY_PAGES("pages") },
	PERFORM(unmap),
	.effect = EFFECT_UNMAP,
	.weight = 8,
};

OPERATION(mprotect) = {
	.name = "mprotect",
	.title = "changes what is allowed",
	.argument = {
		ANY_PAGE("page"), ANY_PAGES("pages"),
		ONE_OF("protection", protections),
	},
	PERFORM(protect),
	.weight = 12,
};

OPERATION(mremap) = {
	.name = "mremap",
	.title = "moves memory to a place, over whatever is there",
	.argument = {
		ANY_PAGE("page"), ANY_PAGES("pages"), ANY_PAGE("to"),
		ANY_PAGES("size"), ANY_OF("flags", remap_flags),
	},
	PERFORM(move_to),
	.effect = EFFECT_MOVE,
	.weight = 10,
};

OPERATION(resize) = {
	.name = "mremap-resize",
	.title = "makes an area larger or smaller, where it is",
	.argument = { ANY_PAGE("page"), ANY_PAGES("pages"), ANY_PAGES("size") },
	PERFORM(resize),
	.effect = EFFECT_RESIZE,
	.weight = 3,
};

OPERATION(mlock) = {
	.name = "mlock",
	.title = "locks memory",
	.argument = {
		ANY_PAGE("page"), ANY_PAGES("pages"), ANY_OF("flags", lock_flags),
	},
	PERFORM(lock),
	.effect = EFFECT_POPULATE,
	.weight = 2,
};

OPERATION(munlock) = {
	.name = "munlock",
	.title = "unlocks it",
	.argument = { ANY_PAGE("page"), ANY_PAGES("pages") },
	PERFORM(unlock),
	.weight = 2,
};

SOURCE();
