// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP_ZEROCOPY_RECEIVE on the loopback: pages of the socket's buffers are mapped
 * into the process, and unmapped and replaced by the next ones. What is sent by
 * splice() comes as whole pages.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/param.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "program.h"

#define CHUNK	(32 * PAGE)
/* What a segment of the loopback has room for. */
#define SEGMENT	(15 * PAGE)

static void set_option(int s, int level, int name, int value)
{
	if (setsockopt(s, level, name, &value, sizeof(value)))
		fail("setsockopt");
}

/* Every byte that is sent is the same one: which page comes when is the kernel's business. */
static void send_pages(const struct sockaddr_in *address)
{
	int s = socket(AF_INET, SOCK_STREAM, 0), ends[2];
	char page[PAGE];
	ssize_t left, n;
	int i;

	memset(page, 0x5a, sizeof(page));
	if (connect(s, (const void *)address, sizeof(*address)) || pipe(ends) ||
	    fcntl(ends[0], F_SETPIPE_SZ, 1 << 18) < 0)
		fail("connect");
	while (time_left()) {
		for (i = 0; i < 15; i++)
			if (write(ends[1], page, PAGE) != PAGE)
				fail("write");
		for (left = SEGMENT; left > 0; left -= n) {
			n = splice(ends[0], NULL, s, NULL, left, 0);
			if (n <= 0)
				fail("splice");
		}
	}
	exit(0);
}

static size_t receive_mapped(int s, char *window)
{
	struct tcp_zerocopy_receive request = { .address = (unsigned long)window, .length = CHUNK };
	socklen_t size = sizeof(request);
	static char rest[CHUNK];
	ssize_t n = 0;
	size_t i;

	if (getsockopt(s, IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE, &request, &size))
		request = (struct tcp_zerocopy_receive){ .recv_skip_hint = PAGE };
	for (i = 0; i < request.length; i += 512)
		if (window[i] != 0x5a)
			wrong("received", window[i], 0x5a);
	if (request.recv_skip_hint) {
		n = recv(s, rest, MIN(request.recv_skip_hint, CHUNK), 0);
		for (i = 0; n > 0 && i < (size_t)n; i += 512)
			if (rest[i] != 0x5a)
				wrong("copied", rest[i], 0x5a);
	}
	return request.length + (n > 0 ? n : 0);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(address);
	int s = socket(AF_INET, SOCK_STREAM, 0);
	struct pollfd poll_in = { .events = POLLIN };
	unsigned int n = 0;
	char *window;

	program_begin(argc, argv);
	if (bind(s, (void *)&address, size) || listen(s, 1) ||
	    getsockname(s, (void *)&address, &size))
		fail("listen");
	if (fork() == 0)
		send_pages(&address);
	poll_in.fd = accept(s, NULL, NULL);
	set_option(poll_in.fd, SOL_SOCKET, SO_RCVLOWAT, CHUNK);
	window = mmap(NULL, CHUNK, PROT_READ, MAP_SHARED, poll_in.fd, 0);
	if (window == MAP_FAILED)
		lacking("mmap of a socket");
	while (poll(&poll_in, 1, 2000) > 0 && receive_mapped(poll_in.fd, window) > 0)
		if (++n % 7 == 0)
			madvise(window, 3 * PAGE, MADV_DONTNEED);
	munmap(window, CHUNK);
	wait(NULL);
	return 0;
}
