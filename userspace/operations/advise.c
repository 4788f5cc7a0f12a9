// SPDX-License-Identifier: GPL-2.0-only
/* madvise, for oneself and for others. */
#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "operations/arena.h"
#include "operations/operation.h"
#include "operations/source.h"

/* Newer than the headers of some. */
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ	22
#define MADV_POPULATE_WRITE	23
#endif
#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED	24
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE		25
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#define MADV_GUARD_REMOVE	103
#endif

/* What changes nothing that memory reads as. */
static const struct word advices[] = {
	WORD("cold", MADV_COLD),
	WORD("populate-read", MADV_POPULATE_READ),
	WORD("populate-write", MADV_POPULATE_WRITE),
	WORD("hugepage", MADV_HUGEPAGE),
	WORD("nohugepage", MADV_NOHUGEPAGE),
	WORD("mergeable", MADV_MERGEABLE),
	WORD("unmergeable", MADV_UNMERGEABLE),
	WORD("willneed", MADV_WILLNEED),
	WORD("random", MADV_RANDOM),
	WORD("dontfork", MADV_DONTFORK),
	WORD("dofork", MADV_DOFORK),
	WORD("wipeonfork", MADV_WIPEONFORK),
	WORD("keeponfork", MADV_KEEPONFORK),
	{ }
};

static const struct word discards[] = {
	WORD("dontneed", MADV_DONTNEED),
	WORD("dontneed-locked", MADV_DONTNEED_LOCKED),
	{ }
};

static const struct word guards[] = {
	WORD("install", MADV_GUARD_INSTALL),
	WORD("remove", MADV_GUARD_REMOVE),
	{ }
};

static const struct word advices_to_others[] = {
	WORD("pageout", MADV_PAGEOUT),
	WORD("cold", MADV_COLD),
	WORD("collapse", MADV_COLLAPSE),
	WORD("willneed", MADV_WILLNEED),
	{ }
};

static long advise_range(const long *argument, int advice)
{
	return madvise(at(argument[0]), argument[1] * PAGE, advice) ? -errno : 0;
}

static long advise(const long *argument)
{
	return advise_range(argument, argument[2]);
}

/* Of a table without any entry nothing is made. */
static long collapse(const long *argument)
{
	madvise(at(argument[0]), PAGE, MADV_POPULATE_READ);
	return advise_range(argument, MADV_COLLAPSE);
}

static long page_out(const long *argument)
{
	return advise_range(argument, MADV_PAGEOUT);
}

static long lazily_free(const long *argument)
{
	return advise_range(argument, MADV_FREE);
}

static long punch_mapped(const long *argument)
{
	return advise_range(argument, MADV_REMOVE);
}

static long advise_other(const long *argument)
{
	struct iovec range = {
		.iov_base = at(argument[1]),
		.iov_len = argument[2] * PAGE,
	};
	int pidfd = syscall(SYS_pidfd_open, (pid_t)argument[0], 0);
	long advised;

	if (pidfd < 0)
		return -errno;
	advised = syscall(SYS_process_madvise, pidfd, &range, 1UL,
			  (int)argument[3], 0U);
	advised = advised < 0 ? -errno : advised;
	close(pidfd);
	return advised;
}

OPERATION(madvise) = {
	.name = "madvise",
	.title = "advises what changes no contents",
	.argument = {
		ANY_PAGE("page"), ANY_PAGES("pages"), ONE_OF("advice", advices),
	},
	PERFORM(advise),
	.effect = EFFECT_POPULATE,
	.weight = 24,
};

OPERATION(page_out) = {
	.name = "page-out",
	.title = "has the kernel reclaim pages, MADV_PAGEOUT",
	.argument = { ANY_PAGE("page"), ANY_PAGES("pages") },
	PERFORM(page_out),
	.weight = 16,
};

OPERATION(collapse) = {
	.name = "collapse",
	.title = "makes large pages, MADV_COLLAPSE",
	.argument = { ANY_PAGE("page"), ANY_PAGES("pages") },
	PERFORM(collapse),
	.effect = EFFECT_POPULATE,
	.large = true,
	.weight = 6,
};

OPERATION(discard) = {
	.name = "discard",
	.title = "gives up contents, MADV_DONTNEED",
	.argument = {
		ANY_PAGE("page"), ANY_PAGES("pages"), ONE_OF("advice", discards),
	},
	PERFORM(advise),
	.effect = EFFECT_DISCARD,
	.weight = 10,
};

OPERATION(lazyfree) = {
	.name = "lazyfree",
	.title = "gives up contents when the kernel wants to, MADV_FREE",
	.argument = { ANY_PAGE("page"), ANY_PAGES("pages") },
	PERFORM(lazily_free),
	.effect = EFFECT_FREE,
	.weight = 6,
};

OPERATION(remove) = {
	.name = "remove",
	.title = "punches a hole into what is mapped, MADV_REMOVE",
	.argument = { ANY_PAGE("page"), ANY_PAGES("pages") },
	PERFORM(punch_mapped),
	.effect = EFFECT_OBJECT,
	.weight = 4,
};

OPERATION(guard) = {
	.name = "guard",
	.title = "installs or removes guards, MADV_GUARD_INSTALL",
	.argument = {
		ANY_PAGE("page"), ANY_PAGES("pages"), ONE_OF("advice", guards),
	},
	PERFORM(advise),
	.effect = EFFECT_UNKNOWN,
	.weight = 2,
};

OPERATION(process_madvise) = {
	.name = "process-madvise",
	.title = "advises for another actor",
	.argument = {
		ANOTHER("actor"), ANY_PAGE("page"), ANY_PAGES("pages"),
		ONE_OF("advice", advices_to_others),
	},
	PERFORM(advise_other),
	.weight = 6,
};

SOURCE();
