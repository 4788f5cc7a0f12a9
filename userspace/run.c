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

#include "kernel_function.h"
#include "run.h"

/**
 * struct run - a run, in its own process
 * @scenario: what runs
 * @kind: what it is to show
 * @options: the user's
 * @client: its own connection: what it binds dies with it
 * @pasid: its memory, or the other process's
 * @round: rounds begun
 * @checked: rounds checked
 * @result_fd: where the result goes
 */
struct run {
	const struct scenario *scenario;
	enum run_kind kind;
	const struct run_options *options;
	struct client *client;
	uint32_t pasid;
	unsigned int round;
	unsigned int checked;
	int result_fd;
};

static const char * const kind_names[] = {
	[RUN_CLEAN] = "clean",
	[RUN_ARMED] = "armed",
	[RUN_MUTANT] = "mutant",
};

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
	client_close(run->client);
}

static const struct scenario_sites *run_sites(const struct run *run)
{
	return &run->scenario->sites[client_callback(run->client)];
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - start->tv_sec +
	       (now.tv_nsec - start->tv_nsec) / 1e9;
}

static void set_string(struct json_object *object, const char *key,
		       const char *value)
{
	json_object_object_add(object, key, json_object_new_string(value));
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

/* Functions whose notifications a run drops. */
struct drops {
	const char * const *function;
	unsigned int nr;
};

static struct drops run_drops(const struct run *run)
{
	struct drops drops = { };

	switch (run->kind) {
	case RUN_ARMED:
		drops.function = run_sites(run)->drop;
		while (drops.nr < SITES_MAX && drops.function[drops.nr])
			drops.nr++;
		break;
	case RUN_MUTANT:
		drops.function = run->options->mutants;
		drops.nr = run->options->nr_mutants;
		break;
	case RUN_CLEAN:
		break;
	}
	return drops;
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

static void end_early(struct run *run, const char *verdict, const char *format,
		      va_list args) __attribute__((noreturn));

static void end_early(struct run *run, const char *verdict, const char *format,
		      va_list args)
{
	char reason[512];

	vsnprintf(reason, sizeof(reason), format, args);
	write_result(run, new_result(run->kind, verdict, reason));
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

static void bind_memory(struct run *run, pid_t pid)
{
	struct drops drops = run_drops(run);
	unsigned int i;

	must(run, client_bind(run->client, pid, run->options->fracture,
			      &run->pasid), "bind");
	for (i = 0; i < drops.nr; i++) {
		const char *function = kernel_function(drops.function[i]);

		/*
		 * One of several that a scenario names for different kernels.
		 */
		if (function)
			must(run, client_mutant_add(run->client, run->pasid,
						    DEVTLB_MUTANT_DROP,
						    function), "add mutant");
	}
}

void run_bind_other(struct run *run, pid_t pid)
{
	must(run, client_unbind(run->client, run->pasid), "unbind");
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
	while (seconds_since(&start) < run->options->timeout) {
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

bool run_next_round(struct run *run)
{
	struct json_object *findings;
	size_t found;

	if (run->round == run->options->rounds)
		return false;
	/*
	 * Findings are what an armed run is for, and what ends any other one.
	 */
	findings = get_findings(run);
	found = json_object_array_length(findings);
	json_object_put(findings);
	if (found > 0)
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

/* Is a function in a chain "x < function < y"? */
static bool chain_has(const char *chain, const char *function)
{
	size_t length = strlen(function);

	for (;;) {
		size_t part = strcspn(chain, " ");

		if (part == length && strncmp(chain, function, length) == 0)
			return true;
		if (!chain[part])
			return false;
		chain += part + strlen(" < ");
	}
}

/*
 * Is one of the alternatives "a|b", as far as this kernel has them, in a chain?
 */
static bool chain_has_any(const char *chain, const char *alternatives)
{
	char name[DEVTLB_SYMBOL_MAX];
	const char *function;

	do {
		size_t length = strcspn(alternatives, "|");

		snprintf(name, sizeof(name), "%.*s", (int)length, alternatives);
		function = kernel_function(name);
		if (function && chain_has(chain, function))
			return true;
		alternatives += length;
	} while (*alternatives++);
	return false;
}

static bool site_reached(struct json_object *sites, const char *alternatives)
{
	size_t i;

	for (i = 0; i < json_object_array_length(sites); i++) {
		struct json_object *site = json_object_array_get_idx(sites, i);

		if (chain_has_any(json_object_get_string(
				      json_object_object_get(site, "chain")),
			      alternatives))
			return true;
	}
	return false;
}

/* The first site that should have been reached and was not; NULL for none. */
static const char *first_unreached(struct run *run, struct json_object *sites)
{
	const struct scenario_sites *expected = run_sites(run);
	int i;

	for (i = 0; i < SITES_MAX && expected->reach[i]; i++) {
		if (!site_reached(sites, expected->reach[i]))
			return expected->reach[i];
	}
	return NULL;
}

static uint64_t count_dropped(struct json_object *sites)
{
	uint64_t dropped = 0;
	size_t i;

	for (i = 0; i < json_object_array_length(sites); i++)
		dropped += json_object_get_uint64(json_object_object_get(
			json_object_array_get_idx(sites, i), "dropped"));
	return dropped;
}

static void judge(struct run *run, struct json_object *result,
		  struct json_object *findings, struct json_object *sites)
{
	size_t found = json_object_array_length(findings);
	const char *unreached = first_unreached(run, sites);
	const char *verdict = "ok";
	char reason[256] = "";

	switch (run->kind) {
	case RUN_CLEAN:
	case RUN_MUTANT:
		if (found > 0) {
			verdict = "fail";
			snprintf(reason, sizeof(reason), "%zu finding%s", found,
				 found == 1 ? "" : "s");
		} else if (run->kind == RUN_CLEAN && unreached) {
			verdict = "fail";
			snprintf(reason, sizeof(reason),
				 "not covered: nothing was notified from %s",
				 unreached);
		}
		break;
	case RUN_ARMED:
		if (found == 0) {
			verdict = "fail";
			snprintf(reason, sizeof(reason),
				 "armed, and nothing was found");
		}
		break;
	}
	if (run->kind != RUN_CLEAN && found == 0 && count_dropped(sites) == 0) {
		verdict = "broken";
		snprintf(reason, sizeof(reason),
			 "nothing was dropped: no notification came from %s; \"devtlb sites\" shows from where they came",
			 run_drops(run).nr ? run_drops(run).function[0] : "there");
	}
	if (run->checked == 0) {
		verdict = "broken";
		snprintf(reason, sizeof(reason), "the scenario checked nothing");
	}
	set_string(result, "verdict", verdict);
	set_string(result, "reason", reason);
}

static bool was_dropped(struct json_object *sites, const char *function)
{
	size_t i;

	for (i = 0; i < json_object_array_length(sites); i++) {
		struct json_object *site = json_object_array_get_idx(sites, i);

		if (json_object_get_uint64(json_object_object_get(site, "dropped")) &&
		    chain_has_any(json_object_get_string(
					  json_object_object_get(site, "chain")),
				  function))
			return true;
	}
	return false;
}

/* Of the functions that were to be dropped, those from which something was. */
static struct json_object *dropped_functions(const struct run *run,
					     struct json_object *sites)
{
	struct json_object *array = json_object_new_array();
	struct drops drops = run_drops(run);
	unsigned int i;

	for (i = 0; i < drops.nr; i++) {
		const char *function = drops.function[i];

		if (was_dropped(sites, function))
			json_object_array_add(array,
					      json_object_new_string(function));
	}
	return array;
}

static void finish(struct run *run, const struct timespec *start)
{
	struct json_object *result = new_result(run->kind, "ok", "");
	struct json_object *findings = get_findings(run);
	struct json_object *sites, *threads;

	must(run, client_sites(run->client, run->pasid, &sites), "get sites");
	must(run, client_threads(run->client, run->pasid, &threads),
	     "get threads");
	judge(run, result, findings, sites);
	json_object_object_add(result, "rounds",
			       json_object_new_int(run->round));
	json_object_object_add(result, "seconds",
			       json_object_new_double(seconds_since(start)));
	json_object_object_add(result, "dropped",
			       dropped_functions(run, sites));
	json_object_object_add(result, "findings", findings);
	json_object_object_add(result, "sites", sites);
	json_object_object_add(result, "threads", threads);
	json_object_object_add(result, "pasid", get_pasid(run));
	write_result(run, result);
}

static void run_child(struct run *run) __attribute__((noreturn));

static void run_child(struct run *run)
{
	struct timespec start;

	/* Nothing outlives the tool, however it ends. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	clock_gettime(CLOCK_MONOTONIC, &start);
	run->client = client_open();
	if (!client_connected(run->client))
		run_broken(run, "%s", client_error(run->client));
	sweeps_init(run);
	bind_memory(run, 0);
	run->scenario->run(run);
	finish(run, &start);
	_exit(0);
}

/* Reads until the end of the pipe or the time-out; returns a string to free. */
static char *read_result(int fd, unsigned int timeout, bool *timed_out)
{
	struct timespec start;
	size_t size = 0, room = 4096;
	char *text = malloc(room);

	clock_gettime(CLOCK_MONOTONIC, &start);
	*timed_out = false;
	while (text) {
		struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
		double rest = timeout - seconds_since(&start);
		ssize_t got;

		if (rest <= 0 || poll(&poll_fd, 1, rest * 1000 + 1) == 0) {
			*timed_out = true;
			break;
		}
		got = read(fd, text + size, room - size - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		size += got;
		if (size == room - 1) {
			room *= 2;
			text = realloc(text, room);
		}
	}
	if (!text)
		abort();
	text[size] = '\0';
	return text;
}

static struct json_object *result_of_dead_child(enum run_kind kind, int status)
{
	char reason[128];

	if (WIFSIGNALED(status))
		snprintf(reason, sizeof(reason), "killed by signal %d (%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(reason, sizeof(reason), "ended without a result");
	return new_result(kind, "broken", reason);
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
	text = read_result(fds[0], options->timeout, &timed_out);
	close(fds[0]);
	kill(-pid, SIGKILL);
	waitpid(pid, &status, 0);

	result = json_tokener_parse(text);
	free(text);
	if (timed_out) {
		json_object_put(result);
		return new_result(kind, "broken", "timed out");
	}
	return result ? : result_of_dead_child(kind, status);
}
