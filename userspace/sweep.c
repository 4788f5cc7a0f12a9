// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sweeps: a device thread that passes over a piece of memory again and again,
 * and tells the process how far it is through the process's own memory, as a
 * device would.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "client.h"
#include "run.h"
#include "scenario.h"

/* Registers of the program. */
enum { R_INDEX, R_VALUE, R_PASSES, R_FOREVER, R_COUNT };

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
 * @task: its kernel thread; 0 until somebody looked
 * @mailbox: where it reports
 * @at: where it begins
 * @bytes: how far it goes
 * @stride: from one access to the next
 * @kind: what it does there
 * @before: of a SWEEP_COUNT: the counters before it began
 * @halted: it has stopped
 */
struct sweep {
	struct run *run;
	uint32_t thread;
	pid_t task;
	volatile struct mailbox *mailbox;
	char *at;
	size_t bytes;
	size_t stride;
	enum sweep_kind kind;
	uint64_t *before;
	bool halted;
};

struct program {
	struct devtlb_insn insn[DEVTLB_PROGRAM_MAX];
	unsigned int nr;
};

static void emit(struct program *program, struct devtlb_insn insn)
{
	program->insn[program->nr++] = insn;
}

static uint64_t *stored_word(const struct sweep *sweep, size_t offset)
{
	return (uint64_t *)(sweep->at + offset) + 1;
}

/* An access to the second word of each stride. */
static void emit_access(struct program *program, const struct sweep *sweep,
			uint8_t op, uint8_t reg)
{
	emit(program, (struct devtlb_insn) {
		.op = op, .reg = reg, .index = R_INDEX,
		.addr = (uintptr_t)stored_word(sweep, 0),
		.stride = sweep->stride });
}

static void emit_stores(struct program *program, const struct sweep *sweep)
{
	switch (sweep->kind) {
	case SWEEP_LOAD:
		break;
	case SWEEP_LOAD_STORE:
		emit_access(program, sweep, DEVTLB_OP_STORE, R_PASSES);
		break;
	case SWEEP_COUNT:
		emit_access(program, sweep, DEVTLB_OP_LOAD, R_COUNT);
		emit(program, (struct devtlb_insn) {
			.op = DEVTLB_OP_ADD, .reg = R_COUNT, .value = 1 });
		emit_access(program, sweep, DEVTLB_OP_STORE, R_COUNT);
		break;
	}
}

static void emit_sweep(struct program *program, const struct sweep *sweep)
{
	uint64_t mailbox = (uintptr_t)sweep->mailbox;

	emit(program, (struct devtlb_insn) {
		.op = DEVTLB_OP_LOAD, .reg = R_VALUE, .index = R_INDEX,
		.addr = (uintptr_t)sweep->at, .stride = sweep->stride });
	emit_stores(program, sweep);
	emit(program, (struct devtlb_insn) {
		.op = DEVTLB_OP_LOOP, .reg = R_INDEX,
		.value = sweep->bytes / sweep->stride });
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
	/*
	 * An armed run of what migrates memory by itself would lose the reports.
	 */
	keep_where_it_is(mailboxes, MAILBOXES * sizeof(*mailboxes));
}

static size_t nr_words(const struct sweep *sweep)
{
	return sweep->bytes / sweep->stride;
}

static void remember_counters(struct sweep *sweep)
{
	size_t i;

	sweep->before = calloc(nr_words(sweep), sizeof(*sweep->before));
	if (!sweep->before)
		run_broken(sweep->run, "out of memory");
	for (i = 0; i < nr_words(sweep); i++)
		sweep->before[i] = *stored_word(sweep, i * sweep->stride);
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
	sweep->at = at;
	sweep->bytes = bytes;
	sweep->stride = stride;
	sweep->kind = kind;
	if (kind == SWEEP_COUNT)
		remember_counters(sweep);
	emit_sweep(&program, sweep);
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

/* The device thread is a kernel thread, which /proc shows by its name. */
static pid_t find_kernel_thread(const char *name)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0;

	while (proc && !found && (entry = readdir(proc))) {
		char path[300], comm[32] = "";
		int fd;

		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		fd = open(path, O_RDONLY);
		if (fd < 0)
			continue;
		if (read(fd, comm, sizeof(comm) - 1) > 0 &&
		    strcspn(comm, "\n") == strlen(name) &&
		    strncmp(comm, name, strlen(name)) == 0)
			found = atoi(entry->d_name);
		close(fd);
	}
	if (proc)
		closedir(proc);
	return found;
}

static pid_t task_of(struct sweep *sweep)
{
	char name[32];

	if (sweep->task)
		return sweep->task;
	snprintf(name, sizeof(name), "devtlb/%u:%u", run_pasid(sweep->run),
		 sweep->thread);
	sweep->task = find_kernel_thread(name);
	if (!sweep->task)
		run_broken(sweep->run, "there is no kernel thread \"%s\"", name);
	return sweep->task;
}

void sweep_run_on_node(struct sweep *sweep, int node)
{
	run_task_on_node(sweep->run, task_of(sweep), node);
	/* Where the node has one CPU, the process is to get on. */
	setpriority(PRIO_PROCESS, task_of(sweep), 10);
}

void sweep_halt(struct sweep *sweep)
{
	if (sweep->halted)
		return;
	if (client_thread_stop(run_client(sweep->run), run_pasid(sweep->run),
			       sweep->thread))
		run_broken(sweep->run, "stop a device thread: %s",
			   client_error(run_client(sweep->run)));
	sweep->halted = true;
}

static void forget(struct sweep *sweep)
{
	free(sweep->before);
	free(sweep);
}

void sweep_stop(struct sweep *sweep)
{
	sweep_halt(sweep);
	forget(sweep);
}

/* Accesses that were refused; the thread may be stopped. */
static uint64_t faults(struct sweep *sweep)
{
	struct client *client = run_client(sweep->run);
	struct json_object *threads;
	uint64_t refused = 0;
	size_t i;

	if (client_threads(client, run_pasid(sweep->run), &threads))
		run_broken(sweep->run, "get threads: %s", client_error(client));
	for (i = 0; i < json_object_array_length(threads); i++) {
		struct json_object *thread = json_object_array_get_idx(threads, i);

		if (json_object_get_uint64(json_object_object_get(thread, "id")) ==
		    sweep->thread)
			refused = json_object_get_uint64(
				json_object_object_get(thread, "faults"));
	}
	json_object_put(threads);
	return refused;
}

/*
 * A pass is in the mailbox when all its stores were acknowledged, and the one
 * under way may have stored one more. Pass p of SWEEP_LOAD_STORE stores p, which
 * tells whether the last store is there; each pass of SWEEP_COUNT adds one to
 * what is there, which tells whether all of them were.
 */
static uint64_t acknowledged(const struct sweep *sweep, size_t i, uint64_t done)
{
	return sweep->kind == SWEEP_COUNT ? sweep->before[i] + done : done - 1;
}

void sweep_check_stored(struct sweep *sweep)
{
	uint64_t done = passes(sweep);
	size_t i;

	if (sweep->kind == SWEEP_LOAD || done == 0)
		return;
	/* A pass goes on when a store is refused: that one acknowledged less. */
	if (faults(sweep) > 0)
		return;
	for (i = 0; i < nr_words(sweep); i++) {
		volatile uint64_t *word = stored_word(sweep, i * sweep->stride);
		uint64_t has = *word;

		if (has < acknowledged(sweep, i, done))
			run_lost_store(sweep->run, (void *)word,
				       acknowledged(sweep, i, done), has);
	}
}

void sweep_stop_stored(struct sweep *sweep)
{
	sweep_halt(sweep);
	sweep_check_stored(sweep);
	forget(sweep);
}
