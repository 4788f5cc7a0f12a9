// SPDX-License-Identifier: GPL-2.0-only
/* The device on processes that run already. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "watching/process.h"
#include "model/number.h"
#include "model/result.h"
#include "cli/watch_request.h"
#include "watching/watching.h"

/* The kernel's. */
#define PID_MAX		4194304

/**
 * struct attached - the processes that we know of
 * @watching: them
 * @process: those that were added, in no order
 * @nr: how many
 * @refused: of them, those that could not be
 * @followed: whoever was watched when we last looked and anybody was
 * @nr_followed: how many
 * @times_gone: how often in a row nobody was left
 */
struct attached {
	struct watching *watching;
	struct process *process;
	size_t nr;
	unsigned int refused;
	pid_t *followed;
	size_t nr_followed;
	unsigned int times_gone;
};

static bool knows(const struct attached *attached, pid_t pid)
{
	size_t i;

	for (i = 0; i < attached->nr; i++) {
		if (attached->process[i].pid == pid)
			return true;
	}
	return false;
}

static void remember(struct attached *attached, const struct process *process)
{
	attached->process = reallocarray(attached->process, attached->nr + 1,
					 sizeof(*process));
	if (!attached->process)
		abort();
	attached->process[attached->nr++] = *process;
}

static void add(struct attached *attached, const struct process *process)
{
	int err = watching_add(attached->watching, process->pid, false);

	remember(attached, process);
	/* Gone, or it came with its parent. */
	if (!err || err == -ESRCH || err == -EEXIST)
		return;
	if (!attached->refused++)
		fprintf(stderr, "devtlb: process %d is not watched: %s\n",
			process->pid, watching_error(attached->watching));
}

/* Adds those that descend from what we know; false when there was none. */
static bool add_descendants(struct attached *attached)
{
	size_t before = attached->nr;
	struct process *processes;
	size_t i, had, nr = processes_read(&processes);

	do {
		had = attached->nr;
		for (i = 0; i < nr; i++) {
			const struct process *process = &processes[i];

			if (!process->ended && process->pid != getpid() &&
			    knows(attached, process->parent) &&
			    !knows(attached, process->pid))
				add(attached, process);
		}
	} while (attached->nr > had);
	free(processes);
	return attached->nr > before;
}

static void look_at_followed(struct attached *attached)
{
	free(attached->followed);
	attached->nr_followed = watching_pids(attached->watching,
					      &attached->followed);
}

static bool any_runs(const struct attached *attached)
{
	struct process process;
	size_t i;

	for (i = 0; i < attached->nr; i++) {
		if (process_runs(&attached->process[i]))
			return true;
	}
	for (i = 0; i < attached->nr_followed; i++) {
		if (process_read(&process, attached->followed[i]) &&
		    !process.ended)
			return true;
	}
	return false;
}

/*
 * While a process executes something it has no address space that is bound, and
 * neither has one that was forked this very moment. So nothing may be bound,
 * and nobody may run, twice.
 */
static bool all_gone(struct attached *attached)
{
	if (watching_processes(attached->watching) > 0) {
		look_at_followed(attached);
		attached->times_gone = 0;
	} else if (any_runs(attached)) {
		attached->times_gone = 0;
	} else {
		attached->times_gone++;
	}
	return attached->times_gone > 1;
}

/* Watches until all are gone, the time is over, or a signal says so. */
static void watch(struct attached *attached, const struct watch_request *request,
		  const sigset_t *ends)
{
	struct watching *watching = attached->watching;

	while (!watching_lost(watching)) {
		double rest = watching_rest(watching);
		double left = request->duration - watching_seconds(watching);
		struct timespec time;

		if (request->duration && left < rest)
			rest = left > 0 ? left : 0;
		time.tv_sec = rest;
		time.tv_nsec = (rest - time.tv_sec) * 1e9;
		if (sigtimedwait(ends, NULL, &time) > 0)
			return;
		if (request->duration &&
		    watching_seconds(watching) >= request->duration)
			return;
		watching_look(watching);
		if (all_gone(attached))
			return;
	}
}

/* Those that end a watch; blocked, but where we were told to ignore them. */
static void block_ends(sigset_t *ends)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action;
	size_t i;

	sigemptyset(ends);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaction(signals[i], NULL, &action);
		if (action.sa_handler != SIG_IGN)
			sigaddset(ends, signals[i]);
	}
	sigprocmask(SIG_BLOCK, ends, NULL);
	/* Whoever reads may stop doing so. */
	signal(SIGPIPE, SIG_IGN);
}

/* Not where the report goes: it is long until that comes. */
static void announce(const struct attached *attached,
		     const struct watch_request *request)
{
	size_t others = attached->nr - attached->refused - 1;

	fprintf(stderr, "devtlb: watching process %d", attached->process[0].pid);
	if (others > 0)
		fprintf(stderr, " and %zu that it started", others);
	if (request->duration)
		fprintf(stderr, ", for %u seconds", request->duration);
	fprintf(stderr, "; Ctrl-C ends that, and lets %s go on\n",
		others > 0 ? "them" : "it");
}

static int attach_to(const struct process *process,
		     const struct watch_request *request)
{
	struct attached attached = { };
	struct json_object *about;
	sigset_t ends;
	int status;

	block_ends(&ends);
	attached.watching = watching_start(request);
	if (!attached.watching)
		return EXIT_USAGE;
	if (watching_add(attached.watching, process->pid, false)) {
		fprintf(stderr, "devtlb: %s\n",
			watching_error(attached.watching));
		watching_drop(attached.watching);
		return EXIT_USAGE;
	}
	remember(&attached, process);
	/* Who forked while we looked is seen by the next look. */
	while (add_descendants(&attached))
		;
	announce(&attached, request);
	watch(&attached, request, &ends);
	about = json_object_new_object();
	set_number(about, "pid", process->pid);
	set_number(about, "refused", attached.refused);
	status = watching_lost(attached.watching) ? EXIT_USAGE :
						    EXIT_NOTHING_FOUND;
	status = watching_end(attached.watching, about, status);
	free(attached.process);
	free(attached.followed);
	return status;
}

static int check_process(struct process *process, pid_t pid)
{
	if (access("/proc/self/stat", R_OK)) {
		fprintf(stderr, "devtlb: /proc is not there; run: mount -t proc none /proc\n");
		return EXIT_USAGE;
	}
	if (!process_read(process, pid)) {
		fprintf(stderr, "devtlb: there is no process %d; \"ps -e\" shows them\n",
			pid);
		return EXIT_USAGE;
	}
	if (process->kernel) {
		fprintf(stderr, "devtlb: process %d is a kernel thread, which has no address space\n",
			pid);
		return EXIT_USAGE;
	}
	if (process->ended) {
		fprintf(stderr, "devtlb: process %d has ended already\n", pid);
		return EXIT_USAGE;
	}
	return 0;
}

static int attach(const struct command *command, int argc, char **argv)
{
	struct watch_request request = { .ends = true };
	int first = parse_arguments(command, argc, argv, &request);
	struct parse_error error = { };
	struct process process;
	uint32_t pid;
	int status;

	if (first < 0)
		return -first;
	status = complete_watch_request(&request);
	if (status)
		return status;
	if (argc - first != 1)
		return usage_error("devtlb attach wants one process; write devtlb attach [OPTION]... PID");
	if (parse_number("devtlb attach", argv[first], 1, PID_MAX, &pid, &error))
		return usage_error("%s", error.text);
	if (pid == (uint32_t)getpid())
		return usage_error("devtlb cannot attach to itself");
	status = check_process(&process, pid);
	if (!status)
		status = open_report(&request, STDOUT_FILENO);
	return status ? : attach_to(&process, &request);
}

COMMAND(attach) = {
	.name = "attach",
	.arguments = "PID",
	.title = "watches a process that runs already, and all that it starts",
	.help = "As \"devtlb run\" does, until they end, or Ctrl-C. The report goes to stdout.",
	.options = watch_options,
	.more_options = watch_until,
	.option = take_watch_option,
	.run = attach,
};
