/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_FINDING_H
#define DEVTLB_FINDING_H

#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "devtlb.h"
#include "site.h"
#include "translation.h"

#define DEVTLB_FINDINGS_MAX	256
#define DEVTLB_STALE_READS_MAX	256
#define DEVTLB_STACK_MAX	24

/**
 * struct devtlb_stack - a kernel stack
 * @nr: frames
 * @frame: return addresses, innermost first
 */
struct devtlb_stack {
	unsigned int nr;
	unsigned long frame[DEVTLB_STACK_MAX];
};

/**
 * struct devtlb_stale_read - what a stale translation made a device thread read
 * @count: stale reads through the translation
 * @va: address of the first
 * @got: what the device got there
 * @has: what the process has there
 * @by: device thread
 * @new_pfn: the frame that the process has there
 */
struct devtlb_stale_read {
	u64 count;
	unsigned long va;
	u64 got;
	u64 has;
	u32 by;
	unsigned long new_pfn;
};

/* new_pfn of a finding: nobody has looked yet, or there is none. */
#define DEVTLB_PFN_UNKNOWN	(~0UL)
#define DEVTLB_PFN_NONE		(~0UL - 1)

/**
 * struct devtlb_finding - one proven breach of one rule
 *
 * The members are those of enum devtlb_finding_attr, and
 * @stale_read_note: which note of the PASID's belongs to it;
 *	devtlb_finding_get() copies it to @stale_read
 */
struct devtlb_finding {
	u64 count;
	enum devtlb_rule rule;
	enum devtlb_breach breach;
	unsigned long va;
	unsigned long at;
	u8 shift;
	u8 rights;
	u8 table_rights;
	bool flush_pending;
	unsigned long pfn;
	unsigned long new_pfn;
	u64 age_ns;
	u32 filler;
	u16 dropped_site;
	u16 last_site;
	u16 stale_read_note;
	struct devtlb_stale_read stale_read;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	struct devtlb_stack stack;
};

/**
 * struct devtlb_findings - the findings about one PASID
 * @lock: a leaf: see the table in atc.c
 * @finding: the first ones; never overwritten
 * @nr: how many are there
 * @total: all, with repetitions
 * @lost: those that found no room
 * @stale_read: notes about translations; 0 is not used
 * @nr_stale_reads: notes in use
 * @stale_reads: stale reads seen, noted or not
 */
struct devtlb_findings {
	raw_spinlock_t lock;
	struct devtlb_finding *finding;
	unsigned int nr;
	u64 total;
	u64 lost;
	struct devtlb_stale_read *stale_read;
	unsigned int nr_stale_reads;
	u64 stale_reads;
};

int devtlb_findings_init(struct devtlb_findings *findings);
void devtlb_findings_destroy(struct devtlb_findings *findings);

void devtlb_finding_describe(struct devtlb_finding *finding,
			     const struct devtlb_translation *translation,
			     unsigned long at);
void devtlb_finding_raise(struct devtlb_findings *findings,
			  struct devtlb_site_log *log,
			  const struct devtlb_translation *translation,
			  struct devtlb_finding *finding);
void devtlb_stale_read_note(struct devtlb_findings *findings,
			    struct devtlb_translation *translation,
			    const struct devtlb_stale_read *stale_read);
bool devtlb_finding_get(struct devtlb_findings *findings, unsigned int i,
			struct devtlb_finding *finding);
void devtlb_finding_set_new_pfn(struct devtlb_findings *findings,
				unsigned int i, unsigned long new_pfn);

#endif /* DEVTLB_FINDING_H */
