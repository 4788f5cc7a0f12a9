/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_WATCH_H
#define DEVTLB_WATCH_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "device/registry.h"
#include "mutant/mutant.h"
#include "notifier/site.h"
#include "watch/mirror.h"

struct devtlb_findings;
struct netlink_ext_ack;

/**
 * struct devtlb_watch_limits - what the user allows a watch
 * @processes: address spaces bound at a time
 * @translations: translations held at a time
 * @share: percent of one CPU for mirroring, and for binding what was forked
 * @write: ask for writable translations of clean pages, too
 * @fracture: hold large pages as 4K translations
 */
struct devtlb_watch_limits {
	u32 processes;
	u64 translations;
	u32 share;
	bool write;
	bool fracture;
};

/**
 * struct devtlb_watch_count - what a watch came to, of all its processes
 * @mirror: see there
 * @alive: address spaces that are there now, bound or to be bound
 * @held: translations held now
 * @fills: translations filled
 * @notifications: callbacks
 * @withheld: of them withheld by a mutant
 * @invalidated: translations that callbacks removed
 * @zap_races: see struct devtlb_subject
 * @unresolved: see struct devtlb_subject
 */
struct devtlb_watch_count {
	struct devtlb_mirror_count mirror;
	u32 alive;
	u64 held;
	u64 fills;
	u64 notifications;
	u64 withheld;
	u64 invalidated;
	u64 zap_races;
	u64 unresolved;
};

/**
 * enum devtlb_process_state - how far a process of a watch is
 * @DEVTLB_PROCESS_ANCESTOR: not watched itself; what it executes will be
 * @DEVTLB_PROCESS_WAITING: to be bound
 * @DEVTLB_PROCESS_EXECUTING: bound, if all went well, but its exec is not over
 * @DEVTLB_PROCESS_RUNNING: to be mirrored
 */
enum devtlb_process_state {
	DEVTLB_PROCESS_ANCESTOR,
	DEVTLB_PROCESS_WAITING,
	DEVTLB_PROCESS_EXECUTING,
	DEVTLB_PROCESS_RUNNING,
};

/**
 * struct devtlb_process - an address space that belongs to a watch
 * @ref: keeps the memory, and @watch and @mm; the list has one
 * @entry: in watch->processes
 * @by_mm: in the table of devtlb_process_of_mm() (RCU)
 * @watch: with a reference
 * @mm: with mm_count, never mm_users
 * @pid: whose it is, in the initial PID namespace
 * @comm: that process's name
 * @state: under watch->lock
 * @since: when it came, in jiffies
 * @replaces: whose exec it comes of, while both are listed; under watch->lock
 * @replacer: what it executes, likewise
 * @turned_down: counted as unwatched, for now; under watch->lock
 * @replaced: it has executed something, which belongs to the watch as well
 * @pasid: when it is bound, with a reference; set once (release)
 * @mirror: of @pasid
 * @binder: the task that waits for @mm to bind it, or NULL; under watch->lock
 * @binder_done: it does not wait any more
 * @bind_work: binds it
 * @reap_work: unbinds it, and lets go of us
 * @rcu: frees us
 */
struct devtlb_process {
	struct kref ref;
	struct list_head entry;
	struct hlist_node by_mm;
	struct devtlb_watch *watch;
	struct mm_struct *mm;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	enum devtlb_process_state state;
	unsigned long since;
	struct devtlb_process *replaces;
	struct devtlb_process *replacer;
	bool turned_down;
	bool replaced;
	struct devtlb_pasid *pasid;
	struct devtlb_mirror mirror;
	struct task_struct *binder;
	struct completion binder_done;
	struct work_struct bind_work;
	struct work_struct reap_work;
	struct rcu_head rcu;
};

/**
 * struct devtlb_watch - a tree of processes that the device mirrors
 * @object: its number, whose it is
 * @limits: given by the user
 * @thread: binds what was forked, mirrors all
 * @killed: of @thread, see killable.h
 * @idle_mm: what @thread has loaded while it sleeps; with mm_count
 * @leaving: see the table in watch.c
 * @lock: likewise
 * @processes: all that belong to it
 * @stopping: none is added any more
 * @nr_bound: PASIDs that were not unbound yet, and those that are being bound
 * @seen: address spaces that ever belonged to it, but for those that were
 *	replaced before they could be bound
 * @unwatched: of them never bound: no room or no memory
 * @missed: of them gone before they could be bound
 * @gone: counts of those that are gone
 * @sites: what they were told, by site
 * @findings: about all of them, with a reference
 * @mutant: what each PASID gets when it is bound
 * @nr_mutants: how many; set last (release)
 * @time: CPU time used, in ns: of @thread, and of unbinding
 * @reap_time: of that, for unbinding
 */
struct devtlb_watch {
	struct devtlb_object object;
	struct devtlb_watch_limits limits;
	struct task_struct *thread;
	bool killed;
	struct mm_struct *idle_mm;
	struct mutex leaving;	/* processes are removed, or counted */
	raw_spinlock_t lock;
	struct list_head processes;
	bool stopping;
	atomic_t nr_bound;
	u64 seen;
	u64 unwatched;
	u64 missed;
	struct devtlb_watch_count gone;
	struct devtlb_site_count *sites;
	struct devtlb_findings *findings;
	struct devtlb_mutant_spec *mutant;
	unsigned int nr_mutants;
	u64 time;
	atomic64_t reap_time;
};

struct devtlb_watch *
devtlb_watch_start(const struct devtlb_watch_limits *limits, u32 owner,
		   struct netlink_ext_ack *extack);
int devtlb_watch_add(struct devtlb_watch *watch, struct task_struct *task,
		     bool from_exec, struct netlink_ext_ack *extack);
int devtlb_watch_add_mutant(struct devtlb_watch *watch,
			    const struct devtlb_mutant_spec *spec,
			    struct netlink_ext_ack *extack);
void devtlb_watch_stop(struct devtlb_watch *watch);
void devtlb_watches_stop_owner(u32 owner);
void devtlb_watches_stop_all(void);

struct devtlb_watch *devtlb_watch_get(u32 id);
struct devtlb_watch *devtlb_watch_get_next(u32 *id);

/* One more reference; the caller has one. */
static inline struct devtlb_watch *devtlb_watch_hold(struct devtlb_watch *watch)
{
	devtlb_object_get(&watch->object);
	return watch;
}

/* May sleep, unless somebody else has a reference for sure. */
static inline void devtlb_watch_put(struct devtlb_watch *watch)
{
	devtlb_object_put(&watch->object);
}

#endif /* DEVTLB_WATCH_H */
