/* SPDX-License-Identifier: GPL-2.0-only */
/* A memory cgroup of the run's own, until it ends. */
#ifndef CGROUP_H
#define CGROUP_H

#include <stddef.h>

struct run;

/*
 * Puts the run into a cgroup of its own; skipped where there are none. What was
 * mapped and touched before does not belong to it. Before memory is mapped: it
 * forks.
 */
void cgroup_enter(struct run *run);
/* Lets the kernel reclaim memory of the cgroup; it may get less, or more. */
void cgroup_reclaim(struct run *run, size_t bytes);

#endif /* CGROUP_H */
