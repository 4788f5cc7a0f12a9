/* SPDX-License-Identifier: GPL-2.0-only */
/* A run, as its scenario sees it: how it goes on, and how it ends. */
#ifndef SCENARIO_RUN_H
#define SCENARIO_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct run;

/* Ending a run early. */
void run_skip(struct run *run, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));
void run_broken(struct run *run, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/* Rounds: for (...; run_next_round(run); ) { ...; run_check(run); } */
bool run_next_round(struct run *run);
void run_check(struct run *run);

/*
 * Around the very step of a round by which the kernel takes away what the device
 * holds of some memory, in the process that is bound; @name: as in "copy on
 * write". It must happen in a clean run: a notification must remove a translation
 * that the page table does not grant any more. From where that came is what an
 * armed run drops.
 */
void operation_begin(struct run *run, const char *name, const void *at,
		     size_t bytes);
/* A step before that one, which must happen, too; an armed run leaves it alone. */
void preparation_begin(struct run *run, const char *name, const void *at,
		       size_t bytes);
/* Of either. */
void operation_end(struct run *run);

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

#endif /* SCENARIO_RUN_H */
