/* SPDX-License-Identifier: GPL-2.0-only */
/* A run, as the files of the runner share it. */
#ifndef RUNNING_H
#define RUNNING_H

#include <time.h>

#include <json-c/json.h>

#include "client/client.h"
#include "model/lost_store.h"
#include "model/operation.h"
#include "model/verdict.h"
#include "runner/fixture.h"
#include "runner/run.h"
#include "runner/scenario_run.h"

/* Pages of an operation of which the frames are remembered. */
#define OPERATION_PAGES	128

/**
 * struct run_operation - the operation that is under way
 * @of: what is known of it; NULL for none
 * @start: of its memory
 * @stride: from one page that is looked at to the next
 * @nr: how many are
 * @frame: of each, before; 0 for none
 * @told: how often the kernel had told the PASID of anything, before
 */
struct run_operation {
	struct operation *of;
	uint64_t start;
	size_t stride;
	unsigned int nr;
	uint64_t frame[OPERATION_PAGES];
	uint64_t told;
};

/**
 * struct run - a run, in its own process
 * @scenario: what runs
 * @kind: what it is to show
 * @options: the user's
 * @client: its own connection: what it binds dies with it; NULL in a process
 *	of its own that has forgotten it
 * @mutants: that act in it
 * @nr_mutants: how many
 * @pasid: its memory, or the other process's
 * @pid: the other process; 0 for its own
 * @bystander: the same memory, to which notifications are misrouted; 0 for none
 * @start: when it began
 * @round: rounds begun
 * @checked: rounds checked
 * @lost: stores that memory does not hold
 * @operations: what was learned of each
 * @operation: the one under way
 * @result_fd: where the result goes
 */
struct run {
	const struct scenario *scenario;
	enum run_kind kind;
	const struct run_options *options;
	struct client *client;
	struct mutant mutants[DEVTLB_MUTANTS_MAX];
	unsigned int nr_mutants;
	uint32_t pasid;
	pid_t pid;
	uint32_t bystander;
	struct timespec start;
	unsigned int round;
	unsigned int checked;
	struct lost_stores lost;
	struct operations operations;
	struct run_operation operation;
	int result_fd;
};

/* Binds memory, with the run's mutants and windows; the other process's, or 0. */
void run_bind(struct run *run, pid_t pid);
/* The counters of its PASID. */
struct json_object *run_get_pasid(struct run *run);
/* One of them. */
uint64_t run_get_count(struct run *run, const char *key);
struct json_object *run_get_findings(struct run *run);
struct json_object *run_get_sites(struct run *run);
/* What this kernel is known for, in this scenario; or NULL. */
const struct expectation *run_known_defect(const struct run *run);

/* A run that the module refuses something is broken. */
void run_must(struct run *run, int err, const char *what);

struct json_object *run_new_result(enum run_kind kind, const char *verdict,
				   const char *reason);
/* Has the module compare what the device holds with the page table. */
void run_audit(struct run *run);
/* Judges what it leaves behind, and tells the tool. */
void run_finish(struct run *run);

#endif /* RUNNING_H */
