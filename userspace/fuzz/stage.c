// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz/stage.h"
#include "operations/object.h"
#include "runner/setting.h"

/* An operation that takes longer is stuck: the kernel has a bug, or waits for us. */
#define TIMEOUT_MS	60000

/**
 * struct link - an actor, as the stage sees it
 * @fd: its socket; negative while there is none
 * @pid: its process
 */
struct link {
	int fd;
	pid_t pid;
};

/**
 * struct stage - the stage
 * @listener: where actors connect to
 * @zygote: the process that forks the first actor of a sequence
 * @zygote_fd: a byte has it do so
 * @link: the actors
 */
struct stage {
	int listener;
	pid_t zygote;
	int zygote_fd;
	struct link link[ACTORS_MAX];
};

#define THP		"/sys/kernel/mm/transparent_hugepage/"

/**
 * struct preference - a setting of the system while there is a stage
 * @path: the file; this kernel may have none
 * @value: what is written to it
 * @exact: only for exact ranges
 * @before: what was there; empty if nothing is to be put back
 */
struct preference {
	const char *path;
	const char *value;
	bool exact;
	char before[VALUE_MAX];
};

static struct preference preferences[] = {
	{ .path = FLUSH_CEILING, .value = FLUSH_CEILING_EXACT, .exact = true },
	/* Large pages of two sizes: an edge is more often within one. */
	{ .path = THP "enabled", .value = "always" },
	{ .path = THP "hugepages-64kB/enabled", .value = "always" },
};

#define NR_PREFERENCES	(sizeof(preferences) / sizeof(preferences[0]))

static void set_preferences(bool exact)
{
	size_t i;

	for (i = 0; i < NR_PREFERENCES; i++) {
		if (preferences[i].exact && !exact)
			continue;
		if (get_value(preferences[i].path, preferences[i].before))
			put_value(preferences[i].path, preferences[i].value);
	}
}

static void put_back_preferences(void)
{
	size_t i;

	for (i = 0; i < NR_PREFERENCES; i++) {
		if (preferences[i].before[0])
			put_value(preferences[i].path, preferences[i].before);
	}
}

static void zygote(int fd) __attribute__((noreturn));

/* It ends after the tool, however that ends, and puts back what was changed. */
static void zygote(int fd)
{
	char byte;

	/* Whom an actor leaves behind is ours, and nobody waits for him. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGCHLD, SIG_IGN);
	/* ^C is for the tool. */
	signal(SIGINT, SIG_IGN);
	while (read(fd, &byte, 1) == 1) {
		if (fork() == 0) {
			close(fd);
			objects_make();
			actor_be(0);
		}
	}
	put_back_preferences();
	_exit(0);
}

static void start_zygote(struct stage *stage)
{
	int fd[2];

	if (pipe(fd))
		abort();
	stage->zygote = fork();
	if (stage->zygote < 0)
		abort();
	if (stage->zygote == 0) {
		close(fd[1]);
		close(stage->listener);
		zygote(fd[0]);
	}
	close(fd[0]);
	stage->zygote_fd = fd[1];
}

/* The kernel chooses the address. */
static void listen_for_actors(struct stage *stage)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t length = sizeof(address);

	stage->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (stage->listener < 0 ||
	    bind(stage->listener, (struct sockaddr *)&address,
		 sizeof(sa_family_t)) ||
	    listen(stage->listener, ACTORS_MAX) ||
	    getsockname(stage->listener, (struct sockaddr *)&address, &length))
		abort();
	length -= offsetof(struct sockaddr_un, sun_path) + 1;
	memcpy(actor_address, address.sun_path + 1, length);
}

struct stage *stage_open(bool exact)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	int i;

	if (!stage)
		abort();
	set_preferences(exact);
	for (i = 0; i < ACTORS_MAX; i++)
		stage->link[i].fd = -1;
	listen_for_actors(stage);
	start_zygote(stage);
	return stage;
}

void stage_close(struct stage *stage)
{
	stage_end(stage);
	close(stage->zygote_fd);
	waitpid(stage->zygote, NULL, 0);
	close(stage->listener);
	free(stage);
}

static void end_link(struct link *link)
{
	if (link->fd < 0)
		return;
	kill(link->pid, SIGKILL);
	close(link->fd);
	link->fd = -1;
}

void stage_end(struct stage *stage)
{
	int i;

	for (i = 0; i < ACTORS_MAX; i++)
		end_link(&stage->link[i]);
}

bool stage_has(const struct stage *stage, unsigned int actor)
{
	return stage->link[actor].fd >= 0;
}

pid_t stage_pid(const struct stage *stage, unsigned int actor)
{
	return stage->link[actor].pid;
}

static bool is_readable(int fd, int timeout_ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return poll(&poll_fd, 1, timeout_ms) == 1;
}

static bool receive(int fd, struct answer *answer)
{
	return recv(fd, answer, sizeof(*answer), 0) >=
	       (ssize_t)offsetof(struct answer, word);
}

int stage_take_new(struct stage *stage, bool expected)
{
	static struct answer hello;
	struct link *link;
	int fd;

	if (!is_readable(stage->listener, expected ? TIMEOUT_MS : 0))
		return -EAGAIN;
	fd = accept4(stage->listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0 || !is_readable(fd, TIMEOUT_MS) || !receive(fd, &hello) ||
	    hello.actor >= ACTORS_MAX) {
		close(fd);
		return -EAGAIN;
	}
	link = &stage->link[hello.actor];
	if (link->fd >= 0)
		close(link->fd);
	*link = (struct link) { .fd = fd, .pid = hello.pid };
	return hello.actor;
}

int stage_begin(struct stage *stage)
{
	stage_end(stage);
	/* Whoever was on his way. */
	while (stage_take_new(stage, false) >= 0)
		stage_end(stage);
	if (write(stage->zygote_fd, "", 1) != 1)
		return -EPIPE;
	return stage_take_new(stage, true) == 0 ? 0 : -ESRCH;
}

static void resolve_actors(const struct stage *stage, const struct step *step,
			   struct order *order)
{
	int i;

	for (i = 0; step->operation->argument[i].name; i++) {
		order->argument[i] = step->argument[i];
		if (step->operation->argument[i].kind == ARGUMENT_ACTOR)
			order->argument[i] = stage_has(stage, step->argument[i]) ?
					     stage_pid(stage, step->argument[i]) : -1;
	}
}

/* Its number in the registry, which an actor that has executed itself has, too. */
static int operation_number(const struct operation *operation)
{
	const struct operation * const *entry;

	for_each_registered(entry, operations) {
		if (*entry == operation)
			return entry - __start_operations;
	}
	abort();
}

int stage_order(struct stage *stage, const struct step *step)
{
	struct link *link = &stage->link[step->actor];
	struct order order = { .operation = operation_number(step->operation) };

	resolve_actors(stage, step, &order);
	if (send(link->fd, &order, sizeof(order), MSG_NOSIGNAL) == sizeof(order))
		return 0;
	end_link(link);
	return -ESRCH;
}

int stage_answer(struct stage *stage, unsigned int actor, struct answer *answer)
{
	struct link *link = &stage->link[actor];

	answer->nr_words = 0;
	if (!is_readable(link->fd, TIMEOUT_MS)) {
		end_link(link);
		return -ETIMEDOUT;
	}
	if (!receive(link->fd, answer)) {
		/* Ended; or executed something, which answers anew. */
		close(link->fd);
		link->fd = -1;
		return -ESRCH;
	}
	return 0;
}
