/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_STACK_MEMO_H
#define DEVTLB_STACK_MEMO_H

#include <linux/types.h>

/**
 * struct devtlb_stack_memo - a return address on stacks that were seen
 * @frame: it
 * @distance: in words: from the next one inwards, or, of the outermost one, from
 *	the top of the stack
 * @outermost: no other one follows
 * @site: what the stack is that ends here; DEVTLB_NO_SITE where none does, and
 *	for one that proved wrong
 * @hits: how often it was recalled
 * @next: another one that follows on the same one inwards
 * @outer: the first one that follows on this one outwards
 */
struct devtlb_stack_memo {
	unsigned long frame;
	u16 distance;
	bool outermost;
	u16 site;
	unsigned long hits;
	struct devtlb_stack_memo *next;
	struct devtlb_stack_memo *outer;
};

int devtlb_stack_memos_init(void);
void devtlb_stack_memos_exit(void);

struct devtlb_stack_memo *devtlb_stack_recall(unsigned long sp);
bool devtlb_stack_memo_is_due(struct devtlb_stack_memo *memo);
void devtlb_stack_memo_forget(struct devtlb_stack_memo *memo);
void devtlb_stack_memorize(unsigned long sp, const unsigned long *frame,
			   unsigned int nr, bool complete, u16 site);
u64 devtlb_stacks_recalled(void);

#endif /* DEVTLB_STACK_MEMO_H */
