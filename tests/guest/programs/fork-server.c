// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server that forks for each request: the child changes the state that it
 * inherited and answers with its sum, while the server changes its own;
 * grandchildren end after the children.
 */
#include <sys/socket.h>
#include <sys/wait.h>

#include "program.h"

#define PAGES	2048UL

static uint64_t sum(char *memory)
{
	uint64_t all = 0;
	size_t i;

	for (i = 0; i < PAGES; i++)
		all += *word_of(memory, i);
	return all;
}

static void answer(int s, char *memory, uint64_t step)
{
	uint64_t before = sum(memory), after;
	size_t i;

	for (i = step % 3; i < PAGES; i += 3)
		*word_of(memory, i) += step;
	after = sum(memory);
	/* Somebody still shares all that when the child has ended. */
	if (fork() == 0) {
		usleep(1000);
		_exit(sum(memory) != after);
	}
	if (write(s, &before, sizeof(before)) != sizeof(before))
		fail("write");
	_exit(0);
}

int main(int argc, char **argv)
{
	char *memory = map_anonymous(PAGES * PAGE);
	uint64_t step = 0, expected, got;
	int ends[2];
	size_t i;

	program_begin(argc, argv);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		fail("socketpair");
	for (i = 0; i < PAGES; i++)
		*word_of(memory, i) = i;
	while (time_left()) {
		expected = sum(memory);
		if (fork() == 0)
			answer(ends[1], memory, ++step);
		/* While the child looks at it. */
		for (i = ++step % 5; i < PAGES; i += 5)
			*word_of(memory, i) += step;
		if (read(ends[0], &got, sizeof(got)) != sizeof(got))
			fail("read");
		if (got != expected)
			wrong("the child's sum", got, expected);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
	return 0;
}
