/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_THREAD_H
#define DEVTLB_THREAD_H

#include <linux/kref.h>
#include <linux/types.h>

#include "device/atc.h"
#include "devtlb.h"

struct devtlb_pasid;

#define DEVTLB_THREADS_MAX	256	/* of one PASID, at a time */
#define DEVTLB_STOPPED_MAX	256	/* of one PASID, that are remembered */
#define DEVTLB_LOG_MAX		256	/* values */

/**
 * struct devtlb_program - what a device thread runs
 * @nr: instructions
 * @insn: validated by devtlb_program_check()
 */
struct devtlb_program {
	unsigned int nr;
	struct devtlb_insn insn[DEVTLB_PROGRAM_MAX];
};

/**
 * struct devtlb_thread - a device thread
 * @ref: keeps the memory; the list of the PASID has one
 * @user: its side of the ATC
 * @pasid: whose memory it accesses
 * @task: the kernel thread, until it was stopped
 * @killed: see killable.h
 * @program: what it runs
 * @check_every: check every N-th access; 0 for none
 * @state: enum devtlb_thread_state
 * @accesses: made
 * @checked: of them checked
 * @faults: refused for good
 * @nr_log: values that the program logged
 * @log: the first of them
 *
 * The counters have one writer, the thread; readers use READ_ONCE().
 */
struct devtlb_thread {
	struct kref ref;
	struct devtlb_atc_user user;
	struct devtlb_pasid *pasid;
	struct task_struct *task;
	bool killed;
	struct devtlb_program program;
	u32 check_every;
	u32 state;
	u64 accesses;
	u64 checked;
	u64 faults;
	u64 nr_log;
	u64 log[DEVTLB_LOG_MAX];
};

const char *devtlb_program_check(const struct devtlb_insn *insn,
				 unsigned int nr);

struct devtlb_thread *devtlb_thread_start(struct devtlb_pasid *pasid,
					  const struct devtlb_insn *insn,
					  unsigned int nr, u32 check_every);
void devtlb_thread_stop(struct devtlb_thread *thread);
void devtlb_threads_stop(struct devtlb_pasid *pasid);
struct devtlb_thread *devtlb_thread_get_next(struct devtlb_pasid *pasid,
					     u32 *id);
void devtlb_thread_put(struct devtlb_thread *thread);
u32 devtlb_threads_exist(void);

#endif /* DEVTLB_THREAD_H */
