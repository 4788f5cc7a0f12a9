// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program under "devtlb run", and whoever started it, notice nothing: signals,
 * job control on a terminal, exit statuses, what is inherited. In a guest;
 * needs specimen on the PATH. Prints TAP. As every shell does, it leads a session.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_S	120
/* As specimen.c has it. */
#define ANOTHER		7
#define UNDER_DEVICE	"devtlb", "run", "--output", "/tmp/report", "--"
#define SPECIMEN	"specimen"

/* A program under the device. */
#define RUN(...)	((char *[]) { UNDER_DEVICE, SPECIMEN, __VA_ARGS__, NULL })

static unsigned int row;

static void report(bool passed, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void report(bool passed, const char *name, const char *format, ...)
{
	char text[8192], *line, *rest = text;
	va_list args;

	printf("%sok %u - %s\n", passed ? "" : "not ", ++row, name);
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	while (!passed && (line = strsep(&rest, "\n")))
		printf("# %s\n", line);
	fflush(stdout);
}

/**
 * struct job - what was started
 * @pid: its process
 * @fd: what it prints comes here
 * @said: that
 */
struct job {
	pid_t pid;
	int fd;
	char said[32768];
};

static void (*before_exec)(void);

/* Nobody starts what cannot be reported. */
static void must(bool done, const char *what)
{
	if (done)
		return;
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

static void start(struct job *job, char **command)
{
	int fds[2];

	must(pipe2(fds, O_CLOEXEC) == 0, "pipe");
	*job = (struct job) { .fd = fds[0] };
	fflush(stdout);
	job->pid = fork();
	must(job->pid >= 0, "fork");
	if (job->pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		if (before_exec)
			before_exec();
		execvp(command[0], command);
		_exit(99);
	}
	close(fds[1]);
}

/* Reads until it said @text, or, for NULL, until its end. */
static bool hear(struct job *job, const char *text)
{
	time_t end = time(NULL) + PATIENCE_S;
	size_t length = strlen(job->said);

	while (!text || !strstr(job->said, text)) {
		struct pollfd poll_fd = { .fd = job->fd, .events = POLLIN };
		ssize_t got;

		if (time(NULL) > end)
			return false;
		if (poll(&poll_fd, 1, 1000) <= 0)
			continue;
		got = read(job->fd, job->said + length,
			   sizeof(job->said) - length - 1);
		if (got <= 0)
			return !text;
		length += got;
		job->said[length] = '\0';
	}
	return true;
}

/* The wait status; -1 when it lasts too long. */
static int status_of(struct job *job, int options)
{
	time_t end = time(NULL) + PATIENCE_S;
	int status = -1;

	while (waitpid(job->pid, &status, WNOHANG | options) == 0) {
		if (time(NULL) > end) {
			kill(job->pid, SIGKILL);
			return -1;
		}
		usleep(20000);
	}
	return status;
}

static int finish(struct job *job)
{
	int status = status_of(job, 0);

	close(job->fd);
	return status;
}

/* How a program sees the world, alone and under the device. */
static void same_state(const char *name)
{
	static struct job alone, watched;

	start(&alone, (char *[]) { SPECIMEN, "state", NULL });
	hear(&alone, NULL);
	finish(&alone);
	start(&watched, RUN("state"));
	hear(&watched, NULL);
	finish(&watched);
	report(strlen(alone.said) > 500 && strcmp(alone.said, watched.said) == 0,
	       name, "alone:\n%s\nunder the device:\n%s", alone.said,
	       watched.said);
}

static void duplicate_output(void)
{
	must(dup2(STDOUT_FILENO, ANOTHER) == ANOTHER, "dup2");
}

static void change_everything(void)
{
	const struct rlimit files = { 64, 128 };
	sigset_t some;

	sigemptyset(&some);
	sigaddset(&some, SIGUSR2);
	sigaddset(&some, SIGRTMIN + 3);
	sigprocmask(SIG_BLOCK, &some, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	setrlimit(RLIMIT_NOFILE, &files);
	umask(027);
	must(nice(5) == 5, "nice");
	must(chdir("/tmp") == 0, "chdir");
	setenv("SOME", "thing", 1);
	must(prctl(PR_SET_PDEATHSIG, SIGUSR1) == 0, "prctl");
	close(STDIN_FILENO);
	duplicate_output();
}

static void inherited(void)
{
	same_state("a program inherits what it would");
	before_exec = change_everything;
	same_state("... also where all of it is unusual");
	before_exec = NULL;
}

static void want_core(void)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

	setrlimit(RLIMIT_CORE, &all);
	must(chdir("/tmp") == 0, "chdir");
}

static void statuses(void)
{
	static const int signals[] = { SIGTERM, SIGKILL, SIGSEGV };
	struct job job;
	char name[64], number[16];
	size_t i;
	int status;

	start(&job, RUN("exit", "3"));
	status = finish(&job);
	report(WIFEXITED(status) && WEXITSTATUS(status) == 3,
	       "the exit status is the program's", "status %x", status);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		snprintf(number, sizeof(number), "%d", signals[i]);
		snprintf(name, sizeof(name), "a program that dies of %s",
			 strsignal(signals[i]));
		before_exec = want_core;
		start(&job, RUN("die", number));
		before_exec = NULL;
		status = finish(&job);
		report(WIFSIGNALED(status) && WTERMSIG(status) == signals[i] &&
		       !WCOREDUMP(status), name, "status %x", status);
	}
}

static void end_of_output(void)
{
	struct timespec start_time, now;
	struct job job;
	double seconds;

	before_exec = duplicate_output;
	start(&job, RUN("close-output"));
	before_exec = NULL;
	hear(&job, "closed");
	clock_gettime(CLOCK_MONOTONIC, &start_time);
	hear(&job, NULL);
	clock_gettime(CLOCK_MONOTONIC, &now);
	seconds = now.tv_sec - start_time.tv_sec +
		  (now.tv_nsec - start_time.tv_nsec) / 1e9;
	report(seconds < 2 && waitpid(job.pid, NULL, WNOHANG) == 0,
	       "who reads sees the end when the program closes its output",
	       "after %.3f s", seconds);
	finish(&job);
}

/* Each arrives once, and with its value. */
static void forwarded_signals(void)
{
	const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2,
				SIGALRM, SIGWINCH, SIGCONT };
	char want[1024] = "", text[64];
	struct job job;
	size_t i;
	int status;

	start(&job, RUN("tell-signals"));
	hear(&job, "ready");
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		snprintf(text, sizeof(text), "got %d value 0\n", signals[i]);
		strcat(want, text);
		kill(job.pid, signals[i]);
		hear(&job, text);
	}
	snprintf(text, sizeof(text), "got %d value 42\n", SIGRTMIN + 2);
	strcat(want, text);
	sigqueue(job.pid, SIGRTMIN + 2, (union sigval) { .sival_int = 42 });
	hear(&job, text);
	snprintf(text, sizeof(text), "got %d value 0\n", SIGTERM);
	strcat(want, text);
	kill(job.pid, SIGTERM);
	hear(&job, NULL);
	status = finish(&job);
	report(WIFEXITED(status) && WEXITSTATUS(status) == 5,
	       "a signal to devtlb is one to the program", "status %x", status);
	report(strstr(job.said, "\n") &&
	       strcmp(strstr(job.said, "\n") + 1, want) == 0,
	       "... each of them, once, with its value", "want:\n%s\ngot:\n%s",
	       want, job.said);
}

static bool nothing_left(void)
{
	return system("devtlb info | grep -q '^PASIDs 0, device threads 0, translations 0$'") == 0;
}

static void killed(void)
{
	struct job job;
	pid_t program;
	int tries;

	start(&job, RUN("tell-signals"));
	hear(&job, "ready");
	program = atoi(strstr(job.said, "ready") + strlen("ready "));
	report(!nothing_left(), "a program is bound while it runs", "%s",
	       job.said);
	kill(job.pid, SIGKILL);
	waitpid(job.pid, NULL, 0);
	for (tries = 0; tries < 200 && !nothing_left(); tries++)
		usleep(100000);
	report(nothing_left(), "devtlb is killed: nothing stays bound",
	       "after %d tries", tries);
	kill(program, SIGUSR1);
	report(hear(&job, "got 10"), "... and the program goes on", "%s",
	       job.said);
	kill(program, SIGTERM);
	hear(&job, NULL);
	close(job.fd);
}

/* The terminal of this session: what we type, and what is shown. */
static int keyboard = -1;
static int terminal = -1;

static void open_terminal(void)
{
	keyboard = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	must(keyboard >= 0 && grantpt(keyboard) == 0 && unlockpt(keyboard) == 0,
	     "posix_openpt");
	/* It becomes ours, for we lead a session that has none. */
	terminal = open(ptsname(keyboard), O_RDWR | O_CLOEXEC);
	must(terminal >= 0 && tcgetpgrp(terminal) == getpgrp(), "terminal");
	/* Background processes may set the foreground group. */
	signal(SIGTTOU, SIG_IGN);
}

static void take_terminal(void)
{
	setpgid(0, 0);
	tcsetpgrp(terminal, getpgrp());
	signal(SIGTTOU, SIG_DFL);
	dup2(terminal, STDIN_FILENO);
	dup2(terminal, STDOUT_FILENO);
	dup2(terminal, STDERR_FILENO);
}

/* In the foreground, in a group of its own, as a shell does it. */
static void start_on_terminal(struct job *job, char **command)
{
	before_exec = take_terminal;
	start(job, command);
	before_exec = NULL;
	close(job->fd);
	job->fd = keyboard;
	setpgid(job->pid, job->pid);
}

static void type(const char *keys)
{
	must(write(keyboard, keys, strlen(keys)) == (ssize_t)strlen(keys),
	     "type");
}

static int finish_on_terminal(struct job *job)
{
	int status = status_of(job, 0);

	tcsetpgrp(terminal, getpgrp());
	tcflush(terminal, TCIOFLUSH);
	return status;
}

static void interrupt_key(void)
{
	struct job job;
	int status;

	start_on_terminal(&job, RUN("talk"));
	hear(&job, "ready");
	type("\003");
	usleep(200000);
	type("go\n");
	hear(&job, "interrupts");
	status = finish_on_terminal(&job);
	report(strstr(job.said, "\n1 interrupts"),
	       "Ctrl-C reaches the program, once", "%s", job.said);
	report(WIFEXITED(status) && WEXITSTATUS(status) == 6,
	       "... and devtlb waits for it", "status %x", status);
}

static void quit_key(void)
{
	struct job job;
	int status;

	start_on_terminal(&job, RUN("talk"));
	hear(&job, "ready");
	type("\034");
	status = finish_on_terminal(&job);
	report(WIFSIGNALED(status) && WTERMSIG(status) == SIGQUIT,
	       "Ctrl-\\ ends the program, and devtlb as it does",
	       "status %x", status);
}

static bool is_stopped(pid_t pid)
{
	char path[64], line[512] = "", *state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	state = fgets(line, sizeof(line), file);
	fclose(file);
	state = state ? strrchr(line, ')') : NULL;
	return state && state[2] == 'T';
}

/* What the shell's "fg" does. */
static void to_foreground(struct job *job)
{
	tcsetpgrp(terminal, job->pid);
	kill(-job->pid, SIGCONT);
}

static void stops(const char *keys, int signal, const char *name)
{
	struct job job;
	pid_t program;
	int status;

	start_on_terminal(&job, RUN("talk"));
	hear(&job, "ready");
	program = atoi(strstr(job.said, "ready") + strlen("ready "));
	type(keys);
	status = status_of(&job, WUNTRACED);
	report(WIFSTOPPED(status) && WSTOPSIG(status) == signal &&
	       is_stopped(program), name, "status %x, program %sstopped",
	       status, is_stopped(program) ? "" : "not ");
	tcsetpgrp(terminal, getpgrp());
	to_foreground(&job);
	type("go\n");
	status = finish_on_terminal(&job);
	report(WIFEXITED(status) && WEXITSTATUS(status) == 6,
	       "... and go on in the foreground", "status %x", status);
}

static void on_terminal(void)
{
	open_terminal();
	interrupt_key();
	quit_key();
	stops("\032", SIGTSTP, "Ctrl-Z stops program and devtlb");
	stops("suspend\n", SIGSTOP, "a program that stops itself stops devtlb");
}

int main(void)
{
	int status;
	pid_t pid = fork();

	must(pid >= 0, "fork");
	if (pid == 0) {
		setsid();
		/* Whoever runs in the background is started without them. */
		signal(SIGINT, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		inherited();
		statuses();
		end_of_output();
		forwarded_signals();
		killed();
		on_terminal();
		exit(0);
	}
	waitpid(pid, &status, 0);
	return status != 0;
}
