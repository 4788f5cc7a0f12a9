// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a scenario in a process of its own, which dies with the tool. The child
 * writes its result as JSON to a pipe; a child that ends without one is broken.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner/armed.h"
#include "model/elapsed.h"
#include "model/kernel_function.h"
#include "model/lost_store.h"
#include "model/result.h"
#include "runner/run.h"
#include "cli/selection.h"
#include "fixtures/setting.h"
#include "model/site_pattern.h"
#include "model/verdict.h"

/* For the end of an address space that nobody uses any more. */
#define RELEASE_TIMEOUT_S	20
/* For the keepers of a run that took too long. */
#define KEEPERS_TIMEOUT_S	30
/* As many times the usual rounds may be, where something is still to show. */
#define PATIENCE		4

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
 * @bystander: the same memory, to which notifications are misrouted; 0 for none
 * @start: when it began
 * @round: rounds begun
 * @checked: rounds checked
 * @lost: stores that memory does not hold
 * @result_fd: where the result goes
 */
struct run {
	const struct scenario *scenario;
	enum run_kind kind;
	const struct run_options *options;
	struct client *client;
	struct mutant mutants[MUTANTS_MAX];
	unsigned int nr_mutants;
	uint32_t pasid;
	uint32_t bystander;
	struct timespec start;
	unsigned int round;
	unsigned int checked;
	struct lost_stores lost;
	int result_fd;
};

static const char * const kind_names[] = {
	[RUN_CLEAN] = "clean",
	[RUN_ARMED] = "armed",
	[RUN_MUTANT] = "mutant",
};

const char *run_kind_name(enum run_kind kind)
{
	return kind_names[kind];
}

struct client *run_client(struct run *run)
{
	return run->client;
}

uint32_t run_pasid(struct run *run)
{
	return run->pasid;
}

uint32_t run_check_every(const struct run *run)
{
	return run->options->check_every;
}

void run_forget(struct run *run)
{
	close(run->result_fd);
	run->result_fd = -1;
	client_close(run->client);
	run->client = NULL;
}

static struct json_object *new_result(enum run_kind kind, const char *verdict,
				      const char *reason)
{
	struct json_object *result = json_object_new_object();

	set_string(result, "kind", kind_names[kind]);
	set_string(result, "verdict", verdict);
	set_string(result, "reason", reason);
	return result;
}

static void choose_mutants(struct run *run)
{
	switch (run->kind) {
	case RUN_ARMED:
		run->nr_mutants = arm(run->scenario,
				      client_callback(run->client),
				      DEVTLB_MUTANT_DROP, run->mutants);
		break;
	case RUN_MUTANT:
		run->nr_mutants = run->options->nr_mutants;
		memcpy(run->mutants, run->options->mutants,
		       sizeof(run->mutants));
		break;
	case RUN_CLEAN:
		break;
	}
}

static void write_result(struct run *run, struct json_object *result)
{
	const char *text;
	size_t length;

	text = json_object_to_json_string_length(result,
						 JSON_C_TO_STRING_PLAIN, &length);
	while (length > 0) {
		ssize_t written = write(run->result_fd, text, length);

		if (written <= 0)
			break;
		text += written;
		length -= written;
	}
	json_object_put(result);
}

static const struct expectation *known_defect(const struct run *run)
{
	return find_expectation(&run->options->expectations,
				run->scenario->name);
}

/*
 * Does what was found say more than that the run ended early? Armed runs are to
 * find something, and clean ones what is known.
 */
static bool is_failure(const struct run *run, struct json_object *findings)
{
	const struct expectation *known = known_defect(run);

	if (run->kind == RUN_ARMED || count_proofs(findings) == 0)
		return false;
	return run->kind == RUN_MUTANT || !known || !is_expected(known, findings);
}

/* What a run that ends early has found until then; NULL if that is not known. */
static struct json_object *findings_so_far(struct run *run)
{
	struct json_object *findings;

	if (!run->pasid || !run->client || !client_connected(run->client) ||
	    client_findings(run->client, run->pasid, &findings))
		return NULL;
	return findings;
}

static void end_early(struct run *run, const char *verdict, const char *format,
		      va_list args) __attribute__((noreturn));

static void end_early(struct run *run, const char *verdict, const char *format,
		      va_list args)
{
	struct json_object *result, *findings = findings_so_far(run);
	char why[512], reason[600];

	vsnprintf(why, sizeof(why), format, args);
	if (findings && is_failure(run, findings)) {
		snprintf(reason, sizeof(reason),
			 "%zu findings; the run did not get to its end: %s",
			 json_object_array_length(findings), why);
		result = new_result(run->kind, "fail", reason);
		json_object_object_add(result, "rounds",
				       json_object_new_int(run->round));
		json_object_object_add(result, "ops",
				       json_object_new_int(run->round));
		json_object_object_add(result, "findings", findings);
	} else {
		result = new_result(run->kind, verdict, why);
	}
	write_result(run, result);
	_exit(0);
}

void run_skip(struct run *run, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	end_early(run, "skip", format, args);
}

void run_broken(struct run *run, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	end_early(run, "broken", format, args);
}

static void must(struct run *run, int err, const char *what)
{
	if (err)
		run_broken(run, "%s: %s", what, client_error(run->client));
}

static bool fracture(const struct run *run)
{
	return run->options->fracture || run->scenario->fracture;
}

/* Misrouted notifications go to another PASID of the same memory. */
static void bind_bystander(struct run *run, pid_t pid)
{
	unsigned int i;

	for (i = 0; i < run->nr_mutants; i++) {
		if (run->mutants[i].kind != DEVTLB_MUTANT_MISROUTE)
			continue;
		if (!run->bystander)
			must(run, client_bind(run->client, pid, fracture(run),
					      &run->bystander), "bind");
		run->mutants[i].other = run->bystander;
	}
}

/* The user's windows come before the scenario's. */
static struct window window_of(const struct run *run)
{
	const struct scenario *scenario = run->scenario;
	struct window window = run->options->window;
	const char *function = NULL;

	if (!window.range_end)
		window.range_end = scenario->range_end;
	if (!window.function[0] && scenario->function)
		function = kernel_function(scenario->function);
	if (function) {
		snprintf(window.function, sizeof(window.function), "%s",
			 function);
		window.function_delay = scenario->function_delay;
	}
	return window;
}

static void widen(struct run *run)
{
	struct window window = window_of(run);

	if (window.range_end || window.function[0])
		must(run, client_window_set(run->client, run->pasid, &window),
		     "widen");
}

static void bind_memory(struct run *run, pid_t pid)
{
	unsigned int i;

	must(run, client_bind(run->client, pid, fracture(run), &run->pasid),
	     "bind");
	bind_bystander(run, pid);
	for (i = 0; i < run->nr_mutants; i++)
		must(run, client_mutant_add(run->client, run->pasid,
					    &run->mutants[i]), "add mutant");
	widen(run);
}

static void unbind_memory(struct run *run)
{
	must(run, client_unbind(run->client, run->pasid), "unbind");
	if (run->bystander)
		must(run, client_unbind(run->client, run->bystander), "unbind");
	run->bystander = 0;
}

void run_bind_other(struct run *run, pid_t pid)
{
	unbind_memory(run);
	bind_memory(run, pid);
}

static struct json_object *get_findings(struct run *run)
{
	struct json_object *findings;

	must(run, client_findings(run->client, run->pasid, &findings),
	     "get findings");
	return findings;
}

static struct json_object *get_pasid(struct run *run)
{
	struct json_object *pasids, *mine = NULL;
	size_t i;

	must(run, client_pasids(run->client, &pasids), "get PASIDs");
	for (i = 0; i < json_object_array_length(pasids); i++) {
		struct json_object *pasid = json_object_array_get_idx(pasids, i);

		if (json_object_get_uint64(json_object_object_get(pasid, "id")) ==
		    run->pasid)
			mine = json_object_get(pasid);
	}
	json_object_put(pasids);
	if (!mine)
		run_broken(run, "PASID %u is gone", run->pasid);
	return mine;
}

void run_wait_released(struct run *run)
{
	struct timespec start, nap = { .tv_nsec = 1000000 };

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (seconds_since(&start) < RELEASE_TIMEOUT_S) {
		struct json_object *pasid = get_pasid(run);
		bool released = json_object_get_boolean(
			json_object_object_get(pasid, "released"));

		json_object_put(pasid);
		if (released)
			return;
		nanosleep(&nap, NULL);
	}
	run_broken(run, "the kernel never told that the address space was released");
}

static uint64_t suppressed_stores(struct run *run)
{
	struct json_object *pasid = get_pasid(run);
	uint64_t suppressed = get_number(pasid, "suppressed-stores");

	json_object_put(pasid);
	return suppressed;
}

/* Anything that proves something: see is_proof(). */
static bool found_anything(struct run *run)
{
	struct json_object *findings;
	size_t found;

	if (run->lost.nr > 0 && suppressed_stores(run) == 0)
		return true;
	findings = get_findings(run);
	found = json_object_array_length(findings);
	json_object_put(findings);
	return found > 0;
}

static unsigned int rounds_of(const struct run *run)
{
	if (run->options->rounds)
		return run->options->rounds;
	return run->scenario->rounds ? : run->options->usual_rounds;
}

static struct json_object *get_sites(struct run *run)
{
	struct json_object *sites;

	must(run, client_sites(run->client, run->pasid, &sites), "get sites");
	return sites;
}

static const struct scenario_sites *expected_sites(const struct run *run)
{
	return &run->scenario->sites[client_callback(run->client)];
}

/* Where nothing was found yet. */
static bool is_to_show_more(struct run *run)
{
	const struct expectation *known = known_defect(run);
	struct json_object *sites;
	bool unreached;

	if (run->kind == RUN_MUTANT)
		return false;
	if (run->kind == RUN_ARMED || (known && known->always))
		return true;
	sites = get_sites(run);
	unreached = first_unreached(expected_sites(run), sites);
	json_object_put(sites);
	return unreached;
}

/*
 * Not every round gets into every race: a run goes on for longer before it fails
 * because something did not happen.
 */
static bool rounds_are_over(struct run *run)
{
	unsigned int rounds = rounds_of(run);

	if (run->round < rounds)
		return false;
	return run->options->rounds || run->round == PATIENCE * rounds ||
	       seconds_since(&run->start) > run->options->timeout / 2 ||
	       !is_to_show_more(run);
}

bool run_next_round(struct run *run)
{
	/*
	 * Findings are what an armed run is for, and what ends any other one.
	 */
	if (found_anything(run) || rounds_are_over(run))
		return false;
	run->round++;
	return true;
}

void run_check(struct run *run)
{
	struct client_audit audit;

	must(run, client_audit(run->client, run->pasid, &audit), "audit");
	run->checked++;
}

void run_lost_store(struct run *run, const void *at, uint64_t acknowledged,
		    uint64_t has)
{
	struct lost_store store = {
		.at = (uintptr_t)at,
		.acknowledged = acknowledged,
		.has = has,
	};

	lost_stores_add(&run->lost, &store);
}

/* The module's findings, and the one that the scenario made itself. */
static struct json_object *all_findings(struct run *run,
					struct json_object *pasid)
{
	struct json_object *findings = get_findings(run);
	size_t nr = json_object_array_length(findings);

	if (run->lost.nr > 0)
		json_object_array_add(findings, lost_stores_finding(
			&run->lost, run->pasid, nr + 1,
			get_number(pasid, "suppressed-stores")));
	return findings;
}

static struct json_object *get_threads(struct run *run)
{
	struct json_object *threads;

	must(run, client_threads(run->client, run->pasid, &threads),
	     "get threads");
	return threads;
}

static void finish(struct run *run)
{
	struct json_object *pasid = get_pasid(run);
	const struct evidence evidence = {
		.kind = run->kind,
		.expected = expected_sites(run),
		.mutants = run->mutants,
		.nr_mutants = run->nr_mutants,
		.known = known_defect(run),
		.checked = run->checked,
		.findings = all_findings(run, pasid),
		.sites = get_sites(run),
		.pasid = pasid,
	};
	char reason[DEVTLB_CHAIN_MAX + 256];
	const char *verdict = judge(&evidence, reason, sizeof(reason));
	struct json_object *result = new_result(run->kind, verdict, reason);

	json_object_object_add(result, "rounds",
			       json_object_new_int(run->round));
	if (json_object_array_length(evidence.findings) > 0)
		json_object_object_add(result, "ops",
				       json_object_new_int(run->round));
	json_object_object_add(result, "seconds",
			       json_object_new_double(seconds_since(&run->start)));
	json_object_object_add(result, "reached", json_object_new_boolean(
		mutants_reached(&evidence)));
	json_object_object_add(result, "withheld", withheld_sites(&evidence));
	json_object_object_add(result, "findings", evidence.findings);
	json_object_object_add(result, "sites", evidence.sites);
	json_object_object_add(result, "threads", get_threads(run));
	json_object_object_add(result, "pasid", evidence.pasid);
	write_result(run, result);
}

/*
 * x86 before Linux 6.15 flushes all where more than 33 pages are to be flushed,
 * and says so to the device: that hides ranges which are too short.
 */
static void raise_flush_ceiling(struct run *run)
{
	static const struct setting ceiling = {
		"/sys/kernel/debug/x86/tlb_single_page_flush_ceiling", "262144"
	};

	if (!settings_change(run, &ceiling, 1))
		run_broken(run, "there is no %s; run without --exact, or: mount -t debugfs none /sys/kernel/debug",
			   ceiling.path);
}

static void run_child(struct run *run) __attribute__((noreturn));

static void run_child(struct run *run)
{
	/* Nothing outlives the tool, however it ends. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	clock_gettime(CLOCK_MONOTONIC, &run->start);
	run->client = client_open();
	if (!client_connected(run->client))
		run_broken(run, "%s", client_error(run->client));
	if (run->options->exact)
		raise_flush_ceiling(run);
	sweeps_init(run);
	choose_mutants(run);
	bind_memory(run, 0);
	run->scenario->run(run);
	finish(run);
	_exit(0);
}

/* Reads until the end of the pipe; returns false if the time-out comes first. */
static bool read_until_end(int fd, unsigned int timeout, FILE *text)
{
	struct timespec start;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (;;) {
		struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
		double rest = timeout - seconds_since(&start);
		char piece[4096];
		ssize_t got;
		int ready;

		/* What is there counts, even if it was us who were late (^Z). */
		ready = poll(&poll_fd, 1, rest > 0 ? rest * 1000 + 1 : 0);
		if (ready == 0)
			return false;
		got = ready < 0 ? ready : read(fd, piece, sizeof(piece));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return true;
		fwrite(piece, 1, got, text);
	}
}

/*
 * Waits for the run and for its keepers, and ends what goes on for too long.
 * Returns what the run wrote, a string to free.
 */
static char *read_result(int fd, pid_t pid, unsigned int timeout,
			 bool *timed_out)
{
	char *result = NULL;
	size_t size;
	FILE *text = open_memstream(&result, &size);

	if (!text)
		abort();
	*timed_out = !read_until_end(fd, timeout, text);
	kill(-pid, SIGKILL);
	if (*timed_out)
		read_until_end(fd, KEEPERS_TIMEOUT_S, text);
	if (fclose(text) || !result)
		abort();
	return result;
}

static struct json_object *result_of_dead_child(enum run_kind kind, int status,
						bool timed_out)
{
	char reason[128];

	if (timed_out)
		snprintf(reason, sizeof(reason), "timed out");
	else if (WIFSIGNALED(status))
		snprintf(reason, sizeof(reason), "killed by signal %d (%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(reason, sizeof(reason), "ended without a result");
	return new_result(kind, "broken", reason);
}

/* So that this process remembers them, and not each child has to ask. */
static void look_up_functions(const struct scenario *scenario)
{
	int callback, i;

	scenario_expect_sites(scenario);
	for (callback = 0; callback < 2; callback++) {
		for (i = 0; i < SITES_MAX; i++)
			kernel_has_any(scenario->sites[callback].reach[i]);
	}
}

struct json_object *run_scenario(const struct scenario *scenario,
				 enum run_kind kind,
				 const struct run_options *options)
{
	struct run run = {
		.scenario = scenario,
		.kind = kind,
		.options = options,
	};
	struct json_object *result;
	bool timed_out;
	int fds[2];
	int status = 0;
	char *text;
	pid_t pid;

	look_up_functions(scenario);
	if (pipe(fds) < 0)
		return new_result(kind, "broken", strerror(errno));
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return new_result(kind, "broken", strerror(errno));
	if (pid == 0) {
		/* A group of its own: its children are killed with it. */
		setpgid(0, 0);
		close(fds[0]);
		run.result_fd = fds[1];
		run_child(&run);
	}
	close(fds[1]);
	text = read_result(fds[0], pid, options->timeout, &timed_out);
	close(fds[0]);
	waitpid(pid, &status, 0);

	result = json_tokener_parse(text);
	free(text);
	return result ? : result_of_dead_child(kind, status, timed_out);
}
