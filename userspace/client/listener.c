// SPDX-License-Identifier: GPL-2.0-only
/* Findings as the module raises them. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "client/client.h"
#include "client/connection.h"

/* Bytes for findings that nobody has taken yet. */
#define LISTENER_BUFFER	(8 << 20)

/* Nobody asked: what comes has no number that we gave. */
static int accept_any_sequence(struct nl_msg *msg, void *arg)
{
	return NL_OK;
}

int client_listen_findings(struct client *client)
{
	int group = genl_ctrl_resolve_grp(client->sock, DEVTLB_GENL_NAME,
					  DEVTLB_GENL_FINDINGS);
	int size = LISTENER_BUFFER;

	if (group < 0)
		return client_fail(client, -ENODEV, "the module has no multicast group \"%s\": %s",
			    DEVTLB_GENL_FINDINGS, nl_geterror(group));
	client->listener = nl_socket_alloc();
	if (!client->listener)
		abort();
	if (genl_connect(client->listener) < 0 ||
	    nl_socket_add_membership(client->listener, group) < 0)
		return client_fail(client, -EIO, "cannot listen to findings: %s",
			    strerror(errno));
	setsockopt(nl_socket_get_fd(client->listener), SOL_SOCKET,
		   SO_RCVBUFFORCE, &size, sizeof(size));
	return 0;
}

/* A module that was unloaded, and even loaded again, has left us deaf. */
static int check_family_unchanged(struct client *client)
{
	if (genl_ctrl_resolve(client->sock, DEVTLB_GENL_NAME) == client->family)
		return 0;
	return client_fail(client, -ENODEV, "the module was unloaded");
}

int client_next_findings(struct client *client, int timeout_ms,
			 struct json_object **findings)
{
	struct exchange exchange = { .table = finding_attributes };
	struct pollfd poll_fd = {
		.fd = nl_socket_get_fd(client->listener),
		.events = POLLIN,
	};
	struct nl_cb *cb;
	int got;

	*findings = NULL;
	if (poll(&poll_fd, 1, timeout_ms) <= 0) {
		*findings = json_object_new_array();
		return check_family_unchanged(client);
	}
	cb = nl_cb_alloc(NL_CB_DEFAULT);
	if (!cb)
		abort();
	exchange.array = json_object_new_array();
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, accept_any_sequence, NULL);
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, exchange_take, &exchange);
	got = nl_recvmsgs(client->listener, cb);
	nl_cb_put(cb);
	*findings = exchange.array;
	/* This is what libnl makes of ENOBUFS. */
	if (got == -NLE_NOMEM)
		return client_fail(client, -ENOBUFS, "findings came faster than they were read");
	if (got < 0)
		return client_fail(client, -EIO, "cannot read findings: %s",
			    nl_geterror(got));
	return 0;
}
