// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sweeps: a device thread that passes over a piece of memory again and again,
 * and tells the process how far it is through the process's own memory, as a
 * device would.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "client.h"
#include "run.h"
#include "scenario.h"

/* Registers of the program. */
enum { R_INDEX, R_VALUE, R_PASSES, R_FOREVER };

/* Longest wait for a pass, which takes well under a second. */
#define PASS_TIMEOUT_S	30

/* Sweeps that may be under way at once. */
#define MAILBOXES	64

/* Written by the device thread. */
struct mailbox {
	uint64_t last_load;
	uint64_t passes;
};

/*
 * Shared memory, so that fork() does not make it copy-on-write, and that is
 * there in every child: a sweep of a child's memory reports here, too.
 */
static struct mailbox *mailboxes;
static unsigned int nr_mailboxes;

/**
 * struct sweep - a sweeping device thread
 * @run: whose
 * @thread: its number
 * @mailbox: where it reports
 */
struct sweep {
	struct run *run;
	uint32_t thread;
	volatile struct mailbox *mailbox;
};

struct program {
	struct devtlb_insn insn[DEVTLB_PROGRAM_MAX];
	unsigned int nr;
};

static void emit(struct program *program, struct devtlb_insn insn)
{
	program->insn[program->nr++] = insn;
}

static void emit_sweep(struct program *program, uint64_t at, size_t bytes,
		       size_t stride, enum sweep_kind kind, uint64_t mailbox)
{
	emit(program, (struct devtlb_insn) {
		.op = DEVTLB_OP_LOAD, .reg = R_VALUE, .index = R_INDEX,
		.addr = at, .stride = stride });
	if (kind == SWEEP_LOAD_STORE)
		emit(program, (struct devtlb_insn) {
			.op = DEVTLB_OP_STORE, .reg = R_PASSES, .index = R_INDEX,
			.addr = at + sizeof(uint64_t), .stride = stride });
	emit(program, (struct devtlb_insn) {
		.op = DEVTLB_OP_LOOP, .reg = R_INDEX, .value = bytes / stride });
	emit(program, (struct devtlb_insn) {
		.op = DEVTLB_OP_ADD, .reg = R_PASSES, .value = 1 });
	emit(program, (struct devtlb_insn) {
		.op = DEVTLB_OP_STORE, .reg = R_VALUE,
		.addr = mailbox + offsetof(struct mailbox, last_load) });
	/* Pairs with the acquire in sweep_last_load(). */
	emit(program, (struct devtlb_insn) { .op = DEVTLB_OP_FENCE });
	emit(program, (struct devtlb_insn) {
		.op = DEVTLB_OP_STORE, .reg = R_PASSES,
		.addr = mailbox + offsetof(struct mailbox, passes) });
	emit(program, (struct devtlb_insn) {
		.op = DEVTLB_OP_LOOP, .reg = R_FOREVER });
}

void sweeps_init(struct run *run)
{
	mailboxes = mmap(NULL, MAILBOXES * sizeof(*mailboxes),
			 PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			 -1, 0);
	if (mailboxes == MAP_FAILED)
		run_broken(run, "mmap: %s", strerror(errno));
}

struct sweep *sweep_start(struct run *run, void *at, size_t bytes,
			  size_t stride, enum sweep_kind kind)
{
	struct program program = { .nr = 0 };
	struct sweep *sweep = calloc(1, sizeof(*sweep));

	if (!sweep)
		run_broken(run, "out of memory");
	sweep->run = run;
	/*
	 * One after the other: a late store of an ended sweep hits no live one.
	 */
	sweep->mailbox = &mailboxes[nr_mailboxes++ % MAILBOXES];
	sweep->mailbox->passes = 0;
	emit_sweep(&program, (uintptr_t)at, bytes, stride, kind,
		   (uintptr_t)sweep->mailbox);
	if (client_thread_start(run_client(run), run_pasid(run), program.insn,
				program.nr, run_check_every(run),
				&sweep->thread))
		run_broken(run, "start a device thread: %s",
			   client_error(run_client(run)));
	return sweep;
}

static uint64_t passes(const struct sweep *sweep)
{
	return __atomic_load_n(&sweep->mailbox->passes, __ATOMIC_ACQUIRE);
}

/* The module may be unloaded while we wait. */
static void check_still_there(struct sweep *sweep)
{
	struct client *client = run_client(sweep->run);
	struct json_object *threads;

	if (client_threads(client, run_pasid(sweep->run), &threads))
		run_broken(sweep->run, "the device thread is gone: %s",
			   client_error(client));
	json_object_put(threads);
}

void sweep_wait_pass(struct sweep *sweep)
{
	/*
	 * The pass under way began before the call: wait for the one after it.
	 */
	uint64_t target = passes(sweep) + 2;
	struct timespec start, now, nap = { .tv_nsec = 50000 };
	time_t asked;

	clock_gettime(CLOCK_MONOTONIC, &start);
	asked = start.tv_sec;
	while (passes(sweep) < target) {
		nanosleep(&nap, NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec - start.tv_sec > PASS_TIMEOUT_S)
			run_broken(sweep->run, "the device thread made no pass in %d seconds",
				   PASS_TIMEOUT_S);
		if (now.tv_sec != asked)
			check_still_there(sweep);
		asked = now.tv_sec;
	}
}

uint64_t sweep_last_load(const struct sweep *sweep)
{
	return sweep->mailbox->last_load;
}

void sweep_stop(struct sweep *sweep)
{
	if (client_thread_stop(run_client(sweep->run), run_pasid(sweep->run),
			       sweep->thread))
		run_broken(sweep->run, "stop a device thread: %s",
			   client_error(run_client(sweep->run)));
	free(sweep);
}
