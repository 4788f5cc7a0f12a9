// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sites: which kernel function chains notify the device.
 *
 * A callback's stack is one that is remembered (stack_memo.c), or it is unwound
 * and looked up by the hash of its return addresses. The first time that a stack
 * is seen its functions are named, and stacks with the same names become one
 * site: the same calls from other places in the same functions.
 *
 * Lock		protects			taken inside
 * ----		--------			------------
 * sites_lock	additions to stacks and		nothing of ours
 *		sites, scratch
 * log->lock	see struct devtlb_site_log	atc->lock, bucket locks
 * total_lock	totals				nothing of ours
 *
 * Lookups take no lock. Entries are never changed or removed: a stack's key is
 * published after its site, and a site's number after its chain (release,
 * paired with the acquires in find_stack() and devtlb_sites_known()).
 */
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/kallsyms.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "notifier/site.h"
#include "notifier/stack_memo.h"

#define FRAMES_MAX	24
#define STACK_BITS	14
/* Not all places: a search ends at a free one. */
#define STACKS_MAX	(3U << (STACK_BITS - 2))
#define SEPARATOR	" < "

struct known_stack {
	u64 key;
	u16 site;
};

struct site {
	char chain[DEVTLB_CHAIN_MAX];
};

static DEFINE_RAW_SPINLOCK(sites_lock);
static struct known_stack *stacks;
static unsigned int nr_stacks;
static struct site *sites;
static u16 nr_sites;
static char symbol_scratch[KSYM_SYMBOL_LEN];
static char chain_scratch[DEVTLB_CHAIN_MAX];

static atomic64_t nr_unwound;

static DEFINE_RAW_SPINLOCK(total_lock);
static struct devtlb_site_count *totals;

/*
 * What stands between the operation and our callback on every path tells
 * nothing about the operation.
 */
static const char * const plumbing[] = {
	"__mmu_notifier_", "mmu_notifier_", "mn_hlist_", "flush_tlb_mm_range",
};

/*
 * How the kernel was entered, and what every allocation or thread does: outside of
 * these, every chain is the same. What is done on any way back to user mode is one
 * site, whether a system call or an interrupt ends.
 */
static const char * const outermost[] = {
	"exit_to_user_mode", "__exit_to_user_mode", "irqentry_exit",
	"syscall_exit_to_user_mode",
	"__x64_sys_", "__do_sys_", "do_syscall_64", "x64_sys_call",
	"exc_page_fault", "asm_exc_page_fault", "entry_SYSCALL_64",
	"kthread", "ret_from_fork", "worker_thread",
	"asm_sysvec_", "try_to_free_pages", "__alloc_pages",
};

static bool has_prefix(const char *name, const char * const *prefixes,
		       size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

static u64 key_of(const unsigned long *frame, unsigned int nr)
{
	u64 key = nr;
	unsigned int i;

	for (i = 0; i < nr; i++)
		key = (key ^ frame[i]) * GOLDEN_RATIO_64 + (key >> 29);
	/* 0 marks a free place. */
	return key ? : 1;
}

static u16 find_stack(u64 key)
{
	unsigned int i = hash_64(key, STACK_BITS);

	for (;;) {
		/* Pairs with the release in add_stack(). */
		u64 seen = smp_load_acquire(&stacks[i].key);

		if (seen == key)
			return stacks[i].site;
		if (!seen)
			return DEVTLB_NO_SITE;
		i = (i + 1) & ((1 << STACK_BITS) - 1);
	}
}

static void add_stack(u64 key, u16 site)
{
	unsigned int i = hash_64(key, STACK_BITS);

	while (stacks[i].key)
		i = (i + 1) & ((1 << STACK_BITS) - 1);
	stacks[i].site = site;
	/* Pairs with the acquire in find_stack(). */
	smp_store_release(&stacks[i].key, key);
	nr_stacks++;
}

/*
 * Names the function of a return address in symbol_scratch, without offset or
 * compiler suffix (".isra.0"). Returns false for a frame of this module.
 */
static bool name_frame(unsigned long frame)
{
	/*
	 * The call before it: a call that never returns may end its function.
	 */
	sprint_symbol_no_offset(symbol_scratch, frame - 1);
	if (strstr(symbol_scratch, " [" KBUILD_MODNAME "]"))
		return false;
	*strchrnul(symbol_scratch, ' ') = '\0';
	*strchrnul(symbol_scratch, '.') = '\0';
	return true;
}

static void build_chain(const unsigned long *frame, unsigned int nr)
{
	size_t used = 0;
	unsigned int i;

	chain_scratch[0] = '\0';
	for (i = 0; i < nr; i++) {
		const char *separator = used > 0 ? SEPARATOR : "";

		if (!name_frame(frame[i]))
			continue;
		if (used == 0 && has_prefix(symbol_scratch, plumbing,
					    ARRAY_SIZE(plumbing)))
			continue;
		if (used > 0 && has_prefix(symbol_scratch, outermost,
					   ARRAY_SIZE(outermost)))
			break;
		/* Whole names only: devtlb_site_has_functions() reads them. */
		if (used + strlen(separator) + strlen(symbol_scratch) >= DEVTLB_CHAIN_MAX)
			break;
		used += scnprintf(chain_scratch + used, DEVTLB_CHAIN_MAX - used,
				  "%s%s", separator, symbol_scratch);
	}
}

static u16 find_or_add_site(void)
{
	u16 site;

	for (site = DEVTLB_SITE_OVERFLOW + 1; site < nr_sites; site++) {
		if (strcmp(sites[site].chain, chain_scratch) == 0)
			return site;
	}
	if (nr_sites == DEVTLB_SITES_MAX)
		return DEVTLB_SITE_OVERFLOW;
	strscpy(sites[nr_sites].chain, chain_scratch, DEVTLB_CHAIN_MAX);
	/* Pairs with the acquire in devtlb_sites_known(). */
	smp_store_release(&nr_sites, nr_sites + 1);
	return site;
}

/* The site of an unwound stack. */
static u16 site_of(const unsigned long *frame, unsigned int nr)
{
	u64 key = key_of(frame, nr);
	u16 site = find_stack(key);
	unsigned long flags;

	if (site != DEVTLB_NO_SITE)
		return site;

	raw_spin_lock_irqsave(&sites_lock, flags);
	site = find_stack(key);
	if (site == DEVTLB_NO_SITE && nr_stacks == STACKS_MAX) {
		/* Naming it each time would cost too much in a callback. */
		site = DEVTLB_SITE_OVERFLOW;
	} else if (site == DEVTLB_NO_SITE) {
		build_chain(frame, nr);
		site = find_or_add_site();
		add_stack(key, site);
	}
	raw_spin_unlock_irqrestore(&sites_lock, flags);
	return site;
}

/**
 * devtlb_site_here() - the site of the running callback
 *
 * Context: any; a stack that was never seen costs some microseconds more.
 * Return: its number.
 */
noinline u16 devtlb_site_here(void)
{
	/* A frame of its own, so that the same stack is at the same place. */
	unsigned long sp = (unsigned long)__builtin_frame_address(0);
	struct devtlb_stack_memo *memo = devtlb_stack_recall(sp);
	unsigned long frame[FRAMES_MAX];
	unsigned int nr;
	u16 site;

	if (memo && !devtlb_stack_memo_is_due(memo))
		return memo->site;

	atomic64_inc(&nr_unwound);
	nr = stack_trace_save(frame, FRAMES_MAX, 1);
	site = site_of(frame, nr);
	if (!memo)
		devtlb_stack_memorize(sp, frame, nr, nr < FRAMES_MAX, site);
	else if (memo->site != site)
		devtlb_stack_memo_forget(memo);
	return site;
}

/**
 * devtlb_stacks_unwound() - how many stacks were unwound
 *
 * Return: the number; those that devtlb_stacks_recalled() does not count, and a
 * few that it does, for they were checked.
 */
u64 devtlb_stacks_unwound(void)
{
	return atomic64_read(&nr_unwound);
}

/**
 * devtlb_site_chain() - a site's functions
 * @site: its number
 *
 * Return: names, innermost first, joined by " < ".
 */
const char *devtlb_site_chain(u16 site)
{
	return sites[site].chain;
}

/**
 * devtlb_site_has_functions() - are some functions in a site's chain?
 * @site: its number
 * @functions: a whole name, without the compiler's suffixes, or several joined
 *	by " < "
 *
 * Return: true if they are, one after the other.
 */
bool devtlb_site_has_functions(u16 site, const char *functions)
{
	const char *name = sites[site].chain;
	size_t length = strlen(functions);

	for (;;) {
		if (strncmp(name, functions, length) == 0 &&
		    (name[length] == ' ' || !name[length]))
			return true;
		name = strchrnul(name, ' ');
		if (!*name)
			return false;
		name += strlen(SEPARATOR);
	}
}

/**
 * devtlb_sites_known() - how far the numbers of sites go
 *
 * Return: one more than the highest.
 */
u16 devtlb_sites_known(void)
{
	/* Pairs with the release in find_or_add_site(). */
	return smp_load_acquire(&nr_sites);
}

int devtlb_sites_init(void)
{
	stacks = vcalloc(1 << STACK_BITS, sizeof(*stacks));
	sites = vcalloc(DEVTLB_SITES_MAX, sizeof(*sites));
	totals = vcalloc(DEVTLB_SITES_MAX, sizeof(*totals));
	if (!stacks || !sites || !totals || devtlb_stack_memos_init()) {
		devtlb_sites_exit();
		return -ENOMEM;
	}
	strscpy(sites[DEVTLB_SITE_OVERFLOW].chain, "(more sites than there is room for)",
		DEVTLB_CHAIN_MAX);
	nr_sites = DEVTLB_SITE_OVERFLOW + 1;
	return 0;
}

void devtlb_sites_exit(void)
{
	devtlb_stack_memos_exit();
	vfree(totals);
	vfree(sites);
	vfree(stacks);
}

int devtlb_site_log_init(struct devtlb_site_log *log)
{
	raw_spin_lock_init(&log->lock);
	log->count = kvcalloc(DEVTLB_SITES_MAX, sizeof(*log->count), GFP_KERNEL);
	return log->count ? 0 : -ENOMEM;
}

/**
 * devtlb_site_count_merge() - add one count to another
 * @into: receives the sum
 * @from: what to add
 */
void devtlb_site_count_merge(struct devtlb_site_count *into,
			     const struct devtlb_site_count *from)
{
	if (!from->count)
		return;
	into->smallest = into->count ? min(into->smallest, from->smallest)
				     : from->smallest;
	into->largest = max(into->largest, from->largest);
	into->count += from->count;
	into->withheld += from->withheld;
	into->under_lock += from->under_lock;
	into->survived += from->survived;
	into->stale += from->stale;
	into->right += from->right;
	into->covered += from->covered;
	into->late += from->late;
	into->again += from->again;
	if (from->covered_by != DEVTLB_NO_SITE)
		into->covered_by = from->covered_by;
}

/**
 * devtlb_site_log_destroy() - free a log; its counts go to the totals
 * @log: no callback uses it any more
 *
 * Context: may sleep.
 */
void devtlb_site_log_destroy(struct devtlb_site_log *log)
{
	unsigned long flags;
	u16 site;

	if (!log->count)
		return;
	raw_spin_lock_irqsave(&total_lock, flags);
	for (site = 0; site < DEVTLB_SITES_MAX; site++)
		devtlb_site_count_merge(&totals[site], &log->count[site]);
	raw_spin_unlock_irqrestore(&total_lock, flags);
	kvfree(log->count);
	log->count = NULL;
}

/**
 * devtlb_site_log_add() - record a notification
 * @log: of the PASID that was notified
 * @site: from where
 * @start: as the kernel gave it
 * @end: as the kernel gave it
 * @under_lock: preemption was off
 * @withheld: a mutant withholds it from the device
 *
 * Context: any.
 */
void devtlb_site_log_add(struct devtlb_site_log *log, u16 site,
			 unsigned long start, unsigned long end,
			 bool under_lock, bool withheld)
{
	struct devtlb_range range = { };
	unsigned long flags;
	u64 bytes;

	if (devtlb_range_from_notifier(&range, start, end))
		bytes = range.last == ULONG_MAX ? U64_MAX : end - start;
	else
		bytes = 0;

	raw_spin_lock_irqsave(&log->lock, flags);
	devtlb_site_count_merge(&log->count[site], &(struct devtlb_site_count) {
			.count = 1,
			.withheld = withheld,
			.under_lock = under_lock,
			.smallest = bytes,
			.largest = bytes,
		    });
	log->nr++;
	log->withheld += withheld;
	if (bytes == 0) {
		log->empty++;
	} else if (!withheld) {
		log->recent[log->nr_recent++ % DEVTLB_RECENT_MAX] =
			(struct devtlb_recent) { range, site };
	}
	raw_spin_unlock_irqrestore(&log->lock, flags);
}

/**
 * devtlb_site_log_last() - which site last notified some addresses
 * @log: of the PASID
 * @range: the addresses
 *
 * Context: any.
 * Return: the site, or DEVTLB_NO_SITE if none of the last DEVTLB_RECENT_MAX
 * notifications was about them.
 */
u16 devtlb_site_log_last(struct devtlb_site_log *log, struct devtlb_range range)
{
	u16 site = DEVTLB_NO_SITE;
	unsigned long flags;
	u64 i;

	raw_spin_lock_irqsave(&log->lock, flags);
	for (i = 1; i <= min_t(u64, log->nr_recent, DEVTLB_RECENT_MAX); i++) {
		const struct devtlb_recent *recent =
			&log->recent[(log->nr_recent - i) % DEVTLB_RECENT_MAX];

		if (devtlb_ranges_overlap(recent->range, range)) {
			site = recent->site;
			break;
		}
	}
	raw_spin_unlock_irqrestore(&log->lock, flags);
	return site;
}

/**
 * devtlb_site_log_nearest() - what was told beside some addresses
 * @log: of the PASID
 * @range: the addresses
 *
 * Context: any.
 * Return: of what the last operation's memory was told of since it began, if
 * these addresses are of it, what comes nearest to them and is not about them;
 * of the last DEVTLB_RECENT_MAX. Its site is DEVTLB_NO_SITE when there is none.
 */
struct devtlb_recent devtlb_site_log_nearest(struct devtlb_site_log *log,
					     struct devtlb_range range)
{
	struct devtlb_recent nearest = { .site = DEVTLB_NO_SITE };
	unsigned long flags;
	u64 i, nr;

	raw_spin_lock_irqsave(&log->lock, flags);
	nr = min_t(u64, log->nr_recent - log->before_operation,
		   DEVTLB_RECENT_MAX);
	if (!devtlb_ranges_overlap(log->operation, range))
		nr = 0;
	for (i = 1; i <= nr; i++) {
		const struct devtlb_recent *recent =
			&log->recent[(log->nr_recent - i) % DEVTLB_RECENT_MAX];

		if (!devtlb_ranges_overlap(recent->range, log->operation) ||
		    devtlb_ranges_overlap(recent->range, range))
			continue;
		if (nearest.site == DEVTLB_NO_SITE ||
		    devtlb_range_distance(recent->range, range) <
		    devtlb_range_distance(nearest.range, range))
			nearest = *recent;
	}
	raw_spin_unlock_irqrestore(&log->lock, flags);
	return nearest;
}

/**
 * devtlb_site_log_get() - what a site told a PASID
 * @log: the PASID's
 * @site: the site
 * @count: the result
 */
void devtlb_site_log_get(struct devtlb_site_log *log, u16 site,
			 struct devtlb_site_count *count)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&log->lock, flags);
	*count = log->count[site];
	raw_spin_unlock_irqrestore(&log->lock, flags);
}

/**
 * devtlb_site_total() - what a site told the PASIDs that are no more
 * @site: the site
 * @count: the result
 */
void devtlb_site_total(u16 site, struct devtlb_site_count *count)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&total_lock, flags);
	*count = totals[site];
	raw_spin_unlock_irqrestore(&total_lock, flags);
}
