// SPDX-License-Identifier: GPL-2.0-only
/* Programs that "devtlb run" is tried on: the first argument says which. */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE	4096UL
#define NOBODY	65534
/* A descriptor of what is stdout, too. */
#define ANOTHER	7

static int nap(long milliseconds)
{
	struct timespec time = {
		.tv_sec = milliseconds / 1000,
		.tv_nsec = milliseconds % 1000 * 1000000,
	};

	return nanosleep(&time, NULL);
}

static void print_descriptors(void)
{
	struct stat stat;
	int fd;

	for (fd = 0; fd < 256; fd++) {
		if (fstat(fd, &stat) == 0)
			printf("descriptor %d: type %o, flags %o, %o\n", fd,
			       stat.st_mode & S_IFMT, fcntl(fd, F_GETFL),
			       fcntl(fd, F_GETFD));
	}
}

static void print_limits(void)
{
	struct rlimit limit;
	int i;

	for (i = 0; i < RLIM_NLIMITS; i++) {
		getrlimit(i, &limit);
		printf("limit %d: %lu %lu\n", i, (unsigned long)limit.rlim_cur,
		       (unsigned long)limit.rlim_max);
	}
}

/* Those lines of /proc/self/status that a parent decides. */
static void print_status(void)
{
	static const char * const keys[] = {
		"Umask", "State", "TracerPid", "Uid", "Gid", "Groups", "Threads",
		"SigQ", "SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt", "Cap",
		"NoNewPrivs", "Seccomp", "Cpus_allowed:", "Mems_allowed:"
	};
	FILE *file = fopen("/proc/self/status", "re");
	char line[1024];
	size_t i;

	while (file && fgets(line, sizeof(line), file)) {
		for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			if (strncmp(line, keys[i], strlen(keys[i])) == 0)
				fputs(line, stdout);
		}
	}
	if (file)
		fclose(file);
}

/* All that a program inherits. */
static int state(void)
{
	char **variable, directory[4096];
	int dumpable = prctl(PR_GET_DUMPABLE), death = -1;

	prctl(PR_GET_PDEATHSIG, &death);
	for (variable = environ; *variable; variable++)
		puts(*variable);
	print_descriptors();
	print_status();
	print_limits();
	printf("directory %s\n", getcwd(directory, sizeof(directory)));
	printf("group %d, session %d, foreground %d\n", getpgrp(), getsid(0),
	       tcgetpgrp(STDIN_FILENO));
	printf("nice %d, dumpable %d, death signal %d, timer %u\n",
	       getpriority(PRIO_PROCESS, 0), dumpable, death, alarm(0));
	return 0;
}

static void tell_signal(int signal, siginfo_t *info, void *context)
{
	char text[64];
	int length = snprintf(text, sizeof(text), "got %d value %d\n", signal,
			      info->si_code == SI_QUEUE ?
			      info->si_value.sival_int : 0);

	if (write(STDOUT_FILENO, text, length) < 0)
		_exit(1);
	if (signal == SIGTERM)
		_exit(5);
}

/* Tells of every signal until SIGTERM. */
static int tell_signals(void) __attribute__((noreturn));

static int tell_signals(void)
{
	struct sigaction action = {
		.sa_sigaction = tell_signal,
		.sa_flags = SA_SIGINFO | SA_RESTART,
	};
	int signal;

	sigfillset(&action.sa_mask);
	for (signal = 1; signal < SIGRTMAX; signal++) {
		if (signal != SIGTSTP)
			sigaction(signal, &action, NULL);
	}
	printf("ready %d\n", getpid());
	fflush(stdout);
	for (;;)
		pause();
}

static volatile sig_atomic_t interrupts;

static void count_interrupt(int signal)
{
	interrupts++;
}

/* Talks with a terminal: counts Ctrl-C, until it is told to go. */
static int talk(void)
{
	struct sigaction action = {
		.sa_handler = count_interrupt,
		.sa_flags = SA_RESTART,
	};
	char line[64];

	sigaction(SIGINT, &action, NULL);
	printf("ready %d\n", getpid());
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		printf("%d interrupts\n", (int)interrupts);
		fflush(stdout);
		if (strcmp(line, "suspend\n") == 0)
			raise(SIGSTOP);
		if (strcmp(line, "go\n") == 0)
			return 6;
	}
	return 1;
}

/* Whoever reads must see the end before we end. */
static int close_output(void)
{
	puts("closed");
	fclose(stdout);
	close(ANOTHER);
	nap(3000);
	return 0;
}

static int die(const char *signal)
{
	raise(atoi(signal));
	return 1;
}

/*
 * Memory that comes and goes, and is there long enough to be mirrored; more of it
 * than the LRU's batches keep from being freed for a while.
 */
static int map_and_unmap(void)
{
	const size_t bytes = 64 * PAGE;
	int i;

	for (i = 0; i < 5; i++) {
		char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (at == MAP_FAILED)
			return 1;
		memset(at, i + 1, bytes);
		nap(300);
		munmap(at, bytes);
	}
	return 0;
}

/* Memory that is copied on write, long enough after a fork to be mirrored. */
static int fork_and_write(void)
{
	char *at = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i;

	if (at == MAP_FAILED)
		return 1;
	memset(at, 1, 16 * PAGE);
	for (i = 0; i < 5; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return 1;
		if (pid == 0) {
			nap(600);
			_exit(0);
		}
		nap(300);
		memset(at, i + 2, 16 * PAGE);
		waitpid(pid, NULL, 0);
	}
	return 0;
}

/* Uses more and more memory, until it is killed for it. */
static int take_all_memory(void)
{
	for (;;) {
		char *at = mmap(NULL, 256 * PAGE, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (at == MAP_FAILED)
			return 1;
		memset(at, 1, 256 * PAGE);
		nap(10);
	}
}

/* Makes memory read-only, and exits at once. */
static int protect_and_exit(void)
{
	char *at = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return 1;
	memset(at, 1, 16 * PAGE);
	nap(500);
	_exit(mprotect(at, 16 * PAGE, PROT_READ) ? 1 : 0);
}

/* Makes memory read-only when it gets SIGUSR1, says so, and lives on. */
static int protect_when_told(void)
{
	char *at = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sigset_t told;
	int signal;

	if (at == MAP_FAILED)
		return 1;
	sigemptyset(&told);
	sigaddset(&told, SIGUSR1);
	sigprocmask(SIG_BLOCK, &told, NULL);
	memset(at, 1, 16 * PAGE);
	puts("ready");
	fflush(stdout);
	sigwait(&told, &signal);
	if (mprotect(at, 16 * PAGE, PROT_READ))
		return 1;
	puts("protected");
	fflush(stdout);
	for (;;)
		pause();
}

/* 2^@depth processes, and what each parent sees of its children. */
static int fork_all(int depth)
{
	int failed = 0;
	int i;

	if (!depth)
		return 0;
	for (i = 0; i < 2; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return 1;
		if (pid == 0)
			_exit(fork_all(depth - 1));
	}
	for (i = 0; i < 2; i++) {
		int status;

		wait(&status);
		failed |= status;
	}
	return failed != 0;
}

/* Shares our memory until it executes. */
static int status_of_vfork(void)
{
	int status = -1;
	pid_t pid = vfork();

	if (pid == 0) {
		execl("/proc/self/exe", "specimen", "exit", "0", NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	return status;
}

/* Children that end in every way that there is. */
static int end_in_all_ways(void)
{
	static const int signals[] = { SIGKILL, SIGSEGV, SIGABRT, SIGTERM };
	int i, status, failed = 0;

	for (i = 0; i < 4; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			nap(50);
			raise(signals[i]);
			_exit(1);
		}
		waitpid(pid, &status, 0);
		failed |= !WIFSIGNALED(status) || WTERMSIG(status) != signals[i];
	}
	for (i = 0; i < 20; i++)
		failed |= status_of_vfork();
	return failed != 0;
}

/* Has a set-user-ID copy of this program say who it is. */
static int as_nobody(bool no_new_privileges, const char *copy)
{
	if (no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return 1;
	if (setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		return 1;
	execl(copy, copy, "euid", NULL);
	return 1;
}

/* Runs a program with signals ignored and blocked. */
static int quieted(char **command)
{
	sigset_t some;

	sigemptyset(&some);
	sigaddset(&some, SIGUSR1);
	sigaddset(&some, SIGRTMIN + 1);
	sigprocmask(SIG_BLOCK, &some, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	execvp(command[0], command);
	return 1;
}

static int is(const char *role, const char *name)
{
	return strcmp(role, name) == 0;
}

int main(int argc, char **argv)
{
	const char *role = argc > 1 ? argv[1] : "";
	const char *argument = argc > 2 ? argv[2] : "";

	if (is(role, "state"))
		return state();
	if (is(role, "tell-signals"))
		return tell_signals();
	if (is(role, "talk"))
		return talk();
	if (is(role, "close-output"))
		return close_output();
	if (is(role, "die"))
		return die(argument);
	if (is(role, "map-and-unmap"))
		return map_and_unmap();
	if (is(role, "fork-and-write"))
		return fork_and_write();
	if (is(role, "protect-and-exit"))
		return protect_and_exit();
	if (is(role, "protect-when-told"))
		return protect_when_told();
	if (is(role, "take-all-memory"))
		return take_all_memory();
	if (is(role, "fork"))
		return fork_all(atoi(argument));
	if (is(role, "end-in-all-ways"))
		return end_in_all_ways();
	if (is(role, "lock-all"))
		return mlockall(MCL_CURRENT | MCL_FUTURE) || map_and_unmap();
	if (is(role, "as-nobody"))
		return as_nobody(false, argument);
	if (is(role, "as-nobody-for-good"))
		return as_nobody(true, argument);
	if (is(role, "euid"))
		return printf("euid %d\n", geteuid()) < 0;
	if (is(role, "exit"))
		return atoi(argument);
	if (is(role, "quieted"))
		return quieted(argv + 2);
	fprintf(stderr, "no such specimen: %s\n", role);
	return 99;
}
