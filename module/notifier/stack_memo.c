// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memos of stacks: recognise the running stack without unwinding it.
 *
 * Unwinding costs a callback more than all the rest. But calls come through the
 * same functions again and again, and functions have frames of fixed size: then
 * the same return addresses are in the same places, at the same depth. So a
 * stack that was unwound is remembered as that, and recognised by looking at its
 * return addresses only.
 *
 * Could another stack have the same words there? Its outermost return address
 * is in the same place. A return address and a direct call make the callee, the
 * callee's frame and the place of the next return address inwards; another call
 * in the same function puts another address there. That leaves functions that
 * differ in what an indirect call went to, at the same depth, with a stale word
 * in their frame that is just the one. So one recognition in CHECK_EVERY is
 * checked by unwinding (site.c), and a memo that was ever wrong is not used
 * again.
 *
 * Memos are only ever added. A key is published after the rest (release, paired
 * with the acquire in devtlb_stack_recall()).
 */
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "notifier/stack_memo.h"

#define MEMO_BITS	11
/* Not all places: a search ends at a free one. */
#define MEMOS_MAX	(3U << (MEMO_BITS - 2))
#define CHECK_EVERY	1024

static DEFINE_RAW_SPINLOCK(memos_lock);
static struct devtlb_stack_memo *memos;
static unsigned int nr_memos;

/* What is left of the task's stack above @sp, in words; 0 on another stack. */
static unsigned long words_above(unsigned long sp)
{
	unsigned long base = (unsigned long)task_stack_page(current);

	if (sp < base || sp >= base + THREAD_SIZE)
		return 0;
	return (base + THREAD_SIZE - sp) / sizeof(unsigned long);
}

static unsigned int next_place(unsigned int place)
{
	return (place + 1) & ((1 << MEMO_BITS) - 1);
}

static bool matches(const struct devtlb_stack_memo *memo,
		    const unsigned long *stack)
{
	unsigned int i;
	u8 nr = READ_ONCE(memo->nr);

	if (nr > DEVTLB_MEMO_FRAMES)
		return false;
	for (i = 0; i < nr; i++) {
		if (READ_ONCE_NOCHECK(stack[memo->offset[i]]) != memo->frame[i])
			return false;
	}
	return true;
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
	u64 key = words_above(sp);
	unsigned int place = hash_64(key, MEMO_BITS);

	if (!key)
		return NULL;
	for (;; place = next_place(place)) {
		struct devtlb_stack_memo *memo = &memos[place];
		/* Pairs with the release in devtlb_stack_memorize(). */
		u64 seen = smp_load_acquire(&memo->key);

		if (!seen)
			return NULL;
		if (seen == key && matches(memo, (unsigned long *)sp))
			return memo;
	}
}

/**
 * devtlb_stack_memo_is_due() - should this recognition be checked?
 * @memo: was just recalled
 *
 * Return: true once in a while.
 */
bool devtlb_stack_memo_is_due(struct devtlb_stack_memo *memo)
{
	u32 hits = READ_ONCE(memo->hits) + 1;

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
	WRITE_ONCE(memo->nr, DEVTLB_MEMO_FRAMES + 1);
}

/*
 * Finds the return addresses on the stack, each above the one before. The first
 * ones may be below @sp: those of the unwinding itself.
 */
static bool locate(struct devtlb_stack_memo *memo, const unsigned long *stack,
		   unsigned long words, const unsigned long *frame,
		   unsigned int nr)
{
	unsigned long at = 0;
	unsigned int i;

	memo->nr = 0;
	for (i = 0; i < nr; i++) {
		unsigned long found = at;

		while (found < words &&
		       READ_ONCE_NOCHECK(stack[found]) != frame[i])
			found++;
		if (found == words && memo->nr == 0)
			continue;
		if (found == words)
			return false;
		memo->offset[memo->nr] = found;
		memo->frame[memo->nr++] = frame[i];
		at = found + 1;
	}
	return memo->nr > 0;
}

/**
 * devtlb_stack_memorize() - remember the running stack
 * @sp: of the caller's frame; devtlb_stack_recall() knew nothing of it
 * @frame: its return addresses, innermost first
 * @nr: how many, at most DEVTLB_MEMO_FRAMES
 * @site: what it is
 *
 * Context: any.
 */
void devtlb_stack_memorize(unsigned long sp, const unsigned long *frame,
			   unsigned int nr, u16 site)
{
	unsigned long words = words_above(sp);
	struct devtlb_stack_memo *memo;
	unsigned long flags;
	unsigned int place;

	if (!words || nr > DEVTLB_MEMO_FRAMES)
		return;
	raw_spin_lock_irqsave(&memos_lock, flags);
	if (nr_memos < MEMOS_MAX) {
		place = hash_64(words, MEMO_BITS);
		while (memos[place].key)
			place = next_place(place);
		memo = &memos[place];
		if (locate(memo, (unsigned long *)sp, words, frame, nr)) {
			memo->site = site;
			/* Pairs with the acquire in devtlb_stack_recall(). */
			smp_store_release(&memo->key, words);
			nr_memos++;
		}
	}
	raw_spin_unlock_irqrestore(&memos_lock, flags);
}

int devtlb_stack_memos_init(void)
{
	memos = vcalloc(1 << MEMO_BITS, sizeof(*memos));
	return memos ? 0 : -ENOMEM;
}

void devtlb_stack_memos_exit(void)
{
	vfree(memos);
	memos = NULL;
}
