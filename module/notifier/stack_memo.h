/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_STACK_MEMO_H
#define DEVTLB_STACK_MEMO_H

#include <linux/types.h>

#define DEVTLB_MEMO_FRAMES	24

/**
 * struct devtlb_stack_memo - a stack as it was
 * @key: of its depth; 0 in a free place
 * @site: what it is
 * @nr: return addresses; DEVTLB_MEMO_FRAMES + 1 for one that proved wrong
 * @hits: how often it was recalled
 * @offset: where each is, from @sp upwards, in words
 * @frame: each
 */
struct devtlb_stack_memo {
	u64 key;
	u16 site;
	u8 nr;
	u32 hits;
	u16 offset[DEVTLB_MEMO_FRAMES];
	unsigned long frame[DEVTLB_MEMO_FRAMES];
};

int devtlb_stack_memos_init(void);
void devtlb_stack_memos_exit(void);

struct devtlb_stack_memo *devtlb_stack_recall(unsigned long sp);
bool devtlb_stack_memo_is_due(struct devtlb_stack_memo *memo);
void devtlb_stack_memo_forget(struct devtlb_stack_memo *memo);
void devtlb_stack_memorize(unsigned long sp, const unsigned long *frame,
			   unsigned int nr, u16 site);

#endif /* DEVTLB_STACK_MEMO_H */
