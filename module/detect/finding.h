/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_FINDING_H
#define DEVTLB_FINDING_H

#include <linux/bits.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "devtlb.h"
#include "notifier/site.h"
#include "device/translation.h"

struct devtlb_pasid;

/* Fewer in a test's build. */
#ifndef DEVTLB_FINDINGS_MAX
#define DEVTLB_FINDINGS_MAX	256
#endif
#define DEVTLB_EFFECTS_MAX	256
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
 * @va: address
 * @got: what the device got there
 * @has: what the process has there
 * @by: device thread
 * @new_pfn: the frame that the process has there
 */
struct devtlb_stale_read {
	unsigned long va;
	u64 got;
	u64 has;
	u32 by;
	unsigned long new_pfn;
};

/**
 * struct devtlb_effect - what a stale translation did
 * @stale_reads: stale reads through it
 * @first: the first of them
 * @lost_stores: stores through it that containment held back
 */
struct devtlb_effect {
	u64 stale_reads;
	struct devtlb_stale_read first;
	u64 lost_stores;
};

/* new_pfn of a finding: nobody has looked yet, or there is none. */
#define DEVTLB_PFN_UNKNOWN	(~0UL)
#define DEVTLB_PFN_NONE		(~0UL - 1)

/**
 * struct devtlb_finding - one proven breach of one rule
 *
 * The members are those of enum devtlb_finding_attr, and
 * @effect_note: which note of the findings' belongs to it; devtlb_finding_get()
 *	copies it to @effect
 */
struct devtlb_finding {
	u64 count;
	u32 pasid;
	pid_t owner_pid;
	char owner_comm[TASK_COMM_LEN];
	enum devtlb_rule rule;
	enum devtlb_breach breach;
	unsigned long va;
	unsigned long at;
	u8 shift;
	u8 rights;
	u8 table_rights;
	bool flush_pending;
	bool hugetlb;
	unsigned long pfn;
	unsigned long new_pfn;
	u64 age_ns;
	u32 filler;
	u16 withheld_site;
	u16 last_site;
	struct devtlb_recent beside;
	u16 effect_note;
	struct devtlb_effect effect;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	struct devtlb_stack stack;
};

/**
 * struct devtlb_findings - the findings about one PASID, or about all of a watch
 * @ref: keeps it
 * @entry: in the list of those that listeners hear of
 * @lock: a leaf: see the table in finding.c
 * @watch: the watch's number, or 0
 * @finding: the first ones; never overwritten
 * @nr: how many are there
 * @total: all, with repetitions
 * @lost: those that found no room
 * @nr_told: of @nr, how many the listener was told of
 * @effect: notes about translations; 0 is not used
 * @nr_effects: notes in use
 * @stale_reads: stale reads seen, noted or not
 */
struct devtlb_findings {
	struct kref ref;
	struct list_head entry;
	raw_spinlock_t lock;
	u32 watch;
	struct devtlb_finding *finding;
	unsigned int nr;
	u64 total;
	u64 lost;
	unsigned int nr_told;
	struct devtlb_effect *effect;
	unsigned int nr_effects;
	u64 stale_reads;
};

/* A bit a rule whose detector is left out. */
extern const u32 devtlb_without_rules;

/*
 * Is a rule's detector in this build? "make module WITHOUT_RULES='A C'" leaves some
 * out, to show that the tests would miss them.
 */
static inline bool devtlb_detects(enum devtlb_rule rule)
{
	return !(devtlb_without_rules & BIT(rule));
}

void devtlb_stack_save(struct devtlb_stack *stack);

/**
 * devtlb_findings_listener_fn - hears of each finding once, in their order
 * @findings: where it is
 * @seq: its number there, from 1
 * @finding: it
 *
 * Context: may sleep.
 */
typedef void (*devtlb_findings_listener_fn)(const struct devtlb_findings *findings,
					    u32 seq,
					    const struct devtlb_finding *finding);

void devtlb_findings_listen(devtlb_findings_listener_fn listener);
void devtlb_findings_module_exit(void);

struct devtlb_findings *devtlb_findings_new(void);
struct devtlb_findings *devtlb_findings_get(struct devtlb_findings *findings);
void devtlb_findings_put(struct devtlb_findings *findings);
void devtlb_findings_tell(struct devtlb_findings *findings);

void devtlb_finding_describe(struct devtlb_finding *finding,
			     const struct devtlb_translation *translation,
			     unsigned long at);
void devtlb_finding_raise(struct devtlb_pasid *pasid,
			  const struct devtlb_translation *translation,
			  struct devtlb_finding *finding);
void devtlb_stale_read_note(struct devtlb_findings *findings,
			    struct devtlb_translation *translation,
			    const struct devtlb_stale_read *stale_read);
void devtlb_lost_store_note(struct devtlb_translation *translation);
bool devtlb_finding_get(struct devtlb_findings *findings, unsigned int i,
			struct devtlb_finding *finding);
void devtlb_finding_set_new_pfn(struct devtlb_findings *findings,
				unsigned int i, unsigned long new_pfn);

#endif /* DEVTLB_FINDING_H */
