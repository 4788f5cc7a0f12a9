/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_PROCESS_H
#define DEVTLB_PROCESS_H

#include <linux/types.h>

#include "watch/watch.h"

struct devtlb_process *devtlb_process_new(struct devtlb_watch *watch,
					  struct mm_struct *mm, pid_t pid,
					  const char *comm);
void devtlb_process_put(struct devtlb_process *process);
bool devtlb_process_add(struct devtlb_process *process,
			enum devtlb_process_state state);
void devtlb_process_unlist(struct devtlb_process *process);
struct devtlb_process *devtlb_process_next(struct devtlb_watch *watch,
					   struct devtlb_process *process);

int devtlb_process_bind_here(struct devtlb_process *process);
void devtlb_process_end_binding(struct devtlb_process *process);
void devtlb_process_try_bind(struct devtlb_process *process);

struct devtlb_pasid *devtlb_process_pasid(struct devtlb_process *process);
bool devtlb_process_is_gone(struct devtlb_process *process);

/* For the hooks of follow.c. */
struct devtlb_process *devtlb_process_of_mm(const struct mm_struct *mm);
void devtlb_process_forked(struct devtlb_process *parent,
			   struct task_struct *child);
void devtlb_process_executes(struct mm_struct *mm, const char *name);
void devtlb_process_executed(struct devtlb_process *process);

#endif /* DEVTLB_PROCESS_H */
