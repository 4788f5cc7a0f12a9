/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scenarios: drivers of one kernel path each.
 *
 * A scenario runs in a process of its own, whose memory is bound to the device.
 * It drives its kernel path while device threads access the memory, and ends
 * each round with run_check(). What cannot go on calls run_skip() or
 * run_broken(), which do not return; so the helpers below return only when they
 * succeeded.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "devtlb.h"
#include "model/registry.h"

struct client;
struct run;

#define SMALL_PAGE	4096UL
#define LARGE_PAGE	(2UL << 20)
#define SITES_MAX	4

/**
 * struct scenario_sites - what a scenario has to do with one kind of kernel
 * @reach: functions, each of which must be in the chain of a notification; a
 *	name with alternatives "a|b" is reached by any of them
 * @drop: functions whose notifications the armed run drops
 */
struct scenario_sites {
	const char *reach[SITES_MAX];
	const char *drop[SITES_MAX];
};

/* For paths that are told from the same functions by either callback. */
#define SITES_OF_BOTH(...)						\
	{								\
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = { __VA_ARGS__ },	\
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = { __VA_ARGS__ },	\
	}

/**
 * struct scenario - one kernel path
 * @name: how it is called on the command line
 * @title: completes "This scenario ..."
 * @shows: the defect of some kernels that it shows (docs/findings.md), or NULL.
 *	Such a scenario runs only when it is named or expected to
 * @fracture: hold large pages as 4K translations, whatever the user says
 * @range_end: hold back the end of each notifier range, in microseconds, unless
 *	the user says how long
 * @function: hold back this kernel function, where there is such a one, by
 * @function_delay: microseconds, unless the user names another
 * @rounds: of a run, where the user does not say how many; 0 for as many as of
 *	the others
 * @slow: takes more than a few seconds: not for a quick look
 * @sites: by enum devtlb_callback
 * @run: drives the path
 */
struct scenario {
	const char *name;
	const char *title;
	const char *shows;
	bool fracture;
	uint32_t range_end;
	const char *function;
	uint32_t function_delay;
	unsigned int rounds;
	bool slow;
	struct scenario_sites sites[2];
	void (*run)(struct run *run);
};

#define SCENARIO(id) REGISTER(scenarios, struct scenario, id)

/* Ending a run early. */
void run_skip(struct run *run, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));
void run_broken(struct run *run, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/* Rounds: for (...; run_next_round(run); ) { ...; run_check(run); } */
bool run_next_round(struct run *run);
void run_check(struct run *run);

/* An acknowledged device store that memory does not hold. */
void run_lost_store(struct run *run, const void *at, uint64_t acknowledged,
		    uint64_t has);

/*
 * Binds another process's memory instead of this one's; only before anything
 * else uses the device. The PASID of the round before is unbound.
 */
void run_bind_other(struct run *run, pid_t pid);
/* Waits until ->release of that other process was called. */
void run_wait_released(struct run *run);

/* Memory. All of it is unmapped when the run ends. */
void *map_small(struct run *run, size_t bytes);
void *map_large(struct run *run, size_t bytes);
void *map_hugetlb(struct run *run, size_t bytes);
int create_hugetlb_file(struct run *run, size_t bytes);
void *map_hugetlb_file(struct run *run, int fd, size_t bytes);
void *reserve_aligned(struct run *run, size_t bytes, size_t alignment);
bool is_mapped_large(struct run *run, const void *at);
/*
 * Collapses 2M there, and tries for seconds; for any process. Returns 0, or an
 * errno, of which must_collapse() makes a skip or a broken run.
 */
int collapse_now(void *at);
void must_collapse(struct run *run, int err);
void fill_pattern(void *at, size_t bytes, uint64_t pattern);
/*
 * Lets the kernel merge equal pages at full speed until the run ends; call it
 * before memory is mapped. False where it cannot.
 */
bool start_ksm(struct run *run);
/* Keeps pages that are merged as they are, and merges no more. */
void pause_ksm(struct run *run);
void resume_ksm(struct run *run);
/*
 * Has khugepaged sleep for the rest of the run, once it is through with what it
 * is at. Before memory is mapped, as settings_change().
 */
void hold_khugepaged(struct run *run);

/* The page frame that the process has mapped there; 0 for none. */
uint64_t frame_of(struct run *run, const void *at);
/* The same of memory that is there, though it may be on its way elsewhere. */
uint64_t present_frame_of(struct run *run, const void *at);
/* Does a process's page table map something there? */
bool is_mapped_by(struct run *run, pid_t pid, const void *at);

/*
 * Pages that the kernel is to believe bad; prepared before memory is mapped, for
 * it may fork. What was poisoned is good again when it was unpoisoned; nothing
 * may map it then.
 */
void prepare_poison(struct run *run);
void prepare_hugetlb_poison(struct run *run);
void poison_page(struct run *run, void *at);
/* Returns the frame that was taken, of which there was a page at @at. */
uint64_t soft_offline_page(struct run *run, void *at);
void unpoison(struct run *run, uint64_t frame);
void unpoison_hugetlb(struct run *run, uint64_t frame);

/*
 * Swap space: the machine's, or a zram of the run's own. Before memory is
 * mapped, for it may fork.
 */
void need_swap(struct run *run);

/* NUMA. */
struct nodes {
	int first;
	int second;
};

void find_nodes(struct nodes *nodes);
struct nodes need_two_nodes(struct run *run);
int node_of(struct run *run, void *at);
void move_to_node(struct run *run, void *at, size_t bytes, size_t stride,
		  int node);
size_t pages_elsewhere(struct run *run, void *at, size_t bytes, size_t stride,
		       int node);
void prefer_node(void *at, size_t bytes, int node);
void run_task_on_node(struct run *run, pid_t task, int node);
/* Automatic migration leaves this memory alone. */
void keep_where_it_is(void *at, size_t bytes);

/* A child that shares this process's memory by fork() and sleeps. */
pid_t child_fork(struct run *run);
void child_end(struct run *run, pid_t child);

/*
 * A device thread that passes over [at, at + bytes) again and again, one access
 * for each @stride bytes. Stores go to the second word of each stride, so that
 * what the process keeps in the first one stays: the number of the pass, or, of
 * a SWEEP_COUNT, one more than what is there, so that a store that is lost is
 * missing for good.
 */
enum sweep_kind { SWEEP_LOAD, SWEEP_LOAD_STORE, SWEEP_COUNT };

struct sweep;

struct sweep *sweep_start(struct run *run, void *at, size_t bytes,
			  size_t stride, enum sweep_kind kind);
/* Returns when a whole pass was made that began after the call. */
void sweep_wait_pass(struct sweep *sweep);
/* What the last load of a finished pass returned. */
uint64_t sweep_last_load(const struct sweep *sweep);
void sweep_stop(struct sweep *sweep);
/* Stops it, and leaves sweep_check_stored() and sweep_stop_stored() to come. */
void sweep_halt(struct sweep *sweep);
/*
 * Checks that memory holds every store that was acknowledged. For memory that
 * the process did not give up since the last finished pass began.
 */
void sweep_check_stored(struct sweep *sweep);
/* The same when it has stopped. */
void sweep_stop_stored(struct sweep *sweep);
/* Keeps the device thread on the CPUs of a node. */
void sweep_run_on_node(struct sweep *sweep, int node);

#endif /* SCENARIO_H */
