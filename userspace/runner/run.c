// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a scenario in a process of its own, which dies with the tool. The child
 * writes its result as JSON to a pipe; a child that ends without one is broken.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "model/elapsed.h"
#include "model/kernel_function.h"
#include "model/result.h"
#include "runner/interrupt.h"
#include "runner/running.h"
#include "runner/setting.h"

REGISTRY(fixtures, struct fixture);

/* For the keepers of a run that took too long. */
#define KEEPERS_TIMEOUT_S	30

void run_forget(struct run *run)
{
	close(run->result_fd);
	run->result_fd = -1;
	client_close(run->client);
	run->client = NULL;
}

static void choose_mutants(struct run *run)
{
	if (run->kind == RUN_CLEAN)
		return;
	run->nr_mutants = run->options->nr_mutants;
	memcpy(run->mutants, run->options->mutants, sizeof(run->mutants));
}

/* Is the device told by the flush? See FLUSH_CEILING. */
static bool hides_short_ranges(const struct client *client)
{
	return client_callback(client) == DEVTLB_CALLBACK_ARCH_INVALIDATE;
}

bool ranges_can_be_exact(const struct client *client)
{
	return !hides_short_ranges(client) || access(FLUSH_CEILING, W_OK) == 0;
}

static void make_ranges_exact(struct run *run)
{
	static const struct setting ceiling = {
		FLUSH_CEILING, FLUSH_CEILING_EXACT
	};

	if (hides_short_ranges(run->client))
		settings_change(run, &ceiling, 1);
}

static void prepare_fixtures(struct run *run)
{
	const struct fixture * const *fixture;

	for_each_registered(fixture, fixtures)
		(*fixture)->prepare(run);
}

static void run_child(struct run *run) __attribute__((noreturn));

static void run_child(struct run *run)
{
	interrupts_give_back();
	/* Nothing outlives the tool, however it ends. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	clock_gettime(CLOCK_MONOTONIC, &run->start);
	run->client = client_open();
	if (!client_connected(run->client))
		run_broken(run, "%s", client_error(run->client));
	if (!run->options->wide)
		make_ranges_exact(run);
	prepare_fixtures(run);
	choose_mutants(run);
	run_bind(run, 0);
	run->scenario->run(run);
	/* What happened since the last round is looked at, too. */
	run_audit(run);
	run_finish(run);
	_exit(0);
}

/*
 * Reads until the end of the pipe; returns false if the time-out or an interrupt
 * comes first. (A negative descriptor is passed over.)
 */
static bool read_until_end(int fd, unsigned int timeout, int interrupt,
			   FILE *text)
{
	struct timespec start;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (;;) {
		struct pollfd poll_fds[] = {
			{ .fd = fd, .events = POLLIN },
			{ .fd = interrupt, .events = POLLIN },
		};
		double rest = timeout - seconds_since(&start);
		char piece[4096];
		ssize_t got;
		int ready;

		/* What is there counts, even if it was us who were late (^Z). */
		ready = poll(poll_fds, 2, rest > 0 ? rest * 1000 + 1 : 0);
		if (ready == 0 || (ready > 0 && poll_fds[1].revents))
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
	*timed_out = !read_until_end(fd, timeout, interrupts_fd(), text);
	kill(-pid, SIGKILL);
	if (*timed_out)
		read_until_end(fd, KEEPERS_TIMEOUT_S, -1, text);
	if (fclose(text) || !result)
		abort();
	return result;
}

static struct json_object *result_of_dead_child(enum run_kind kind, int status,
						bool timed_out)
{
	char reason[128];

	if (timed_out && interrupted())
		snprintf(reason, sizeof(reason), "interrupted");
	else if (timed_out)
		snprintf(reason, sizeof(reason), "timed out");
	else if (WIFSIGNALED(status))
		snprintf(reason, sizeof(reason), "killed by signal %d (%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(reason, sizeof(reason), "ended without a result");
	return run_new_result(kind, "broken", reason);
}

/* So that this process remembers it, and not each child has to ask. */
static void look_up_function(const struct scenario *scenario)
{
	if (scenario->function)
		kernel_function(scenario->function);
}

/* Of all runs so far. */
static unsigned long long zap_races;

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

	look_up_function(scenario);
	if (pipe(fds) < 0)
		return run_new_result(kind, "broken", strerror(errno));
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return run_new_result(kind, "broken", strerror(errno));
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
	zap_races += get_number(json_object_object_get(result, "pasid"),
				"zap-races");
	return result ? : result_of_dead_child(kind, status, timed_out);
}

unsigned long long runs_zap_races(void)
{
	return zap_races;
}
