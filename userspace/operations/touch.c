// SPDX-License-Identifier: GPL-2.0-only
/* The CPU's own loads and stores; each page is touched in its first word. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "operations/actor.h"
#include "operations/arena.h"
#include "operations/operation.h"
#include "operations/source.h"

#define STRIDE_MAX	513

static sigjmp_buf touch_failed;

static void touch_escape(int signal)
{
	siglongjmp(touch_failed, 1);
}

/* Pages that may not be touched end it. */
static void touch_guard(void)
{
	struct sigaction action = { .sa_handler = touch_escape };

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

static volatile uint64_t *touch_word(long page)
{
	return (volatile uint64_t *)at(page);
}

/* Returns how many pages it has written. */
static long write_pages(const long *argument)
{
	long page = argument[0], pages = argument[1], stride = argument[2];
	uint64_t value = argument[3];
	volatile long i;

	touch_guard();
	i = 0;
	if (sigsetjmp(touch_failed, 1))
		return i ? i : -EFAULT;
	for (; i < pages; i++)
		*touch_word(page + i * stride) = value + i;
	return i;
}

/* Returns how many pages it has read, and what they had. */
static long read_pages(const long *argument)
{
	long page = argument[0], pages = argument[1], stride = argument[2];
	volatile long i;

	touch_guard();
	i = 0;
	if (sigsetjmp(touch_failed, 1)) {
		actor_answer.nr_words = i;
		return i ? i : -EFAULT;
	}
	for (; i < pages && i < WORDS_MAX; i++)
		actor_answer.word[i] = *touch_word(page + i * stride);
	actor_answer.nr_words = i;
	return i;
}

OPERATION(write) = {
	.name = "write",
	.title = "stores to pages",
	.argument = {
		ANY_PAGE("page"), ANY_PAGES("pages"),
		UP_TO("stride", STRIDE_MAX), UP_TO("value", 1L << 40),
	},
	PERFORM(write_pages),
	.effect = EFFECT_WRITE,
	.weight = 30,
};

OPERATION(read) = {
	.name = "read",
	.title = "loads from pages",
	.argument = {
		ANY_PAGE("page"), ANY_PAGES("pages"),
		UP_TO("stride", STRIDE_MAX),
	},
	PERFORM(read_pages),
	.effect = EFFECT_READ,
	.weight = 14,
};

SOURCE();
