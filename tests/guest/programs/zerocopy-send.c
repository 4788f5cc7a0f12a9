// SPDX-License-Identifier: GPL-2.0-only
/*
 * MSG_ZEROCOPY over the loopback: the socket holds pages of the process, which
 * forks, writes to them (after their completion), gives them up and maps them
 * anew.
 */
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "program.h"

#define BUFFER	(64 * PAGE)

static void receive_all(int s)
{
	static unsigned char got[BUFFER];
	unsigned char sent = 0;
	ssize_t n;
	size_t i;

	/* Each buffer is of one value, and the next one of the next value. */
	while ((n = recv(s, got, sizeof(got), MSG_WAITALL)) == (ssize_t)sizeof(got)) {
		sent++;
		for (i = 0; i < sizeof(got); i += 64)
			if (got[i] != sent)
				wrong("received", got[i], sent);
	}
	exit(0);
}

static void wait_for_completion(int s)
{
	struct pollfd poll_error = { .fd = s };
	char control[128];
	struct msghdr message = { .msg_control = control, .msg_controllen = sizeof(control) };

	if (poll(&poll_error, 1, 5000) <= 0 || recvmsg(s, &message, MSG_ERRQUEUE) < 0)
		fail("completion");
}

static void send_buffer(int s, char *buffer)
{
	size_t done;
	ssize_t n;

	for (done = 0; done < BUFFER; done += n) {
		n = send(s, buffer + done, BUFFER - done, MSG_ZEROCOPY);
		if (n < 0)
			fail("send");
		/* Pages are in flight: a copy on write must not change them. */
		if (done == 0 && fork() == 0)
			_exit(0);
		wait_for_completion(s);
	}
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0), s = socket(AF_INET, SOCK_STREAM, 0);
	int one = 1;
	unsigned char value = 0;
	char *buffer;
	pid_t receiver;
	int status;

	program_begin(argc, argv);
	if (bind(listener, (void *)&address, size) || listen(listener, 1) ||
	    getsockname(listener, (void *)&address, &size))
		fail("listen");
	receiver = fork();
	if (receiver == 0) {
		/* Ours, or there would be no end. */
		close(s);
		receive_all(accept(listener, NULL, NULL));
	}
	if (connect(s, (void *)&address, size))
		fail("connect");
	if (setsockopt(s, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)))
		lacking("SO_ZEROCOPY");
	buffer = map_anonymous(BUFFER);
	while (time_left()) {
		memset(buffer, ++value, BUFFER);
		send_buffer(s, buffer);
		if (value % 4 == 0)
			madvise(buffer, BUFFER, MADV_DONTNEED);
		if (value % 16 == 0) {
			munmap(buffer, BUFFER);
			buffer = map_anonymous(BUFFER);
		}
	}
	close(s);
	waitpid(receiver, &status, 0);
	return status != 0;
}
