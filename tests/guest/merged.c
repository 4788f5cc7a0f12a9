// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two processes of a watch, in a guest, of which the device keeps what they
 * unmapped: the same finding, which is told with the first. When that one is
 * gone, "devtlb audit" says of the second that it is not well. Prints TAP.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "client/client.h"
#include "model/mutant.h"
#include "model/watch_limits.h"

#define PAGE	4096UL
#define PAGES	3
#define ROUNDS	10

static void nap(long ms)
{
	struct timespec time = { .tv_nsec = ms * 1000000 };

	nanosleep(&time, NULL);
}

static uint64_t number_of(struct json_object *object, const char *key)
{
	return json_object_get_uint64(json_object_object_get(object, key));
}

/* Of the PASIDs of process @pid; 0 when there is none. */
static uint64_t fills_of(struct client *client, pid_t pid, bool *bound)
{
	struct json_object *pasids;
	uint64_t held = 0;
	size_t i;

	*bound = false;
	if (client_pasids(client, &pasids))
		return 0;
	for (i = 0; i < json_object_array_length(pasids); i++) {
		struct json_object *each = json_object_array_get_idx(pasids, i);

		if (number_of(each, "pid") != (uint64_t)pid)
			continue;
		*bound = true;
		held = number_of(each, "held");
	}
	json_object_put(pasids);
	return held;
}

/* The pages stay: they are the file's. */
static pid_t start_process(int file, int go[2])
{
	pid_t pid = fork();
	char *memory, byte;

	if (pid != 0)
		return pid;
	close(go[1]);
	memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
		      file, 0);
	if (memory == MAP_FAILED)
		_exit(1);
	memset(memory, 1, PAGES * PAGE);
	if (read(go[0], &byte, 1) < 0)
		_exit(1);
	munmap(memory, PAGES * PAGE);
	for (;;)
		pause();
}

static int audit_status(void)
{
	int status = system("devtlb audit >/tmp/audit 2>&1");

	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool audit_says(const char *words)
{
	char command[128];

	snprintf(command, sizeof(command), "grep -q '%s' /tmp/audit", words);
	return system(command) == 0;
}

/* Has it unmapped @memory, and the device kept it? Audits, and ends it. */
static int audit_one(struct client *client, uint32_t watch, int file)
{
	int go[2], status, tries = 500;
	uint64_t before = 0, held;
	bool bound;
	pid_t pid;

	if (pipe(go))
		return -1;
	pid = start_process(file, go);
	close(go[0]);
	nap(50);
	if (client_watch_add(client, watch, pid, false))
		return -1;
	/* Until no more is mirrored. */
	do {
		held = before;
		nap(200);
		before = fills_of(client, pid, &bound);
	} while ((before != held || before < PAGES) && tries-- > 0);
	close(go[1]);
	nap(20);
	status = audit_status();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	while (fills_of(client, pid, &bound), bound)
		nap(10);
	return status;
}

int main(void)
{
	static const struct mutant drop = { .kind = DEVTLB_MUTANT_DROP };
	struct watch_limits limits = { };
	struct client *client = client_open();
	int file = memfd_create("merged", 0);
	int rounds, status = -1;
	uint32_t watch;

	printf("1..2\n");
	if (!client_connected(client) || file < 0 || ftruncate(file, PAGES * PAGE))
		return 1;
	if (client_watch_start(client, &limits, &watch) ||
	    client_watch_mutant_add(client, watch, &drop))
		return 1;
	status = audit_one(client, watch, file);
	printf("%sok 1 - an audit finds what the device kept\n",
	       status == 1 ? "" : "not ");
	/* When the mirror was first to look, another one. */
	for (rounds = 0; rounds < ROUNDS; rounds++) {
		status = audit_one(client, watch, file);
		if (audit_says(", [1-9][0-9]* in breach of rule D, 0 findings"))
			break;
	}
	printf("%sok 2 - ... also where it is the same finding as another's\n",
	       rounds < ROUNDS && status == 1 ? "" : "not ");
	if (rounds == ROUNDS || status != 1)
		printf("# round %d, status %d\n", rounds, status);
	fflush(stdout);
	if (rounds == ROUNDS || status != 1)
		return system("sed 's/^/# /' /tmp/audit");
	return 0;
}
