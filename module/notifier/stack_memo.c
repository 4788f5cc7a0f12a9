// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memos of stacks: recognise the running stack without unwinding it.
 *
 * Unwinding costs a callback more than all the rest. But calls come through the
 * same functions again and again. Where the innermost return address is, is
 * known: next to the frame of whoever asks. Each says which call in which
 * function it returns to; a function has a frame of fixed size there, and so it
 * says where the next one is, outwards. So stacks that were unwound are
 * remembered as a tree of return addresses and the distances between them, and
 * the running one is recognised by following it.
 *
 * The outermost return address has its place from the top of the stack. Below it,
 * in the frame of what all system calls go through, is a gap of random size
 * (randomize_kstack_offset): counted from there, the same stack would be another
 * one each time.
 *
 * Could another stack have the same words there? Only past a frame that has no
 * fixed size: the word at the distance that was remembered may be a stale one, and
 * just the one. Then a notification counts for another site: a finding names the
 * wrong one as the last that told, and a mutant of one site meets one of another.
 * Whether there is a breach does not depend on it. So one recognition in
 * CHECK_EVERY is checked by unwinding (site.c), and a memo that was ever wrong is
 * not used again.
 *
 * Memos are only ever added. One is published after all that it says (release, paired
 * with the acquire in memo_follow()).
 */
#include <linux/compiler.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "device/notification.h"
#include "notifier/stack_memo.h"

/* Fewer in a test's build. */
#ifndef MEMOS_MAX
#define MEMOS_MAX	8192
#endif
#define CHECK_EVERY	1024

/* Protects additions. */
static DEFINE_RAW_SPINLOCK(memos_lock);
static struct devtlb_stack_memo *memos;
/* The first is the root: inside of the innermost return address. */
static unsigned int nr_memos;

/**
 * struct stack_walk - a way outwards on the running stack
 * @stack: from the frame of whoever asks
 * @words: how many there are
 * @at: how far it came
 */
struct stack_walk {
	const unsigned long *stack;
	unsigned long words;
	unsigned long at;
};

static bool stack_walk_begin(struct stack_walk *walk, unsigned long sp)
{
	unsigned long base = (unsigned long)task_stack_page(current);

	/* Not on another stack. */
	if (sp < base || sp >= base + THREAD_SIZE)
		return false;
	*walk = (struct stack_walk) {
		.stack = (const unsigned long *)sp,
		.words = (base + THREAD_SIZE - sp) / sizeof(unsigned long),
	};
	return true;
}

static unsigned long place_of(const struct devtlb_stack_memo *memo,
			      const struct stack_walk *walk)
{
	return memo->outermost ? walk->words - memo->distance
			       : walk->at + memo->distance;
}

/* Is it next on the stack? Then the walk goes there. */
static bool memo_matches(const struct devtlb_stack_memo *memo,
			 struct stack_walk *walk)
{
	unsigned long place = place_of(memo, walk);

	if (place < walk->at || place >= walk->words ||
	    READ_ONCE_NOCHECK(walk->stack[place]) != memo->frame)
		return false;
	walk->at = place + 1;
	return true;
}

/* What is remembered next outwards of @memo, and is there; or NULL. */
static struct devtlb_stack_memo *memo_follow(struct devtlb_stack_memo *memo,
					     struct stack_walk *walk)
{
	/* Pairs with the release in memo_add(). */
	struct devtlb_stack_memo *outer = smp_load_acquire(&memo->outer);

	while (outer && !memo_matches(outer, walk))
		outer = outer->next;
	return outer;
}

/**
 * devtlb_stack_recall() - is the running stack one that was memorized?
 * @sp: of the caller's frame
 *
 * Context: any; takes no lock.
 * Return: the memo, or NULL.
 */
struct devtlb_stack_memo *devtlb_stack_recall(unsigned long sp)
{
	struct devtlb_stack_memo *memo = NULL, *outer = &memos[0];
	struct stack_walk walk;

	if (!stack_walk_begin(&walk, sp))
		return NULL;
	for (; outer; outer = memo_follow(memo, &walk))
		memo = outer;
	return READ_ONCE(memo->site) == DEVTLB_NO_SITE ? NULL : memo;
}

/**
 * devtlb_stack_memo_is_due() - should this recognition be checked?
 * @memo: was just recalled
 *
 * Return: true once in a while.
 */
bool devtlb_stack_memo_is_due(struct devtlb_stack_memo *memo)
{
	unsigned long hits = READ_ONCE(memo->hits) + 1;

	/* A count that is lost does not matter. */
	WRITE_ONCE(memo->hits, hits);
	return hits % CHECK_EVERY == 0;
}

/**
 * devtlb_stack_memo_forget() - a memo was wrong
 * @memo: will not be recalled any more
 */
void devtlb_stack_memo_forget(struct devtlb_stack_memo *memo)
{
	WRITE_ONCE(memo->site, DEVTLB_NO_SITE);
}

static bool find_on_stack(struct stack_walk *walk, unsigned long frame)
{
	unsigned long at = walk->at;

	while (at < walk->words && READ_ONCE_NOCHECK(walk->stack[at]) != frame)
		at++;
	if (at == walk->words)
		return false;
	walk->at = at + 1;
	return true;
}

/* The way from @inner to @frame, which the walk goes; NULL if it is not there. */
static struct devtlb_stack_memo *memo_add(struct devtlb_stack_memo *inner,
					  struct stack_walk *walk,
					  unsigned long frame, bool outermost,
					  u16 site)
{
	struct devtlb_stack_memo *memo = &memos[nr_memos];
	unsigned long from = walk->at;

	if (nr_memos == MEMOS_MAX || !find_on_stack(walk, frame))
		return NULL;
	*memo = (struct devtlb_stack_memo) {
		.frame = frame,
		.distance = outermost ? walk->words - (walk->at - 1)
				      : walk->at - 1 - from,
		.outermost = outermost,
		.site = site,
		.next = inner->outer,
	};
	nr_memos++;
	/* Pairs with the acquire in memo_follow(). */
	smp_store_release(&inner->outer, memo);
	return memo;
}

/* As memo_follow(), where the next return address is known. */
static struct devtlb_stack_memo *memo_find(struct devtlb_stack_memo *inner,
					   struct stack_walk *walk,
					   unsigned long frame)
{
	struct devtlb_stack_memo *memo = inner->outer;

	while (memo && !(memo->frame == frame && memo_matches(memo, walk)))
		memo = memo->next;
	return memo;
}

/**
 * devtlb_stack_memorize() - remember the running stack
 * @sp: of the caller's frame; devtlb_stack_recall() knew nothing of it
 * @frame: its return addresses, innermost first
 * @nr: how many
 * @complete: the last one is the outermost
 * @site: what it is
 *
 * Context: any.
 */
void devtlb_stack_memorize(unsigned long sp, const unsigned long *frame,
			   unsigned int nr, bool complete, u16 site)
{
	struct devtlb_stack_memo *memo = &memos[0];
	struct stack_walk walk;
	unsigned long flags;
	unsigned int i = 0;

	if (!stack_walk_begin(&walk, sp))
		return;
	/* The first ones may be below @sp: those of the unwinding itself. */
	while (i < nr && !find_on_stack(&walk, frame[i]))
		i++;
	walk.at = 0;

	raw_spin_lock_irqsave(&memos_lock, flags);
	for (; memo && i < nr; i++) {
		bool last = i == nr - 1;

		memo = memo_find(memo, &walk, frame[i]) ? :
		       memo_add(memo, &walk, frame[i], last && complete,
				last ? site : DEVTLB_NO_SITE);
	}
	raw_spin_unlock_irqrestore(&memos_lock, flags);
}

/**
 * devtlb_stacks_recalled() - how many stacks were recalled
 *
 * Context: any.
 * Return: the number, about: counts are lost where two CPUs count at once.
 */
u64 devtlb_stacks_recalled(void)
{
	unsigned int i, nr = READ_ONCE(nr_memos);
	u64 hits = 0;

	/* What a memo says before it is published is 0. */
	for (i = 0; i < nr; i++)
		hits += READ_ONCE(memos[i].hits);
	return hits;
}

int devtlb_stack_memos_init(void)
{
	memos = vcalloc(MEMOS_MAX, sizeof(*memos));
	if (!memos)
		return -ENOMEM;
	memos[0].site = DEVTLB_NO_SITE;
	nr_memos = 1;
	return 0;
}

void devtlb_stack_memos_exit(void)
{
	vfree(memos);
	memos = NULL;
}
