/* SPDX-License-Identifier: GPL-2.0-only */
/* The connection to the module, as the files of the client share it. */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <stdbool.h>

#include <json-c/json.h>
#include <netlink/netlink.h>

#include "client/attributes.h"
#include "devtlb.h"

/**
 * struct client - a connection to the module
 * @sock: generic netlink socket; what is bound through it dies with it
 * @listener: another one, which only hears of new findings; NULL before
 *	client_listen_findings()
 * @family: number of the family "devtlb"; negative when there is none
 * @timeout_ms: of a request, see client_set_patience()
 * @callback: how this kernel notifies
 * @version: the module's
 * @error: what went wrong last, for the user
 */
struct client {
	struct nl_sock *sock;
	struct nl_sock *listener;
	int family;
	unsigned int timeout_ms;
	enum devtlb_callback callback;
	char version[64];
	char error[256];
};

/**
 * struct exchange - one request and what comes back
 * @client: whose
 * @request: the message that was sent
 * @table: of the attributes; NULL when nothing is to come back
 * @single: the object that came
 * @array: or where those that come go
 * @err: what the module answered
 * @done: that was all
 * @explained: the module said why
 */
struct exchange {
	struct client *client;
	const struct nl_msg *request;
	const struct attribute *table;
	struct json_object *single;
	struct json_object *array;
	int err;
	bool done;
	bool explained;
};

/* Leaves a sentence for the user; returns @err. */
int client_fail(struct client *client, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A message to fill; whatever sends it frees it. */
struct nl_msg *client_request(struct client *client, enum devtlb_cmd cmd,
			      int flags);
/* A request that is answered by one object, or by nothing if @table is NULL. */
int client_ask(struct client *client, struct nl_msg *msg,
	       const struct attribute *table, struct json_object **object);
/* A request that is answered by any number of objects. */
int client_dump(struct client *client, struct nl_msg *msg,
		const struct attribute *table, struct json_object **array);
/* Takes one object: a callback of libnl, with a struct exchange. */
int exchange_take(struct nl_msg *msg, void *arg);

/* From the first step of rmmod on. */
bool module_is_going(void);

#endif /* CONNECTION_H */
