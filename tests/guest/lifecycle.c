// SPDX-License-Identifier: GPL-2.0-only
/*
 * Comings and goings (design: invariant 7), on the module's own interface, in a
 * guest: what is bound is gone when its process, its socket or its owner is.
 * Prints TAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

#define PAGE		4096UL
#define PAGES		64
#define CYCLES		1000	/* unless an argument says so */
#define THREADS		32
/* The module's limits: of a PASID, at a time; and how many it remembers. */
#define THREADS_MAX	256
#define STOPPED_MAX	256
#define PATIENCE_S	10

static char *memory;

/*
 * PASIDs, threads and translations, all in one number: 0 when nothing is left.
 */
static uint64_t left_over(struct client *client)
{
	struct json_object *info;
	uint64_t left;

	if (client_info(client, &info))
		return ~0ULL;
	left = number(info, "pasids") + number(info, "threads") +
	       number(info, "translations");
	json_object_put(info);
	return left;
}

/* A socket's end is handled when its last user is gone: give it a moment. */
static uint64_t left_over_soon(struct client *client)
{
	struct timespec nap = { .tv_nsec = 10000000 };
	int tries = PATIENCE_S * 100;
	uint64_t left;

	while ((left = left_over(client)) > 0 && tries-- > 0)
		nanosleep(&nap, NULL);
	return left;
}

/* Reads and writes all of @memory, for ever. */
static int start_sweep(struct client *client, uint32_t pasid)
{
	struct devtlb_insn program[] = {
		{ .op = DEVTLB_OP_LOAD, .reg = 1, .index = 0,
		  .addr = (uintptr_t)memory, .stride = PAGE },
		{ .op = DEVTLB_OP_STORE, .reg = 1, .index = 0,
		  .addr = (uintptr_t)memory + 8, .stride = PAGE },
		{ .op = DEVTLB_OP_LOOP, .reg = 0, .value = PAGES },
		{ .op = DEVTLB_OP_LOOP, .reg = 2 },
	};
	uint32_t thread;

	return client_thread_start(client, pasid, program,
				   sizeof(program) / sizeof(program[0]), 1,
				   &thread);
}

static int wait_for_translations(struct client *client)
{
	struct timespec nap = { .tv_nsec = 1000000 };
	int tries = PATIENCE_S * 1000;

	while (tries-- > 0) {
		struct json_object *info;
		uint64_t held;

		if (client_info(client, &info))
			return -EIO;
		held = number(info, "translations");
		json_object_put(info);
		if (held >= PAGES)
			return 0;
		nanosleep(&nap, NULL);
	}
	return -ETIMEDOUT;
}

static int bind_and_unbind(struct client *client, int nr)
{
	int err = 0;
	int i;

	for (i = 0; i < nr && !err; i++) {
		uint32_t pasid;

		err = client_bind(client, 0, i % 2, &pasid);
		if (!err && i % 10 == 0)
			err = start_sweep(client, pasid);
		if (!err)
			err = client_unbind(client, pasid);
	}
	return err;
}

/*
 * With the first PASID and after the last one the kernel's text is patched, at
 * each probe, which takes most of the time: so in a tenth of the cycles, and the
 * others have one beside them that stays.
 */
static void cycles(struct client *client, int nr)
{
	uint32_t beside;
	int err = bind_and_unbind(client, nr / 10) ? :
		  client_bind(client, 0, false, &beside) ? :
		  bind_and_unbind(client, nr - nr / 10) ? :
		  client_unbind(client, beside);

	report(!err && left_over(client) == 0, "bound and unbound, again and again",
	       "%s; left over: %llu", client_error(client),
	       (unsigned long long)left_over(client));
}

/* What becomes of the process whose memory is bound. */
enum end { EXIT, KILL, EXEC };

static pid_t start_victim(enum end end, int go[2])
{
	pid_t pid = fork();
	char byte;

	if (pid != 0)
		return pid;
	close(go[1]);
	memset(memory, 1, PAGES * PAGE);
	/* The end of the pipe says when. */
	if (read(go[0], &byte, 1) < 0 || end == EXIT)
		_exit(0);
	if (end == EXEC)
		execl("/bin/sleep", "sleep", "1000", NULL);
	for (;;)
		pause();
}

static bool pasid_is_dead(struct client *client, uint32_t id)
{
	struct timespec nap = { .tv_nsec = 10000000 };
	int tries = PATIENCE_S * 100;

	while (tries-- > 0) {
		struct json_object *pasids, *pasid = NULL;
		bool dead = false;
		size_t i;

		if (client_pasids(client, &pasids))
			return false;
		for (i = 0; i < json_object_array_length(pasids); i++) {
			pasid = json_object_array_get_idx(pasids, i);
			if (number(pasid, "id") == id)
				dead = json_object_get_boolean(
					json_object_object_get(pasid, "released")) &&
					number(pasid, "held") == 0 &&
					number(pasid, "findings") == 0;
		}
		json_object_put(pasids);
		if (dead)
			return true;
		nanosleep(&nap, NULL);
	}
	return false;
}

static bool thread_ended(struct client *client, uint32_t pasid)
{
	struct timespec nap = { .tv_nsec = 10000000 };
	int tries = PATIENCE_S * 100;

	while (tries-- > 0) {
		struct json_object *threads;
		const char *state;

		if (client_threads(client, pasid, &threads))
			return false;
		state = json_object_get_string(json_object_object_get(
			json_object_array_get_idx(threads, 0), "state"));
		if (strcmp(state, "released") == 0)
			return json_object_put(threads);
		json_object_put(threads);
		nanosleep(&nap, NULL);
	}
	return false;
}

static void other_ends(struct client *client, enum end end, const char *name)
{
	uint32_t pasid = 0;
	pid_t victim;
	int go[2];
	bool dead;
	int err;

	if (pipe(go) < 0)
		exit(1);
	victim = start_victim(end, go);
	close(go[0]);
	err = client_bind(client, victim, false, &pasid);
	if (!err)
		err = start_sweep(client, pasid);
	if (!err)
		err = wait_for_translations(client);
	if (end == KILL)
		kill(victim, SIGKILL);
	close(go[1]);
	dead = !err && pasid_is_dead(client, pasid) &&
	       thread_ended(client, pasid);
	kill(victim, SIGKILL);
	waitpid(victim, NULL, 0);
	if (!err)
		err = client_unbind(client, pasid);
	report(!err && dead && left_over(client) == 0, name,
	       "err %d (%s), dead %d, left over %llu", err, client_error(client),
	       dead, (unsigned long long)left_over(client));
}

static void many_threads(struct client *client)
{
	uint32_t pasid = 0;
	int err = client_bind(client, 0, false, &pasid);
	int i;

	for (i = 0; i < THREADS && !err; i++)
		err = start_sweep(client, pasid);
	if (!err)
		err = wait_for_translations(client);
	if (!err)
		err = client_unbind(client, pasid);
	report(!err && left_over(client) == 0, "32 device threads stop with their PASID",
	       "thread %d: %s; left over: %llu", i, client_error(client),
	       (unsigned long long)left_over(client));
}

static uint64_t number_of_pasid(struct client *client, uint32_t id,
				const char *key)
{
	struct json_object *pasids;
	uint64_t value = 0;
	size_t i;

	if (client_pasids(client, &pasids))
		return 0;
	for (i = 0; i < json_object_array_length(pasids); i++) {
		struct json_object *pasid = json_object_array_get_idx(pasids, i);

		if (number(pasid, "id") == id)
			value = number(pasid, key);
	}
	json_object_put(pasids);
	return value;
}

static size_t threads_listed(struct client *client, uint32_t pasid)
{
	struct json_object *threads;
	size_t nr;

	if (client_threads(client, pasid, &threads))
		return 0;
	nr = json_object_array_length(threads);
	json_object_put(threads);
	return nr;
}

/* Stopped threads make room, and are remembered: so many of them. */
static void threads_in_turn(struct client *client)
{
	struct devtlb_insn program = { .op = DEVTLB_OP_SET };
	unsigned int i, nr = STOPPED_MAX + 44;
	uint32_t pasid = 0, thread = 0;
	int err = client_bind(client, 0, false, &pasid);

	for (i = 0; !err && i < nr; i++) {
		err = client_thread_start(client, pasid, &program, 1, 0,
					  &thread);
		if (!err)
			err = client_thread_stop(client, pasid, thread);
	}
	report(!err && thread == nr, "300 device threads, one after the other",
	       "thread %u: %s", i, client_error(client));
	report(threads_listed(client, pasid) == STOPPED_MAX &&
	       number_of_pasid(client, pasid, "threads-forgotten") ==
	       nr - STOPPED_MAX, "... the last are remembered, the others counted",
	       "%zu listed, %llu forgotten", threads_listed(client, pasid),
	       (unsigned long long)number_of_pasid(client, pasid,
						   "threads-forgotten"));
	client_unbind(client, pasid);
}

static void too_many_threads(struct client *client)
{
	struct devtlb_insn program = { .op = DEVTLB_OP_SET };
	uint32_t pasid = 0, thread, first = 0;
	int err = client_bind(client, 0, false, &pasid);
	unsigned int i;

	for (i = 0; !err && i < THREADS_MAX; i++) {
		err = client_thread_start(client, pasid, &program, 1, 0,
					  &thread);
		if (!i)
			first = thread;
	}
	if (!err)
		err = client_thread_start(client, pasid, &program, 1, 0,
					  &thread);
	report(i == THREADS_MAX && err == -EBUSY &&
	       strstr(client_error(client), "at a time"),
	       "a PASID has 256 device threads at a time, and not one more",
	       "thread %u: %d: %s", i, err, client_error(client));
	err = client_thread_stop(client, pasid, first);
	if (!err)
		err = client_thread_start(client, pasid, &program, 1, 0,
					  &thread);
	report(!err, "... and another one when one was stopped", "%s",
	       client_error(client));
	err = client_unbind(client, pasid);
	report(!err && left_over(client) == 0, "... and all go with it",
	       "left over: %llu", (unsigned long long)left_over(client));
}

static void waiting_thread(struct client *client)
{
	struct devtlb_insn program = {
		.op = DEVTLB_OP_WAIT, .addr = (uintptr_t)memory,
		.value = 0xdeadULL,
	};
	uint32_t pasid = 0, thread;
	int err = client_bind(client, 0, false, &pasid);

	if (!err)
		err = client_thread_start(client, pasid, &program, 1, 0, &thread);
	if (!err)
		err = client_thread_stop(client, pasid, thread);
	if (!err)
		err = client_unbind(client, pasid);
	report(!err && left_over(client) == 0,
	       "a device thread that waits for ever is stopped", "%s",
	       client_error(client));
}

/* A page of which user space is asked, and never answers. */
static void *unanswered_page(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range.len = PAGE,
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	range.range.start = (uintptr_t)page;
	if (fd < 0 || page == MAP_FAILED || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &range))
		return NULL;
	return page;
}

static void faulting_thread(struct client *client)
{
	struct timespec nap = { .tv_nsec = 300000000 };
	void *page = unanswered_page();
	struct devtlb_insn program = {
		.op = DEVTLB_OP_LOAD, .addr = (uintptr_t)page,
	};
	uint32_t pasid = 0, thread;
	int err = page ? client_bind(client, 0, false, &pasid) : -errno;

	if (!err)
		err = client_thread_start(client, pasid, &program, 1, 0, &thread);
	/*
	 * Until it is sure to wait; too early only makes this pass too easily.
	 */
	nanosleep(&nap, NULL);
	if (!err)
		err = client_thread_stop(client, pasid, thread);
	if (!err)
		err = client_unbind(client, pasid);
	report(!err && left_over(client) == 0,
	       "a device thread whose page request waits for user space is stopped",
	       "%d: %s", err, client_error(client));
}

static void socket_ends(struct client *client)
{
	struct client *other = connect_or_bail_out();
	uint32_t pasid;
	int err = client_bind(other, 0, false, &pasid);

	if (!err)
		err = start_sweep(other, pasid);
	if (!err)
		err = wait_for_translations(other);
	client_close(other);
	report(!err && left_over_soon(client) == 0,
	       "what a socket bound dies with it", "err %d, left over %llu", err,
	       (unsigned long long)left_over(client));
}

static void wrong_requests(struct client *client)
{
	struct devtlb_insn forward = { .op = DEVTLB_OP_LOOP, .target = 1 };
	struct devtlb_insn unaligned = { .op = DEVTLB_OP_LOAD, .addr = 4 };
	uint32_t pasid = 0, thread;

	report(client_bind(client, 0x7ffe, false, &pasid) == -ESRCH &&
	       strstr(client_error(client), "no such process"),
	       "a process that does not exist is not bound", "%s",
	       client_error(client));
	report(client_bind(client, 2, false, &pasid) == -ESRCH &&
	       strstr(client_error(client), "kernel thread"),
	       "a kernel thread is not bound", "%s", client_error(client));
	report(client_unbind(client, 4711) == -ENOENT &&
	       strstr(client_error(client), "no such PASID"),
	       "a PASID that does not exist is not unbound", "%s",
	       client_error(client));
	if (client_bind(client, 0, false, &pasid))
		exit(1);
	report(client_thread_start(client, pasid, &forward, 1, 0, &thread) ==
	       -EINVAL, "a program that loops forward does not run", "%s",
	       client_error(client));
	report(client_thread_start(client, pasid, &unaligned, 1, 0, &thread) ==
	       -EINVAL, "a program with an unaligned address does not run", "%s",
	       client_error(client));
	report(client_thread_stop(client, pasid, 4711) == -ENOENT,
	       "a thread that does not exist is not stopped", "%s",
	       client_error(client));
	client_unbind(client, pasid);
}

int main(int argc, char **argv)
{
	struct client *client = connect_or_bail_out();

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..19\n");
	memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return 1;
	madvise(memory, PAGES * PAGE, MADV_NOHUGEPAGE);
	memset(memory, 1, PAGES * PAGE);

	other_ends(client, EXIT, "a bound process exits");
	other_ends(client, KILL, "a bound process is killed");
	other_ends(client, EXEC, "a bound process executes another program");
	many_threads(client);
	threads_in_turn(client);
	too_many_threads(client);
	waiting_thread(client);
	faulting_thread(client);
	socket_ends(client);
	wrong_requests(client);
	cycles(client, argc > 1 ? atoi(argv[1]) : CYCLES);
	client_close(client);
	return 0;
}
