// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that the network filled are mapped into the process, in place of those
 * of the round before, which are zapped and freed (tcp(7), TCP_ZEROCOPY_RECEIVE).
 * No driver's memory: they are pages like any other, but the area is one of those
 * whose translations are flushed at its end, with no page-table lock held.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/sockios.h>
#include <linux/tcp.h>

#include "fixtures/scenario.h"
#include "model/wait_until.h"

/* What fits a packet of the loopback device: 64K with its headers. */
#define PAGES		15
#define BYTES		(PAGES * SMALL_PAGE)
#define ARRIVES_S	5
#define TRIES		50

/**
 * struct connection - a connection to ourselves
 * @out: what is sent here
 * @in: arrives there
 * @pipe: pages go to the socket through it, as they are
 */
struct connection {
	int out;
	int in;
	int pipe[2];
};

/* A loopback device of the run's own, whatever the machine's network is. */
static void raise_loopback(struct run *run)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	if (unshare(CLONE_NEWNET))
		run_skip(run, "no network of its own: %s; the kernel needs CONFIG_NET_NS=y",
			 strerror(errno));
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request))
		run_skip(run, "no loopback device: %s; the kernel needs CONFIG_INET=y",
			 strerror(errno));
	close(fd);
}

static int new_socket(struct run *run)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		run_broken(run, "a TCP socket: %s", strerror(errno));
	return fd;
}

static void connect_to_self(struct run *run, struct connection *connection)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(address);
	int listener = new_socket(run);
	int all = BYTES;

	connection->out = new_socket(run);
	if (bind(listener, (void *)&address, length) || listen(listener, 1) ||
	    getsockname(listener, (void *)&address, &length) ||
	    connect(connection->out, (void *)&address, length))
		run_broken(run, "a connection to itself: %s", strerror(errno));
	connection->in = accept(listener, NULL, NULL);
	if (connection->in < 0 ||
	    setsockopt(connection->in, SOL_SOCKET, SO_RCVLOWAT, &all, sizeof(all)) ||
	    pipe2(connection->pipe, O_CLOEXEC) ||
	    fcntl(connection->pipe[1], F_SETPIPE_SZ, 2 * BYTES) < 0)
		run_broken(run, "a connection to itself: %s", strerror(errno));
	close(listener);
}

/* The pipe's pages become the packet's. */
static void send_pages(struct run *run, struct connection *connection,
		       const void *pages)
{
	size_t left = BYTES;

	if (write(connection->pipe[1], pages, BYTES) != (ssize_t)BYTES)
		run_broken(run, "write to a pipe: %s", strerror(errno));
	while (left > 0) {
		ssize_t sent = splice(connection->pipe[0], NULL,
				      connection->out, NULL, left, 0);

		if (sent <= 0)
			run_broken(run, "splice: %s", strerror(errno));
		left -= sent;
	}
}

/* Maps what has arrived; what is there already is zapped first. */
static size_t receive_pages(struct run *run, struct connection *connection,
			    void *at)
{
	struct tcp_zerocopy_receive receive = {
		.address = (uintptr_t)at,
		.length = BYTES,
	};
	struct pollfd arrives = { .fd = connection->in, .events = POLLIN };
	socklen_t length = sizeof(receive);

	if (poll(&arrives, 1, ARRIVES_S * 1000) <= 0)
		run_broken(run, "nothing arrived in %d seconds", ARRIVES_S);
	if (getsockopt(connection->in, IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE,
		       &receive, &length))
		run_skip(run, "getsockopt(TCP_ZEROCOPY_RECEIVE): %s; the kernel needs CONFIG_MMU=y",
			 strerror(errno));
	return receive.length;
}

/* What was not mapped, for a packet was cut elsewhere. */
static void read_rest(struct run *run, struct connection *connection,
		      size_t left)
{
	static char rest[BYTES];

	while (left > 0) {
		ssize_t got = recv(connection->in, rest, left, 0);

		if (got <= 0)
			run_broken(run, "recv: %s", strerror(errno));
		left -= got;
	}
}

/*
 * What is sent is held until it is acknowledged: only then does the zap let go of
 * the page for good.
 */
static bool is_acknowledged(const struct connection *connection)
{
	int queued;

	return !ioctl(connection->out, SIOCOUTQ, &queued) && !queued;
}

/*
 * A round is one packet whose pages were mapped: of one that was cut within its
 * first page none are, and another is sent.
 */
static void exchange(struct run *run, struct connection *connection,
		     const void *pages, void *at)
{
	size_t mapped = 0;
	int tries;

	for (tries = 0; !mapped && tries < TRIES; tries++) {
		send_pages(run, connection, pages);
		operation_begin(run, "TCP_ZEROCOPY_RECEIVE", at, BYTES);
		mapped = receive_pages(run, connection, at);
		operation_end(run);
		read_rest(run, connection, BYTES - mapped);
		if (!wait_until(is_acknowledged(connection), ARRIVES_S))
			run_broken(run, "what arrived was not acknowledged in %d seconds",
				   ARRIVES_S);
	}
	if (!mapped)
		run_broken(run, "none of %d packets was pages: nothing was mapped",
			   TRIES);
}

/*
 * Packets that are consumed on another CPU than the one that allocated them are
 * freed there, with its next packets: perhaps after the last round.
 */
static void stay_on_this_cpu(struct run *run)
{
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET(sched_getcpu(), &here);
	if (sched_setaffinity(0, sizeof(here), &here))
		run_broken(run, "sched_setaffinity: %s", strerror(errno));
}

static void tcp_zerocopy(struct run *run)
{
	struct connection connection;
	struct sweep *sweep;
	static char pages[BYTES];
	void *at;

	stay_on_this_cpu(run);
	raise_loopback(run);
	connect_to_self(run, &connection);
	at = mmap(NULL, BYTES, PROT_READ, MAP_SHARED, connection.in, 0);
	if (at == MAP_FAILED)
		run_skip(run, "mmap of a TCP socket: %s; the kernel needs CONFIG_MMU=y",
			 strerror(errno));
	/* The first round has pages to zap, too. */
	exchange(run, &connection, pages, at);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD);
	sweep_wait_pass(sweep);
	while (run_next_round(run)) {
		exchange(run, &connection, pages, at);
		run_check(run);
		sweep_wait_pass(sweep);
	}
	sweep_stop(sweep);
}

SCENARIO(tcp_zerocopy) = {
	.name = "tcp-zerocopy",
	.title = "maps what arrives by TCP in place of what arrived before",
	.run = tcp_zerocopy,
};
