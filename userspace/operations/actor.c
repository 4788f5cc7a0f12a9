// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "operations/actor.h"
#include "operations/source.h"

char actor_address[ADDRESS_MAX];
int actor_number;
struct answer actor_answer;

static int actor_fd = -1;

static void actor_connect(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = strlen(actor_address);

	/* That of whom we were forked from, who would seem to live on. */
	if (actor_fd >= 0)
		close(actor_fd);
	actor_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	/* Abstract: the first byte of the path is 0. */
	memcpy(address.sun_path + 1, actor_address, length);
	if (actor_fd < 0 ||
	    connect(actor_fd, (struct sockaddr *)&address,
		    offsetof(struct sockaddr_un, sun_path) + 1 + length))
		_exit(1);
}

static void actor_tell(long result)
{
	actor_answer.actor = actor_number;
	actor_answer.pid = getpid();
	actor_answer.result = result;
	if (send(actor_fd, &actor_answer, offsetof(struct answer, word) +
		 actor_answer.nr_words * sizeof(actor_answer.word[0]),
		 MSG_NOSIGNAL) < 0)
		_exit(1);
}

void actor_be(int number)
{
	struct order order;

	actor_number = number;
	signal(SIGCHLD, SIG_IGN);
	actor_connect();
	actor_answer.nr_words = 0;
	actor_tell(0);
	while (recv(actor_fd, &order, sizeof(order), 0) == sizeof(order)) {
		actor_answer.nr_words = 0;
		actor_tell(perform_order(&order));
	}
	_exit(0);
}

void actor_resume(const char *text)
{
	int number;

	if (sscanf(text, "%31[^:]:%d", actor_address, &number) != 2)
		_exit(1);
	actor_be(number);
}

SOURCE();
