// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "model/elapsed.h"
#include "watching/process.h"
#include "watching/relay.h"

/* Does a terminal send it, to a whole group of processes at once? */
static bool is_of_terminals(int signal)
{
	switch (signal) {
	case SIGHUP:
	case SIGINT:
	case SIGQUIT:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGWINCH:
	case SIGCONT:
		return true;
	default:
		return false;
	}
}

/* Was it sent to us alone, so that the program has not heard of it? */
static bool is_for_us_alone(const struct relay *relay, const siginfo_t *info)
{
	if (info->si_code == SI_KERNEL)
		return !is_of_terminals(info->si_signo);
	/* As when what we write to is closed. */
	if (info->si_pid == getpid())
		return false;
	/* A program that signals its own group means us as little as itself. */
	return !process_descends(info->si_pid, relay->pid);
}

static void forward(const struct relay *relay, const siginfo_t *info)
{
	if (info->si_code == SI_QUEUE)
		sigqueue(relay->pid, info->si_signo, info->si_value);
	else
		kill(relay->pid, info->si_signo);
}

/* Takes the action that a signal has by default. */
static void suffer(int signal)
{
	struct sigaction by_default = { .sa_handler = SIG_DFL };
	sigset_t one;

	sigemptyset(&one);
	sigaddset(&one, signal);
	sigaction(signal, &by_default, NULL);
	raise(signal);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	sigprocmask(SIG_BLOCK, &one, NULL);
}

static bool in_foreground(void)
{
	int terminal = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);
	bool foreground = terminal >= 0 && tcgetpgrp(terminal) == getpgrp();

	if (terminal >= 0)
		close(terminal);
	return foreground;
}

/*
 * The shell that started us has to see it. But where there is no shell that
 * would, a program that was stopped for a while must not leave us stopped.
 */
static void stop_alike(int signal)
{
	if (signal != SIGSTOP || in_foreground())
		suffer(signal);
}

static void take_child_status(struct relay *relay)
{
	int status;
	pid_t pid;

	/* Whoever executed us may have left us other children. */
	while ((pid = waitpid(-1, &status,
			      WNOHANG | WUNTRACED | WCONTINUED)) > 0) {
		if (pid != relay->pid)
			continue;
		relay->stopped = WIFSTOPPED(status);
		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			relay->ended = true;
			relay->status = status;
		}
		if (WIFSTOPPED(status))
			stop_alike(WSTOPSIG(status));
	}
	if (pid < 0 && errno == ECHILD)
		relay->ended = true;
}

static void take_signal(struct relay *relay, const siginfo_t *info)
{
	if (info->si_signo == SIGCHLD)
		take_child_status(relay);
	else if (is_for_us_alone(relay, info))
		forward(relay, info);
	else if (info->si_signo == SIGTSTP && relay->stopped)
		suffer(SIGTSTP);
}

void relay_for(struct relay *relay, double seconds)
{
	struct timespec start, rest;
	siginfo_t info;
	sigset_t all;

	clock_gettime(CLOCK_MONOTONIC, &start);
	sigfillset(&all);
	/* What ended before SIGCHLD could be waited for. */
	take_child_status(relay);
	while (!relay->ended) {
		double left = seconds - seconds_since(&start);

		/* What has come is taken even if no time is left. */
		left = left > 0 ? left : 0;
		rest.tv_sec = left;
		rest.tv_nsec = (left - rest.tv_sec) * 1e9;
		if (sigtimedwait(&all, &info, &rest) > 0)
			take_signal(relay, &info);
		else if (left == 0)
			break;
	}
}

int relay_exit_status(const struct relay *relay)
{
	return WIFSIGNALED(relay->status) ? 128 + WTERMSIG(relay->status) :
					    WEXITSTATUS(relay->status);
}

int relay_end_alike(const struct relay *relay)
{
	const struct rlimit none = { };

	if (WIFSIGNALED(relay->status)) {
		/* If a core was wanted, the program's own is there. */
		setrlimit(RLIMIT_CORE, &none);
		prctl(PR_SET_DUMPABLE, 0);
		fflush(NULL);
		suffer(WTERMSIG(relay->status));
	}
	return relay_exit_status(relay);
}
