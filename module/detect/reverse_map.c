// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reverse map: from a page frame to the translations of it, of all PASIDs.
 *
 * The probe of rule A asks it about every page that the whole machine frees,
 * so a frame that nobody translates must cost next to nothing: one counter for
 * each 2M of frames says whether there is anything to look for.
 *
 * These groups of frames have buckets of their own from when the first
 * translation of one of them is filed, until the module goes: what the map takes
 * grows with the memory that was translated, not with the machine's.
 *
 * Lock	protects			taken inside
 * ----	--------			------------
 * bucket->lock	the chain, by_pfn of its	an ATC's lock (add, del),
 *		translations			or nothing (del, visit)
 *
 * A bucket's lock is held while a visitor drains accesses in flight, so nothing
 * that an access does may take one.
 */
#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "detect/reverse_map.h"
#include "device/store.h"

#define GROUP_SHIFT	DEVTLB_NODE_BITS	/* frames of 2M */
#define GROUP_BITS_MIN	10
/* A bucket for eight frames. */
#define BUCKET_BITS	(GROUP_SHIFT - 3)

struct bucket {
	raw_spinlock_t lock;
	struct hlist_head chain;
};

/**
 * struct group - all 2M of frames that hash here: one of the machine's, mostly
 * @count: translations that touch any of them
 * @buckets: of those whose first frame is among them; NULL until there is one
 */
struct group {
	atomic_t count;
	struct bucket *buckets;
};

static struct group *groups;
static unsigned int group_bits;
static atomic64_t held;

static unsigned int frames_shift(const struct devtlb_translation *translation)
{
	return translation->table ? 0 : translation->shift - DEVTLB_PAGE_SHIFT;
}

static unsigned long nr_frames(const struct devtlb_translation *translation)
{
	return 1UL << frames_shift(translation);
}

static struct group *group_of(unsigned long pfn)
{
	return &groups[hash_long(pfn >> GROUP_SHIFT, group_bits)];
}

/*
 * A translation is filed under its first frame and its size: a frame is looked
 * for once for each size that a translation can have. NULL: none was ever filed
 * near.
 */
static struct bucket *bucket_of(unsigned long pfn, unsigned int shift)
{
	unsigned long first = pfn >> shift << shift;
	/* Pairs with the cmpxchg() in group_open(), by what depends on it. */
	struct bucket *buckets = READ_ONCE(group_of(first)->buckets);

	return buckets ? &buckets[hash_long(first + shift, BUCKET_BITS)] : NULL;
}

/* Has buckets from now on. */
static void group_open(struct group *group, struct devtlb_filing *filing)
{
	if (READ_ONCE(group->buckets) || WARN_ON_ONCE(!filing->nr))
		return;
	/* Two fills of two PASIDs may be here: one of them keeps its spare. */
	if (!cmpxchg(&group->buckets, NULL, filing->spare[filing->nr - 1]))
		filing->nr--;
}

static void count_groups(const struct devtlb_translation *translation, int by)
{
	unsigned long pfn = translation->pfn;
	unsigned long end = pfn + nr_frames(translation);

	for (; pfn < end; pfn += 1UL << GROUP_SHIFT)
		atomic_add(by, &group_of(pfn)->count);
}

/* What the page-walk cache holds is no translation. */
static void count_held(const struct devtlb_translation *translation, int by)
{
	if (!translation->table)
		atomic64_add(by, &held);
}

/*
 * The zero page is never freed; and a program that only reads may have millions
 * of translations of it, which would all be in one chain.
 */
static bool is_never_freed(const struct devtlb_translation *translation)
{
	return !translation->table && is_zero_pfn(translation->pfn);
}

static struct bucket *buckets_new(void)
{
	struct bucket *buckets = kcalloc(1 << BUCKET_BITS, sizeof(*buckets),
					 GFP_KERNEL);
	unsigned int i;

	for (i = 0; buckets && i < 1 << BUCKET_BITS; i++)
		raw_spin_lock_init(&buckets[i].lock);
	return buckets;
}

/**
 * devtlb_reverse_map_supply() - have memory to file what a fill installs
 * @filing: topped up; all zeroes at first
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int devtlb_reverse_map_supply(struct devtlb_filing *filing)
{
	for (; filing->nr < ARRAY_SIZE(filing->spare); filing->nr++) {
		filing->spare[filing->nr] = buckets_new();
		if (!filing->spare[filing->nr])
			return -ENOMEM;
	}
	return 0;
}

/**
 * devtlb_reverse_map_unsupply() - free what was not needed
 * @filing: empty afterwards
 *
 * Context: may sleep.
 */
void devtlb_reverse_map_unsupply(struct devtlb_filing *filing)
{
	while (filing->nr)
		kfree(filing->spare[--filing->nr]);
}

/**
 * devtlb_reverse_map_add() - file a translation
 * @translation: in no chain
 * @filing: devtlb_reverse_map_supply() was called for it since the last fill
 *
 * Context: any, the ATC's lock held.
 */
void devtlb_reverse_map_add(struct devtlb_translation *translation,
			    struct devtlb_filing *filing)
{
	struct bucket *bucket;
	unsigned long flags;

	/*
	 * Counted before it is filed, and uncounted after: a free that sees no
	 * count, or no buckets, has nothing to find. A fill looks at the page
	 * table again after this; see the top of atc.c.
	 */
	count_groups(translation, 1);
	group_open(group_of(translation->pfn), filing);
	bucket = bucket_of(translation->pfn, frames_shift(translation));
	raw_spin_lock_irqsave(&bucket->lock, flags);
	if (is_never_freed(translation))
		hlist_add_fake(&translation->by_pfn);
	else
		hlist_add_head(&translation->by_pfn, &bucket->chain);
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
	count_held(translation, 1);
}

/**
 * devtlb_reverse_map_unlink() - take a translation out, from a visitor
 * @translation: the one that is visited
 *
 * Context: the bucket's lock is held by devtlb_reverse_map_visit().
 */
void devtlb_reverse_map_unlink(struct devtlb_translation *translation)
{
	hlist_del_init(&translation->by_pfn);
	count_groups(translation, -1);
	count_held(translation, -1);
}

/**
 * devtlb_reverse_map_del() - take a translation out
 * @translation: may have been taken out already, by a visitor
 *
 * Context: any. When it returns, no visitor touches
 * @translation any more.
 */
void devtlb_reverse_map_del(struct devtlb_translation *translation)
{
	/* Its group has been open since it was filed. */
	struct bucket *bucket = bucket_of(translation->pfn,
					  frames_shift(translation));
	unsigned long flags;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	if (!hlist_unhashed(&translation->by_pfn))
		devtlb_reverse_map_unlink(translation);
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
}

/* Visits the translations of one size that cover a frame. */
static void visit_frame(unsigned long pfn, unsigned int shift,
			devtlb_reverse_map_fn fn, void *arg)
{
	struct bucket *bucket = bucket_of(pfn, shift);
	struct devtlb_translation *translation;
	struct hlist_node *next;
	unsigned long flags;

	if (!bucket || hlist_empty(&bucket->chain))
		return;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	hlist_for_each_entry_safe(translation, next, &bucket->chain, by_pfn) {
		if (frames_shift(translation) == shift &&
		    translation->pfn == pfn >> shift << shift)
			fn(translation, pfn, arg);
	}
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
}

/**
 * devtlb_reverse_map_has_near() - may a frame be translated?
 * @pfn: the frame
 *
 * Context: any.
 * Return: false if nothing was filed, by now, of the 2M of frames around it.
 */
bool devtlb_reverse_map_has_near(unsigned long pfn)
{
	return atomic_read(&group_of(pfn)->count) != 0;
}

/**
 * devtlb_reverse_map_visit() - visit the translations of some frames
 * @first_pfn: the first frame
 * @nr: how many
 * @fn: called once for each translation that overlaps them, its bucket locked
 * @arg: for @fn
 *
 * Context: any but NMI, no bucket or findings lock held. Costs O(@nr) where
 * something near is translated, O(@nr / 512) elsewhere.
 */
void devtlb_reverse_map_visit(unsigned long first_pfn, unsigned long nr,
			      devtlb_reverse_map_fn fn, void *arg)
{
	unsigned long end = first_pfn + nr;
	unsigned long pfn = first_pfn;

	while (pfn < end) {
		unsigned long group_end = min(end, ((pfn >> GROUP_SHIFT) + 1)
						   << GROUP_SHIFT);
		unsigned int level;

		if (!devtlb_reverse_map_has_near(pfn)) {
			pfn = group_end;
			continue;
		}
		for (level = 1; level < DEVTLB_PAGE_LEVELS; level++) {
			unsigned int shift = DEVTLB_NODE_BITS * level;

			/* Once only where the frames span several groups. */
			if (pfn == first_pfn || pfn >> shift << shift == pfn)
				visit_frame(pfn, shift, fn, arg);
		}
		for (; pfn < group_end; pfn++)
			visit_frame(pfn, 0, fn, arg);
	}
}

/**
 * devtlb_reverse_map_held() - translations filed, of all PASIDs
 *
 * Return: the number.
 */
u64 devtlb_reverse_map_held(void)
{
	return atomic64_read(&held);
}

int devtlb_reverse_map_init(void)
{
	group_bits = max(order_base_2(totalram_pages() >> GROUP_SHIFT),
			 GROUP_BITS_MIN);
	groups = vcalloc(1UL << group_bits, sizeof(*groups));
	return groups ? 0 : -ENOMEM;
}

void devtlb_reverse_map_exit(void)
{
	unsigned long i;

	for (i = 0; i < 1UL << group_bits; i++)
		kfree(groups[i].buckets);
	vfree(groups);
	groups = NULL;
}
