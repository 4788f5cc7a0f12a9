/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* Generated from uapi/devtlb.yaml by uapi/generate: change that. */
#ifndef _UAPI_DEVTLB_NETLINK_H
#define _UAPI_DEVTLB_NETLINK_H

#define DEVTLB_GENL_NAME	"devtlb"
#define DEVTLB_GENL_VERSION	1
#define DEVTLB_GENL_FINDINGS	"findings"	/* multicast group */

#define DEVTLB_REGS	8	/* registers of a device thread */
#define DEVTLB_PROGRAM_MAX	64	/* instructions */
#define DEVTLB_MUTANTS_MAX	32	/* of one PASID, or of one watch */
#define DEVTLB_CERTAIN	1000000	/* a probability, in millionths */
#define DEVTLB_DEFER_MAX	10000	/* milliseconds of DEVTLB_MUTANT_DEFER */
#define DEVTLB_SYMBOL_MAX	64	/* bytes of a function's name, with NUL */
#define DEVTLB_CHAIN_MAX	512	/* bytes of a site's chain, with NUL */
#define DEVTLB_RANGE_END_DELAY_MAX	1000000	/* microseconds */
#define DEVTLB_WATCH_PROCESSES_MAX	65536	/* bound at a time */
#define DEVTLB_WATCH_SHARE_MAX	100	/* percent of one CPU */
#define DEVTLB_FUNCTION_DELAY_MAX	1000000	/* microseconds */

/**
 * enum devtlb_callback - how this kernel reaches secondary TLBs
 * @DEVTLB_CALLBACK_INVALIDATE_RANGE: ->invalidate_range: explicit calls under
 *	the page-table lock, mmu_gather, and the end of every notifier range
 *	(Linux up to 6.5)
 * @DEVTLB_CALLBACK_ARCH_INVALIDATE: ->arch_invalidate_secondary_tlbs: from the
 *	architecture's TLB flush (Linux 6.6 and later)
 */
enum devtlb_callback {
	DEVTLB_CALLBACK_INVALIDATE_RANGE,
	DEVTLB_CALLBACK_ARCH_INVALIDATE,
};

/**
 * enum devtlb_op - instructions of a device thread's program
 * @DEVTLB_OP_LOAD: reg = memory at the operand's address
 * @DEVTLB_OP_STORE: memory at the operand's address = reg
 * @DEVTLB_OP_SET: reg = value
 * @DEVTLB_OP_ADD: reg = reg + value; not an access to memory
 * @DEVTLB_OP_FENCE: order all earlier accesses before all later ones
 * @DEVTLB_OP_WAIT: load from the operand's address until it equals value; each
 *	try is an access of its own
 * @DEVTLB_OP_LOOP: reg = reg + 1; go to @target unless reg reached value, then
 *	reg = 0 and go on. A value of 0 loops for ever
 * @DEVTLB_OP_LOG: append reg to the thread's log
 */
enum devtlb_op {
	DEVTLB_OP_LOAD = 1,
	DEVTLB_OP_STORE,
	DEVTLB_OP_SET,
	DEVTLB_OP_ADD,
	DEVTLB_OP_FENCE,
	DEVTLB_OP_WAIT,
	DEVTLB_OP_LOOP,
	DEVTLB_OP_LOG,

	/* private: */
	__DEVTLB_OP_MAX,
	DEVTLB_OP_MAX = __DEVTLB_OP_MAX - 1
};

/**
 * enum devtlb_thread_state - what became of a device thread
 * @DEVTLB_THREAD_RUNNING: it runs
 * @DEVTLB_THREAD_FINISHED: it ran off the end of its program
 * @DEVTLB_THREAD_STOPPED: it was told to stop
 * @DEVTLB_THREAD_RELEASED: its address space is gone
 */
enum devtlb_thread_state {
	DEVTLB_THREAD_RUNNING,
	DEVTLB_THREAD_FINISHED,
	DEVTLB_THREAD_STOPPED,
	DEVTLB_THREAD_RELEASED,
};

/**
 * enum devtlb_mutant - deliberate defects
 * @DEVTLB_MUTANT_DROP: the device does not hear the notification
 * @DEVTLB_MUTANT_DEFER: the device hears it from a work item, some time later
 * @DEVTLB_MUTANT_LATE: the device hears it when the notifier range that the
 *	operation has open (invalidate_range_start() to _end()) ends, so after
 *	the page-table lock was dropped; without such a range at once
 * @DEVTLB_MUTANT_TRIM: the device hears of the first 4K only
 * @DEVTLB_MUTANT_MISROUTE: another PASID hears it instead
 * @DEVTLB_MUTANT_EARLY_ACK: an invalidation returns before the accesses in
 *	flight are done
 * @DEVTLB_MUTANT_NO_RECHECK: a fill installs what it walked, although an
 *	invalidation overtook it
 * @DEVTLB_MUTANT_EXACT_MATCH: an invalidation of a piece of a page leaves the
 *	page's translation
 * @DEVTLB_MUTANT_NO_SENTINEL: an end of ~0UL is taken for an empty range
 * @DEVTLB_MUTANT_PROT_NONE: PROT_NONE entries are filled as if they were
 *	present
 * @DEVTLB_MUTANT_NO_DIRTY: writable translations of clean pages are filled, and
 *	the dirty bit stays clear
 * @DEVTLB_MUTANT_UPGRADE: a store through a read-only translation makes it
 *	writable, without a translation request
 * @DEVTLB_MUTANT_NO_RELEASE: ->release is ignored
 * @DEVTLB_MUTANT_KEEP_TABLES: invalidations leave the page-walk cache alone
 * @DEVTLB_MUTANT_FRACTURE_HEAD: of the 4K pieces of a 2M page, an invalidation
 *	removes only the first one that it finds
 * @DEVTLB_MUTANT_FIRST_PAGE: the device does not hear of the first 4K
 * @DEVTLB_MUTANT_LAST_PAGE: the device does not hear of the last 4K
 * @DEVTLB_MUTANT_BEYOND_TABLE: the device hears of what is in the first
 *	page-table page (2M) only
 * @DEVTLB_MUTANT_BEYOND_PUD: the device hears of what is in the first
 *	page-table page of the next level (1G) only
 *
 * The first five and the last four change how the kernel's notifications reach
 * the device; the others are the device's own. ->release can be dropped,
 * deferred and misrouted; it is neither late nor trimmed, for it has no range.
 */
enum devtlb_mutant {
	DEVTLB_MUTANT_DROP = 1,
	DEVTLB_MUTANT_DEFER,
	DEVTLB_MUTANT_LATE,
	DEVTLB_MUTANT_TRIM,
	DEVTLB_MUTANT_MISROUTE,
	DEVTLB_MUTANT_EARLY_ACK,
	DEVTLB_MUTANT_NO_RECHECK,
	DEVTLB_MUTANT_EXACT_MATCH,
	DEVTLB_MUTANT_NO_SENTINEL,
	DEVTLB_MUTANT_PROT_NONE,
	DEVTLB_MUTANT_NO_DIRTY,
	DEVTLB_MUTANT_UPGRADE,
	DEVTLB_MUTANT_NO_RELEASE,
	DEVTLB_MUTANT_KEEP_TABLES,
	DEVTLB_MUTANT_FRACTURE_HEAD,
	DEVTLB_MUTANT_FIRST_PAGE,
	DEVTLB_MUTANT_LAST_PAGE,
	DEVTLB_MUTANT_BEYOND_TABLE,
	DEVTLB_MUTANT_BEYOND_PUD,

	/* private: */
	__DEVTLB_MUTANT_MAX,
	DEVTLB_MUTANT_MAX = __DEVTLB_MUTANT_MAX - 1
};

/**
 * enum devtlb_only - what in a notification a mutant acts on
 * @DEVTLB_ONLY_WRITABLE: translations that grant stores, so those of dirty
 *	pages
 * @DEVTLB_ONLY_SHARED: translations of pages that other page tables may map,
 *	too: of files, and anonymous ones that are not exclusive
 * @DEVTLB_ONLY_PTE_MAPPED: translations of 4K in a large folio
 * @DEVTLB_ONLY_FOREIGN: notifications that come from others than the process
 * @DEVTLB_ONLY_TABLES: page-table pages of the page-walk cache, as by an
 *	invalidation hint that says by mistake that only leaves have changed
 */
enum devtlb_only {
	DEVTLB_ONLY_WRITABLE = 1,
	DEVTLB_ONLY_SHARED,
	DEVTLB_ONLY_PTE_MAPPED,
	DEVTLB_ONLY_FOREIGN,
	DEVTLB_ONLY_TABLES,

	/* private: */
	__DEVTLB_ONLY_MAX,
	DEVTLB_ONLY_MAX = __DEVTLB_ONLY_MAX - 1
};

/**
 * enum devtlb_rule - the rules of which a finding proves a breach
 * @DEVTLB_RULE_A: a page is not freed while it is translated
 * @DEVTLB_RULE_B: a page-table entry is not switched to a new page before the
 *	old translation died
 * @DEVTLB_RULE_C: a page is not copied away while a writable translation of it
 *	lives
 * @DEVTLB_RULE_D: when the operation has returned, nothing cached is wider than
 *	the page table
 */
enum devtlb_rule {
	DEVTLB_RULE_A = 1,
	DEVTLB_RULE_B,
	DEVTLB_RULE_C,
	DEVTLB_RULE_D,
};

/**
 * enum devtlb_breach - how a rule was broken
 * @DEVTLB_BREACH_FREED: rule A: the page was freed, or went back to its pool
 * @DEVTLB_BREACH_SWITCHED: rule B: the page table shows another page
 * @DEVTLB_BREACH_MISSING: rule D: the page table shows nothing
 * @DEVTLB_BREACH_OTHER_PAGE: rule D: the page table shows another page
 * @DEVTLB_BREACH_MORE_PERMISSIVE: rule D: writable here, not so there
 * @DEVTLB_BREACH_PARTLY_COVERED: rule D: a large translation of which the page
 *	table still maps a part
 * @DEVTLB_BREACH_CLEAN: rule D: writable here, and clean there: stores would go
 *	unnoticed
 * @DEVTLB_BREACH_TABLE_FREED: rule A: a page-table page was freed that the
 *	page-walk cache holds
 * @DEVTLB_BREACH_COPIED: rule C: the page was copied while it was writable here
 * @DEVTLB_BREACH_TABLE_DETACHED: rule D: the page table no longer has the
 *	page-table page there that the page-walk cache holds
 */
enum devtlb_breach {
	DEVTLB_BREACH_FREED = 1,
	DEVTLB_BREACH_SWITCHED,
	DEVTLB_BREACH_MISSING,
	DEVTLB_BREACH_OTHER_PAGE,
	DEVTLB_BREACH_MORE_PERMISSIVE,
	DEVTLB_BREACH_PARTLY_COVERED,
	DEVTLB_BREACH_CLEAN,
	DEVTLB_BREACH_TABLE_FREED,
	DEVTLB_BREACH_COPIED,
	DEVTLB_BREACH_TABLE_DETACHED,
};

/**
 * enum devtlb_right - bits of DEVTLB_A_FINDING_RIGHTS and
 *	DEVTLB_A_FINDING_TABLE_RIGHTS
 * @DEVTLB_RIGHT_READ: loads
 * @DEVTLB_RIGHT_WRITE: stores
 */
enum devtlb_right {
	DEVTLB_RIGHT_READ = 0x1,
	DEVTLB_RIGHT_WRITE = 0x2,
};

/**
 * enum devtlb_info_attr - what DEVTLB_CMD_INFO_GET replies
 * @DEVTLB_A_INFO_UNSPEC: unused
 * @DEVTLB_A_INFO_PAD: padding of 64-bit attributes
 * @DEVTLB_A_INFO_VERSION: string, the module's version
 * @DEVTLB_A_INFO_CALLBACK: u32, enum devtlb_callback
 * @DEVTLB_A_INFO_CONTAIN: flag, translations die when a finding proves them
 *	stale (invariant 6)
 * @DEVTLB_A_INFO_PASIDS: u32, bound now
 * @DEVTLB_A_INFO_THREADS: u32, device threads that exist now
 * @DEVTLB_A_INFO_TRANSLATIONS: u64, held now, by all PASIDs
 * @DEVTLB_A_INFO_PROBE: string, once for each place in the kernel that a
 *	detector watches now: the rule and the tracepoint or function, as in "A
 *	mm_page_free"; none while nothing is bound
 * @DEVTLB_A_INFO_PROBE_MISSING: string, once for each place that a detector
 *	would watch and this kernel does not offer
 * @DEVTLB_A_INFO_PROBE_MISSES: u64, hits that the probes missed, because they
 *	came inside another one
 * @DEVTLB_A_INFO_PROBE_SILENT: string, once for each place that a detector
 *	watches in vain now, for ftrace is off
 * @DEVTLB_A_INFO_STACKS_RECALLED: u64, callbacks whose stack was recognised,
 *	all in all; about, for two CPUs may count at once
 * @DEVTLB_A_INFO_STACKS_UNWOUND: u64, callbacks whose stack was unwound: it was
 *	not recognised, or that was checked
 */
enum devtlb_info_attr {
	DEVTLB_A_INFO_UNSPEC,
	DEVTLB_A_INFO_PAD,
	DEVTLB_A_INFO_VERSION,
	DEVTLB_A_INFO_CALLBACK,
	DEVTLB_A_INFO_CONTAIN,
	DEVTLB_A_INFO_PASIDS,
	DEVTLB_A_INFO_THREADS,
	DEVTLB_A_INFO_TRANSLATIONS,
	DEVTLB_A_INFO_PROBE,
	DEVTLB_A_INFO_PROBE_MISSING,
	DEVTLB_A_INFO_PROBE_MISSES,
	DEVTLB_A_INFO_PROBE_SILENT,
	DEVTLB_A_INFO_STACKS_RECALLED,
	DEVTLB_A_INFO_STACKS_UNWOUND,

	/* private: */
	__DEVTLB_A_INFO_MAX,
	DEVTLB_A_INFO_MAX = __DEVTLB_A_INFO_MAX - 1
};

/**
 * enum devtlb_pasid_attr - a bound address space
 * @DEVTLB_A_PASID_UNSPEC: unused
 * @DEVTLB_A_PASID_PAD: padding of 64-bit attributes
 * @DEVTLB_A_PASID_ID: u32, never 0
 * @DEVTLB_A_PASID_PID: u32, in a request: whose mm to bind; in a reply: whose
 *	it was when it was bound
 * @DEVTLB_A_PASID_FRACTURE: flag, hold large pages as 4K translations
 * @DEVTLB_A_PASID_RELEASED: flag, the address space is gone (->release)
 * @DEVTLB_A_PASID_HELD: u64, translations held
 * @DEVTLB_A_PASID_FILLS: u64, translations filled
 * @DEVTLB_A_PASID_FILL_RETRIES: u64, fills given up because an invalidation
 *	came
 * @DEVTLB_A_PASID_PAGE_REQUESTS: u64, faults handled for the device
 * @DEVTLB_A_PASID_INVALIDATIONS: u64, callbacks
 * @DEVTLB_A_PASID_EMPTY_INVALIDATIONS: u64, callbacks with an empty range
 * @DEVTLB_A_PASID_INVALIDATED: u64, translations that callbacks removed
 * @DEVTLB_A_PASID_WITHHELD_INVALIDATIONS: u64, callbacks that a mutant withheld
 *	from the device: dropped, late, trimmed or misrouted
 * @DEVTLB_A_PASID_STALE_READS: u64, stale reads seen by checked accesses
 * @DEVTLB_A_PASID_SUPPRESSED_STORES: u64, stores that containment held back
 * @DEVTLB_A_PASID_ZAP_RACES: u64, another page under a live translation while a
 *	TLB flush was pending: a zap that raced with a fault, which is legal
 * @DEVTLB_A_PASID_FINDINGS: u64, findings, with every repetition
 * @DEVTLB_A_PASID_FINDINGS_LOST: u64, findings that found no room
 * @DEVTLB_A_PASID_THREADS: u32, device threads that exist now
 * @DEVTLB_A_PASID_TABLES: u64, page-table pages that the page-walk cache holds
 * @DEVTLB_A_PASID_LATE_INVALIDATIONS: u64, callbacks that a mutant delivered
 *	late
 * @DEVTLB_A_PASID_WATCH: u32, the watch that made it; then its findings are
 *	those of the watch
 * @DEVTLB_A_PASID_COMM: string, name of the process when it was bound, or of
 *	what it was executing then
 * @DEVTLB_A_PASID_THREADS_FORGOTTEN: u64, device threads that were stopped and
 *	are no longer listed
 */
enum devtlb_pasid_attr {
	DEVTLB_A_PASID_UNSPEC,
	DEVTLB_A_PASID_PAD,
	DEVTLB_A_PASID_ID,
	DEVTLB_A_PASID_PID,
	DEVTLB_A_PASID_FRACTURE,
	DEVTLB_A_PASID_RELEASED,
	DEVTLB_A_PASID_HELD,
	DEVTLB_A_PASID_FILLS,
	DEVTLB_A_PASID_FILL_RETRIES,
	DEVTLB_A_PASID_PAGE_REQUESTS,
	DEVTLB_A_PASID_INVALIDATIONS,
	DEVTLB_A_PASID_EMPTY_INVALIDATIONS,
	DEVTLB_A_PASID_INVALIDATED,
	DEVTLB_A_PASID_WITHHELD_INVALIDATIONS,
	DEVTLB_A_PASID_STALE_READS,
	DEVTLB_A_PASID_SUPPRESSED_STORES,
	DEVTLB_A_PASID_ZAP_RACES,
	DEVTLB_A_PASID_FINDINGS,
	DEVTLB_A_PASID_FINDINGS_LOST,
	DEVTLB_A_PASID_THREADS,
	DEVTLB_A_PASID_TABLES,
	DEVTLB_A_PASID_LATE_INVALIDATIONS,
	DEVTLB_A_PASID_WATCH,
	DEVTLB_A_PASID_COMM,
	DEVTLB_A_PASID_THREADS_FORGOTTEN,

	/* private: */
	__DEVTLB_A_PASID_MAX,
	DEVTLB_A_PASID_MAX = __DEVTLB_A_PASID_MAX - 1
};

/**
 * enum devtlb_watch_attr - a watch: a tree of processes that the device mirrors
 * @DEVTLB_A_WATCH_UNSPEC: unused
 * @DEVTLB_A_WATCH_PAD: padding of 64-bit attributes
 * @DEVTLB_A_WATCH_ID: u32, never 0
 * @DEVTLB_A_WATCH_PID: u32, in a request: the process to follow
 * @DEVTLB_A_WATCH_FROM_EXEC: flag, in a request: not what the process runs now,
 *	but what it executes next
 * @DEVTLB_A_WATCH_PROCESSES_MAX: u32, address spaces bound at a time; 1024 when
 *	absent, DEVTLB_WATCH_PROCESSES_MAX at most
 * @DEVTLB_A_WATCH_TRANSLATIONS_MAX: u64, translations held at a time; 4194304
 *	when absent
 * @DEVTLB_A_WATCH_SHARE: u32, percent of one CPU that the watch may use for
 *	mirroring, and for binding what was forked; 5 when absent,
 *	DEVTLB_WATCH_SHARE_MAX at most
 * @DEVTLB_A_WATCH_WRITE: flag, ask for writable translations of whatever is
 *	writable, which dirties pages; without it, of what is dirty already
 * @DEVTLB_A_WATCH_FRACTURE: flag, hold large pages as 4K translations
 * @DEVTLB_A_WATCH_PROCESSES: u32, address spaces bound now
 * @DEVTLB_A_WATCH_PROCESSES_SEEN: u64, address spaces that belonged to the
 *	watch at any time, but for those that were forked and had executed
 *	something before they could be bound
 * @DEVTLB_A_WATCH_PROCESSES_UNWATCHED: u64, of them, those that were never
 *	bound because of DEVTLB_A_WATCH_PROCESSES_MAX, or for want of memory
 * @DEVTLB_A_WATCH_PROCESSES_MISSED: u64, of them, those that were forked and
 *	had exited before they could be bound
 * @DEVTLB_A_WATCH_PRESENT: u64, present 4K pages that sweeps met, each time
 * @DEVTLB_A_WATCH_MIRRORED: u64, of them, those of which the device held a
 *	translation already: mirror coverage
 * @DEVTLB_A_WATCH_NOT_MIRRORED: u64, of them, those that it then did not fill
 *	because of DEVTLB_A_WATCH_TRANSLATIONS_MAX
 * @DEVTLB_A_WATCH_SWEEPS: u64, sweeps over an address space that were completed
 * @DEVTLB_A_WATCH_TIME: u64, nanoseconds of CPU time used
 * @DEVTLB_A_WATCH_PREFETCHES: u64, translations filled because a fault was seen
 * @DEVTLB_A_WATCH_AUDITS: u64, audits, each of a PASID in which a sweep found
 *	the same difference several times
 * @DEVTLB_A_WATCH_HELD: u64, translations held now
 * @DEVTLB_A_WATCH_FILLS: u64, translations filled
 * @DEVTLB_A_WATCH_INVALIDATIONS: u64, callbacks
 * @DEVTLB_A_WATCH_INVALIDATED: u64, translations that callbacks removed
 * @DEVTLB_A_WATCH_WITHHELD_INVALIDATIONS: u64, callbacks that a mutant withheld
 * @DEVTLB_A_WATCH_ZAP_RACES: u64, as DEVTLB_A_PASID_ZAP_RACES
 * @DEVTLB_A_WATCH_FINDINGS: u64, findings, with every repetition
 * @DEVTLB_A_WATCH_FINDINGS_LOST: u64, findings that found no room
 * @DEVTLB_A_WATCH_PROCESSES_ALIVE: u32, address spaces that belong to the watch
 *	and are there now, bound or to be bound
 * @DEVTLB_A_WATCH_UNRESOLVED: u64, what looked like a breach of rule D and
 *	could not be decided, each time: a flush was pending, a page locked, or
 *	the process needed its mmap_lock
 */
enum devtlb_watch_attr {
	DEVTLB_A_WATCH_UNSPEC,
	DEVTLB_A_WATCH_PAD,
	DEVTLB_A_WATCH_ID,
	DEVTLB_A_WATCH_PID,
	DEVTLB_A_WATCH_FROM_EXEC,
	DEVTLB_A_WATCH_PROCESSES_MAX,
	DEVTLB_A_WATCH_TRANSLATIONS_MAX,
	DEVTLB_A_WATCH_SHARE,
	DEVTLB_A_WATCH_WRITE,
	DEVTLB_A_WATCH_FRACTURE,
	DEVTLB_A_WATCH_PROCESSES,
	DEVTLB_A_WATCH_PROCESSES_SEEN,
	DEVTLB_A_WATCH_PROCESSES_UNWATCHED,
	DEVTLB_A_WATCH_PROCESSES_MISSED,
	DEVTLB_A_WATCH_PRESENT,
	DEVTLB_A_WATCH_MIRRORED,
	DEVTLB_A_WATCH_NOT_MIRRORED,
	DEVTLB_A_WATCH_SWEEPS,
	DEVTLB_A_WATCH_TIME,
	DEVTLB_A_WATCH_PREFETCHES,
	DEVTLB_A_WATCH_AUDITS,
	DEVTLB_A_WATCH_HELD,
	DEVTLB_A_WATCH_FILLS,
	DEVTLB_A_WATCH_INVALIDATIONS,
	DEVTLB_A_WATCH_INVALIDATED,
	DEVTLB_A_WATCH_WITHHELD_INVALIDATIONS,
	DEVTLB_A_WATCH_ZAP_RACES,
	DEVTLB_A_WATCH_FINDINGS,
	DEVTLB_A_WATCH_FINDINGS_LOST,
	DEVTLB_A_WATCH_PROCESSES_ALIVE,
	DEVTLB_A_WATCH_UNRESOLVED,

	/* private: */
	__DEVTLB_A_WATCH_MAX,
	DEVTLB_A_WATCH_MAX = __DEVTLB_A_WATCH_MAX - 1
};

/**
 * enum devtlb_thread_attr - a device thread
 * @DEVTLB_A_THREAD_UNSPEC: unused
 * @DEVTLB_A_THREAD_PAD: padding of 64-bit attributes
 * @DEVTLB_A_THREAD_PASID: u32, whose memory it accesses
 * @DEVTLB_A_THREAD_ID: u32, unique within the PASID, never 0
 * @DEVTLB_A_THREAD_PROGRAM: binary, struct devtlb_insn[]
 * @DEVTLB_A_THREAD_CHECK_EVERY: u32, check every N-th access against the page
 *	table; 0, the default, for none
 * @DEVTLB_A_THREAD_STATE: u32, enum devtlb_thread_state
 * @DEVTLB_A_THREAD_ACCESSES: u64, accesses made
 * @DEVTLB_A_THREAD_CHECKED: u64, of them checked
 * @DEVTLB_A_THREAD_FAULTS: u64, accesses refused because the process has no
 *	such memory, or not with that right; the program goes on after them
 * @DEVTLB_A_THREAD_LOG: binary, __u64[]: what the program logged
 * @DEVTLB_A_THREAD_LOG_LOST: u64, values that found no room in the log
 */
enum devtlb_thread_attr {
	DEVTLB_A_THREAD_UNSPEC,
	DEVTLB_A_THREAD_PAD,
	DEVTLB_A_THREAD_PASID,
	DEVTLB_A_THREAD_ID,
	DEVTLB_A_THREAD_PROGRAM,
	DEVTLB_A_THREAD_CHECK_EVERY,
	DEVTLB_A_THREAD_STATE,
	DEVTLB_A_THREAD_ACCESSES,
	DEVTLB_A_THREAD_CHECKED,
	DEVTLB_A_THREAD_FAULTS,
	DEVTLB_A_THREAD_LOG,
	DEVTLB_A_THREAD_LOG_LOST,

	/* private: */
	__DEVTLB_A_THREAD_MAX,
	DEVTLB_A_THREAD_MAX = __DEVTLB_A_THREAD_MAX - 1
};

/**
 * enum devtlb_mutant_attr - a mutant
 * @DEVTLB_A_MUTANT_UNSPEC: unused
 * @DEVTLB_A_MUTANT_PAD: padding of 64-bit attributes
 * @DEVTLB_A_MUTANT_PASID: u32, which PASID it defects
 * @DEVTLB_A_MUTANT_KIND: u32, enum devtlb_mutant
 * @DEVTLB_A_MUTANT_SITE: string, a kernel function, or several as in
 *	DEVTLB_A_SITE_CHAIN: it acts on each notification that has them in its
 *	chain, one after the other; on all when absent
 * @DEVTLB_A_MUTANT_WHOLE_CHAIN: flag, DEVTLB_A_MUTANT_SITE is all of the chain
 * @DEVTLB_A_MUTANT_NTH: u32, it acts from the N-th such notification on; 1, the
 *	first, when absent
 * @DEVTLB_A_MUTANT_TIMES: u32, it acts so many times at most; without end when
 *	absent
 * @DEVTLB_A_MUTANT_PROBABILITY: u32, of acting each time, in millionths;
 *	DEVTLB_CERTAIN when absent
 * @DEVTLB_A_MUTANT_SEED: u64, of the random numbers behind
 *	DEVTLB_A_MUTANT_PROBABILITY: the same seed acts on the same
 *	notifications
 * @DEVTLB_A_MUTANT_DELAY: u32, milliseconds of DEVTLB_MUTANT_DEFER; 10 when
 *	absent, DEVTLB_DEFER_MAX at most
 * @DEVTLB_A_MUTANT_OTHER: u32, the PASID that hears what DEVTLB_MUTANT_MISROUTE
 *	misroutes
 * @DEVTLB_A_MUTANT_WATCH: u32, which watch's PASIDs it defects
 * @DEVTLB_A_MUTANT_PAGES_MIN: u32, it acts on notifications of so many pages of
 *	4K, or more
 * @DEVTLB_A_MUTANT_PAGES_MAX: u32, it acts on notifications of so many pages of
 *	4K, or fewer
 * @DEVTLB_A_MUTANT_EVERY: u32, it acts on the first of so many such
 *	notifications
 * @DEVTLB_A_MUTANT_ONLY: u32, enum devtlb_only: of what DEVTLB_MUTANT_DROP,
 *	DEVTLB_MUTANT_TRIM, or one that is named after a piece would withhold,
 *	only this; of all mutants that act on notifications, DEVTLB_ONLY_FOREIGN
 */
enum devtlb_mutant_attr {
	DEVTLB_A_MUTANT_UNSPEC,
	DEVTLB_A_MUTANT_PAD,
	DEVTLB_A_MUTANT_PASID,
	DEVTLB_A_MUTANT_KIND,
	DEVTLB_A_MUTANT_SITE,
	DEVTLB_A_MUTANT_WHOLE_CHAIN,
	DEVTLB_A_MUTANT_NTH,
	DEVTLB_A_MUTANT_TIMES,
	DEVTLB_A_MUTANT_PROBABILITY,
	DEVTLB_A_MUTANT_SEED,
	DEVTLB_A_MUTANT_DELAY,
	DEVTLB_A_MUTANT_OTHER,
	DEVTLB_A_MUTANT_WATCH,
	DEVTLB_A_MUTANT_PAGES_MIN,
	DEVTLB_A_MUTANT_PAGES_MAX,
	DEVTLB_A_MUTANT_EVERY,
	DEVTLB_A_MUTANT_ONLY,

	/* private: */
	__DEVTLB_A_MUTANT_MAX,
	DEVTLB_A_MUTANT_MAX = __DEVTLB_A_MUTANT_MAX - 1
};

/**
 * enum devtlb_window_attr - windows that are held open
 * @DEVTLB_A_WINDOW_UNSPEC: unused
 * @DEVTLB_A_WINDOW_PASID: u32, the PASID
 * @DEVTLB_A_WINDOW_RANGE_END: u32, microseconds by which the end of each
 *	notifier range is held back, where the kernel lets a notifier sleep; 0
 *	for not at all, DEVTLB_RANGE_END_DELAY_MAX at most
 * @DEVTLB_A_WINDOW_FUNCTION: string, a kernel function that is held back when
 *	the process itself, or one of its device threads, calls it
 * @DEVTLB_A_WINDOW_FUNCTION_DELAY: u32, microseconds, with preemption off; 0
 *	for not at all, DEVTLB_FUNCTION_DELAY_MAX at most
 */
enum devtlb_window_attr {
	DEVTLB_A_WINDOW_UNSPEC,
	DEVTLB_A_WINDOW_PASID,
	DEVTLB_A_WINDOW_RANGE_END,
	DEVTLB_A_WINDOW_FUNCTION,
	DEVTLB_A_WINDOW_FUNCTION_DELAY,

	/* private: */
	__DEVTLB_A_WINDOW_MAX,
	DEVTLB_A_WINDOW_MAX = __DEVTLB_A_WINDOW_MAX - 1
};

/**
 * enum devtlb_operation_attr - an operation of the kernel on some memory
 * @DEVTLB_A_OPERATION_UNSPEC: unused
 * @DEVTLB_A_OPERATION_PASID: u32, the PASID
 * @DEVTLB_A_OPERATION_START: u64, the first address
 * @DEVTLB_A_OPERATION_BYTES: u64, how much memory from there on; 1 at least
 */
enum devtlb_operation_attr {
	DEVTLB_A_OPERATION_UNSPEC,
	DEVTLB_A_OPERATION_PASID,
	DEVTLB_A_OPERATION_START,
	DEVTLB_A_OPERATION_BYTES,

	/* private: */
	__DEVTLB_A_OPERATION_MAX,
	DEVTLB_A_OPERATION_MAX = __DEVTLB_A_OPERATION_MAX - 1
};

/**
 * enum devtlb_audit_attr - an audit and its result
 * @DEVTLB_A_AUDIT_UNSPEC: unused
 * @DEVTLB_A_AUDIT_PAD: padding of 64-bit attributes
 * @DEVTLB_A_AUDIT_PASID: u32, the PASID; all that belong to the socket when
 *	absent
 * @DEVTLB_A_AUDIT_HELD: u64, translations compared
 * @DEVTLB_A_AUDIT_BREACHES: u64, translations that breach rule D
 * @DEVTLB_A_AUDIT_EXEMPT: u64, read-only translations of another page with
 *	equal bytes, which is legal
 */
enum devtlb_audit_attr {
	DEVTLB_A_AUDIT_UNSPEC,
	DEVTLB_A_AUDIT_PAD,
	DEVTLB_A_AUDIT_PASID,
	DEVTLB_A_AUDIT_HELD,
	DEVTLB_A_AUDIT_BREACHES,
	DEVTLB_A_AUDIT_EXEMPT,

	/* private: */
	__DEVTLB_A_AUDIT_MAX,
	DEVTLB_A_AUDIT_MAX = __DEVTLB_A_AUDIT_MAX - 1
};

/**
 * enum devtlb_prefetch_attr - a prefetch and what it came to
 * @DEVTLB_A_PREFETCH_UNSPEC: unused
 * @DEVTLB_A_PREFETCH_PAD: padding of 64-bit attributes
 * @DEVTLB_A_PREFETCH_PASID: u32, the PASID; all that belong to the socket when
 *	absent
 * @DEVTLB_A_PREFETCH_VA: u64, the first address
 * @DEVTLB_A_PREFETCH_SIZE: u64, bytes
 * @DEVTLB_A_PREFETCH_WRITE: flag, ask for writable translations of whatever is
 *	writable, which dirties pages; without it, of what is dirty already
 * @DEVTLB_A_PREFETCH_PRESENT: u64, present 4K pages that it met
 * @DEVTLB_A_PREFETCH_HELD: u64, of them, those of which a translation was held
 *	already
 * @DEVTLB_A_PREFETCH_FILLED: u64, of them, those of which one was filled
 * @DEVTLB_A_PREFETCH_AGAIN: flag, let go of what is held already, and fill it
 *	once more: an ATC may do so at any time
 */
enum devtlb_prefetch_attr {
	DEVTLB_A_PREFETCH_UNSPEC,
	DEVTLB_A_PREFETCH_PAD,
	DEVTLB_A_PREFETCH_PASID,
	DEVTLB_A_PREFETCH_VA,
	DEVTLB_A_PREFETCH_SIZE,
	DEVTLB_A_PREFETCH_WRITE,
	DEVTLB_A_PREFETCH_PRESENT,
	DEVTLB_A_PREFETCH_HELD,
	DEVTLB_A_PREFETCH_FILLED,
	DEVTLB_A_PREFETCH_AGAIN,

	/* private: */
	__DEVTLB_A_PREFETCH_MAX,
	DEVTLB_A_PREFETCH_MAX = __DEVTLB_A_PREFETCH_MAX - 1
};

/**
 * enum devtlb_site_attr - a site: a chain of kernel functions that notifies
 * @DEVTLB_A_SITE_UNSPEC: unused
 * @DEVTLB_A_SITE_PAD: padding of 64-bit attributes
 * @DEVTLB_A_SITE_PASID: u32, in a request: count what this PASID was told
 * @DEVTLB_A_SITE_ID: u32, stable until the module is unloaded
 * @DEVTLB_A_SITE_CHAIN: string, function names, innermost first, joined by " <
 *	"
 * @DEVTLB_A_SITE_COUNT: u64, notifications
 * @DEVTLB_A_SITE_WITHHELD: u64, of them withheld from the device by a mutant
 * @DEVTLB_A_SITE_UNDER_LOCK: u64, of them with preemption disabled, as under
 *	the page-table lock
 * @DEVTLB_A_SITE_SMALLEST: u64, bytes of the smallest range
 * @DEVTLB_A_SITE_LARGEST: u64, bytes of the largest range; ~0 for a full flush
 * @DEVTLB_A_SITE_SURVIVED: u64, translations that lived on because it was
 *	withheld
 * @DEVTLB_A_SITE_COVERED_BY: string, the chain of the site that removed the
 *	last of those that another site removed later; absent when none did
 * @DEVTLB_A_SITE_RIGHT: u64, of those that survived, translations that an audit
 *	or a fill found right: it had not been about them
 * @DEVTLB_A_SITE_WATCH: u32, in a request: count what this watch was told
 * @DEVTLB_A_SITE_STALE: u64, of those that survived, translations that were
 *	wider than the page table when the notification was withheld
 * @DEVTLB_A_SITE_COVERED: u64, of those that survived, translations that
 *	another site's notification removed
 * @DEVTLB_A_SITE_LATE: u64, of those that survived, translations that the
 *	notification removed when it was delivered in the end
 * @DEVTLB_A_SITE_AGAIN: u64, of those that survived, translations from which
 *	another site's notification was withheld next: that site accounts for
 *	them now
 * @DEVTLB_A_SITE_RETIRED: u64, of one PASID: translations that its
 *	notifications removed in the last operation (DEVTLB_CMD_OPERATION_SET),
 *	and that the page table did not grant any more
 */
enum devtlb_site_attr {
	DEVTLB_A_SITE_UNSPEC,
	DEVTLB_A_SITE_PAD,
	DEVTLB_A_SITE_PASID,
	DEVTLB_A_SITE_ID,
	DEVTLB_A_SITE_CHAIN,
	DEVTLB_A_SITE_COUNT,
	DEVTLB_A_SITE_WITHHELD,
	DEVTLB_A_SITE_UNDER_LOCK,
	DEVTLB_A_SITE_SMALLEST,
	DEVTLB_A_SITE_LARGEST,
	DEVTLB_A_SITE_SURVIVED,
	DEVTLB_A_SITE_COVERED_BY,
	DEVTLB_A_SITE_RIGHT,
	DEVTLB_A_SITE_WATCH,
	DEVTLB_A_SITE_STALE,
	DEVTLB_A_SITE_COVERED,
	DEVTLB_A_SITE_LATE,
	DEVTLB_A_SITE_AGAIN,
	DEVTLB_A_SITE_RETIRED,

	/* private: */
	__DEVTLB_A_SITE_MAX,
	DEVTLB_A_SITE_MAX = __DEVTLB_A_SITE_MAX - 1
};

/**
 * enum devtlb_finding_attr - a finding: one proven breach of one rule
 * @DEVTLB_A_FINDING_UNSPEC: unused
 * @DEVTLB_A_FINDING_PAD: padding of 64-bit attributes
 * @DEVTLB_A_FINDING_PASID: u32, whose translation it is about
 * @DEVTLB_A_FINDING_SEQ: u32, counts the findings about a PASID, or about a
 *	watch, from 1
 * @DEVTLB_A_FINDING_RULE: u32, enum devtlb_rule
 * @DEVTLB_A_FINDING_BREACH: u32, enum devtlb_breach
 * @DEVTLB_A_FINDING_COUNT: u64, how often the same was found: same rule,
 *	breach, size, stack, withheld and last site. All else tells of the first
 *	one
 * @DEVTLB_A_FINDING_VA: u64, first byte of the translation
 * @DEVTLB_A_FINDING_AT: u64, the first byte within it that breaches the rule; a
 *	piece when a large translation is partly covered
 * @DEVTLB_A_FINDING_SIZE: u64, bytes of the translation
 * @DEVTLB_A_FINDING_PFN: u64, the frame that the device held for that byte
 * @DEVTLB_A_FINDING_NEW_PFN: u64, the frame that the process has there; absent
 *	when it has none, see DEVTLB_A_FINDING_NO_NEW_PFN, or before it was
 *	looked up: for rule A, at the next stale read or audit
 * @DEVTLB_A_FINDING_RIGHTS: u32, of the translation
 * @DEVTLB_A_FINDING_TABLE_RIGHTS: u32, in the page table
 * @DEVTLB_A_FINDING_AGE: u64, nanoseconds from the fill to the finding
 * @DEVTLB_A_FINDING_FILLER: u32, device thread that filled it; 0 for the mirror
 *	of a watch, and for a prefetch
 * @DEVTLB_A_FINDING_WITHHELD_SITE: string, site whose notification a mutant
 *	withheld from this translation; absent when there was none
 * @DEVTLB_A_FINDING_LAST_SITE: string, the site that last notified these
 *	addresses; absent when none did of the last ones that are remembered
 * @DEVTLB_A_FINDING_FLUSH_PENDING: flag, mm_tlb_flush_pending() was true
 * @DEVTLB_A_FINDING_STALE_READS: u64, stale reads that checked accesses saw
 *	through this translation
 * @DEVTLB_A_FINDING_STALE_READ_AT: u64, address of the first of them
 * @DEVTLB_A_FINDING_STALE_READ_GOT: u64, the eight bytes that the device got
 * @DEVTLB_A_FINDING_STALE_READ_HAS: u64, the eight bytes that the process has
 *	there
 * @DEVTLB_A_FINDING_STALE_READ_BY: u32, the device thread
 * @DEVTLB_A_FINDING_PID: u32, task in whose context it was found
 * @DEVTLB_A_FINDING_COMM: string, that task's name
 * @DEVTLB_A_FINDING_STACK: string, once for each frame, innermost first: of the
 *	call that freed the page (rule A), that switched the entry or notified
 *	too late (rule B), that copied the page (rule C); absent when it was not
 *	seen
 * @DEVTLB_A_FINDING_LOST_STORES: u64, stores through this translation that
 *	containment held back: the process never sees them
 * @DEVTLB_A_FINDING_LOST: u64, findings about the PASID, or about the watch,
 *	that found no room
 * @DEVTLB_A_FINDING_WATCH: u32, the watch that made the PASID, if one did
 * @DEVTLB_A_FINDING_OWNER_PID: u32, process whose translation it is, as it was
 *	bound
 * @DEVTLB_A_FINDING_OWNER_COMM: string, that process's name then
 * @DEVTLB_A_FINDING_NO_NEW_PFN: flag, it was looked up, and the process has
 *	nothing there
 * @DEVTLB_A_FINDING_HUGETLB: flag, when it was found, the frame that the device
 *	held belonged to a page of hugetlbfs
 * @DEVTLB_A_FINDING_BESIDE_SITE: string, of what was told since the last
 *	operation began that is about its memory, and not about this
 *	translation, the nearest: from where; absent when there was none
 * @DEVTLB_A_FINDING_BESIDE_START: u64, the first byte that was told of there
 * @DEVTLB_A_FINDING_BESIDE_LAST: u64, the last byte; the last address of all
 *	for what has no end
 */
enum devtlb_finding_attr {
	DEVTLB_A_FINDING_UNSPEC,
	DEVTLB_A_FINDING_PAD,
	DEVTLB_A_FINDING_PASID,
	DEVTLB_A_FINDING_SEQ,
	DEVTLB_A_FINDING_RULE,
	DEVTLB_A_FINDING_BREACH,
	DEVTLB_A_FINDING_COUNT,
	DEVTLB_A_FINDING_VA,
	DEVTLB_A_FINDING_AT,
	DEVTLB_A_FINDING_SIZE,
	DEVTLB_A_FINDING_PFN,
	DEVTLB_A_FINDING_NEW_PFN,
	DEVTLB_A_FINDING_RIGHTS,
	DEVTLB_A_FINDING_TABLE_RIGHTS,
	DEVTLB_A_FINDING_AGE,
	DEVTLB_A_FINDING_FILLER,
	DEVTLB_A_FINDING_WITHHELD_SITE,
	DEVTLB_A_FINDING_LAST_SITE,
	DEVTLB_A_FINDING_FLUSH_PENDING,
	DEVTLB_A_FINDING_STALE_READS,
	DEVTLB_A_FINDING_STALE_READ_AT,
	DEVTLB_A_FINDING_STALE_READ_GOT,
	DEVTLB_A_FINDING_STALE_READ_HAS,
	DEVTLB_A_FINDING_STALE_READ_BY,
	DEVTLB_A_FINDING_PID,
	DEVTLB_A_FINDING_COMM,
	DEVTLB_A_FINDING_STACK,
	DEVTLB_A_FINDING_LOST_STORES,
	DEVTLB_A_FINDING_LOST,
	DEVTLB_A_FINDING_WATCH,
	DEVTLB_A_FINDING_OWNER_PID,
	DEVTLB_A_FINDING_OWNER_COMM,
	DEVTLB_A_FINDING_NO_NEW_PFN,
	DEVTLB_A_FINDING_HUGETLB,
	DEVTLB_A_FINDING_BESIDE_SITE,
	DEVTLB_A_FINDING_BESIDE_START,
	DEVTLB_A_FINDING_BESIDE_LAST,

	/* private: */
	__DEVTLB_A_FINDING_MAX,
	DEVTLB_A_FINDING_MAX = __DEVTLB_A_FINDING_MAX - 1
};

/**
 * enum devtlb_cmd - commands; request and reply share a number
 * @DEVTLB_CMD_UNSPEC: unused
 * @DEVTLB_CMD_INFO_GET: about the module and the kernel. Do: replies
 *	DEVTLB_A_INFO_*
 * @DEVTLB_CMD_PASID_BIND: Binds an address space to the device. The PASID, its
 *	threads and its mutants belong to the socket that made them and die with
 *	it. Do: takes DEVTLB_A_PASID_PID, DEVTLB_A_PASID_FRACTURE; replies
 *	DEVTLB_A_PASID_ID
 * @DEVTLB_CMD_PASID_UNBIND: unbind it. Do: takes DEVTLB_A_PASID_ID
 * @DEVTLB_CMD_PASID_GET: One PASID, by its number; or all, one a message. Do:
 *	takes DEVTLB_A_PASID_ID; replies DEVTLB_A_PASID_*. Dump: replies
 *	DEVTLB_A_PASID_*
 * @DEVTLB_CMD_THREAD_START: Starts a device thread. Do: takes
 *	DEVTLB_A_THREAD_PASID, DEVTLB_A_THREAD_PROGRAM,
 *	DEVTLB_A_THREAD_CHECK_EVERY; replies DEVTLB_A_THREAD_ID
 * @DEVTLB_CMD_THREAD_STOP: stop a device thread. Returns when the thread makes
 *	no access any more; its counters and log stay readable. Do: takes
 *	DEVTLB_A_THREAD_PASID, DEVTLB_A_THREAD_ID
 * @DEVTLB_CMD_THREAD_GET: One thread of a PASID, by its number; or all, one a
 *	message. Do: takes DEVTLB_A_THREAD_PASID, DEVTLB_A_THREAD_ID; replies
 *	DEVTLB_A_THREAD_*. Dump: takes DEVTLB_A_THREAD_PASID; replies
 *	DEVTLB_A_THREAD_*
 * @DEVTLB_CMD_MUTANT_ADD: A deliberate defect. A mutant of how notifications
 *	reach the device takes the other DEVTLB_A_MUTANT_* attributes, too; one
 *	of the device itself takes none. It stays until the PASID is unbound.
 *	Do: takes DEVTLB_A_MUTANT_*
 * @DEVTLB_CMD_AUDIT: Compares every live translation of a PASID, or of all that
 *	belong to the socket, with a fresh walk (rule D). What it finds is
 *	reported as findings. Do: takes DEVTLB_A_AUDIT_PASID; replies
 *	DEVTLB_A_AUDIT_HELD, DEVTLB_A_AUDIT_BREACHES, DEVTLB_A_AUDIT_EXEMPT
 * @DEVTLB_CMD_SITE_GET: Every site that notified that PASID, or any of that
 *	watch; with neither, every site seen since the module was loaded. Or one
 *	of them, by its number. Do: takes DEVTLB_A_SITE_PASID,
 *	DEVTLB_A_SITE_WATCH, DEVTLB_A_SITE_ID; replies DEVTLB_A_SITE_*. Dump:
 *	takes DEVTLB_A_SITE_PASID, DEVTLB_A_SITE_WATCH; replies DEVTLB_A_SITE_*
 * @DEVTLB_CMD_FINDING_GET: The findings about a PASID, or about all that a
 *	watch has or had, oldest first; or one of them, by its number. Do: takes
 *	DEVTLB_A_FINDING_PASID, DEVTLB_A_FINDING_WATCH, DEVTLB_A_FINDING_SEQ;
 *	replies DEVTLB_A_FINDING_*. Dump: takes DEVTLB_A_FINDING_PASID,
 *	DEVTLB_A_FINDING_WATCH; replies DEVTLB_A_FINDING_*
 * @DEVTLB_CMD_WINDOW_SET: Widens windows in which the kernel's order of things
 *	can be seen. Do: takes DEVTLB_A_WINDOW_PASID, DEVTLB_A_WINDOW_RANGE_END,
 *	DEVTLB_A_WINDOW_FUNCTION, DEVTLB_A_WINDOW_FUNCTION_DELAY
 * @DEVTLB_CMD_FINDING_NTF: A new finding; never a request. A gap in the
 *	DEVTLB_A_FINDING_SEQ of a PASID, or of a watch, means that the listener
 *	missed some; a dump has them. Event to the multicast group "findings":
 *	DEVTLB_A_FINDING_*
 * @DEVTLB_CMD_WATCH_START: Starts a watch: it has no process yet. What it
 *	watches is bound to PASIDs that it makes, and mirrored: the device
 *	translates whatever is present, and faults nothing in. It belongs to the
 *	socket that made it and dies with it; the processes do not notice. Do:
 *	takes DEVTLB_A_WATCH_PROCESSES_MAX, DEVTLB_A_WATCH_TRANSLATIONS_MAX,
 *	DEVTLB_A_WATCH_SHARE, DEVTLB_A_WATCH_WRITE, DEVTLB_A_WATCH_FRACTURE;
 *	replies DEVTLB_A_WATCH_ID
 * @DEVTLB_CMD_WATCH_ADD: Has a watch follow a process: its address space, those
 *	that it forks and executes from now on, and theirs. Do: takes
 *	DEVTLB_A_WATCH_ID, DEVTLB_A_WATCH_PID, DEVTLB_A_WATCH_FROM_EXEC
 * @DEVTLB_CMD_WATCH_STOP: stop a watch. Do: takes DEVTLB_A_WATCH_ID
 * @DEVTLB_CMD_WATCH_GET: One watch, by its number; or all, one a message. Do:
 *	takes DEVTLB_A_WATCH_ID; replies DEVTLB_A_WATCH_*. Dump: replies
 *	DEVTLB_A_WATCH_*
 * @DEVTLB_CMD_OPERATION_SET: An operation of the kernel on some memory begins:
 *	from now on the translations of it that notifications remove, and that
 *	the page table does not grant any more, are counted, by site. What was
 *	counted stays until the next one begins. Do: takes
 *	DEVTLB_A_OPERATION_PASID, DEVTLB_A_OPERATION_START,
 *	DEVTLB_A_OPERATION_BYTES
 * @DEVTLB_CMD_PREFETCH: Has the device hold a translation of every page that is
 *	present in a range of a PASID, or of all that belong to the socket, in
 *	the sizes that it holds pages in; nothing is faulted in. Do: takes
 *	DEVTLB_A_PREFETCH_PASID, DEVTLB_A_PREFETCH_VA, DEVTLB_A_PREFETCH_SIZE,
 *	DEVTLB_A_PREFETCH_WRITE, DEVTLB_A_PREFETCH_AGAIN; replies
 *	DEVTLB_A_PREFETCH_PRESENT, DEVTLB_A_PREFETCH_HELD,
 *	DEVTLB_A_PREFETCH_FILLED
 */
enum devtlb_cmd {
	DEVTLB_CMD_UNSPEC,
	DEVTLB_CMD_INFO_GET,
	DEVTLB_CMD_PASID_BIND,
	DEVTLB_CMD_PASID_UNBIND,
	DEVTLB_CMD_PASID_GET,
	DEVTLB_CMD_THREAD_START,
	DEVTLB_CMD_THREAD_STOP,
	DEVTLB_CMD_THREAD_GET,
	DEVTLB_CMD_MUTANT_ADD,
	DEVTLB_CMD_AUDIT,
	DEVTLB_CMD_SITE_GET,
	DEVTLB_CMD_FINDING_GET,
	DEVTLB_CMD_WINDOW_SET,
	DEVTLB_CMD_FINDING_NTF,
	DEVTLB_CMD_WATCH_START,
	DEVTLB_CMD_WATCH_ADD,
	DEVTLB_CMD_WATCH_STOP,
	DEVTLB_CMD_WATCH_GET,
	DEVTLB_CMD_OPERATION_SET,
	DEVTLB_CMD_PREFETCH,

	/* private: */
	__DEVTLB_CMD_MAX,
	DEVTLB_CMD_MAX = __DEVTLB_CMD_MAX - 1
};

#endif /* _UAPI_DEVTLB_NETLINK_H */
