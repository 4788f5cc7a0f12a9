// SPDX-License-Identifier: GPL-2.0-only
/* Requests to the module, and its answers. */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "client/client.h"
#include "client/connection.h"
#include "model/elapsed.h"

int client_fail(struct client *client, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(client->error, sizeof(client->error), format, args);
	va_end(args);
	return err;
}

int exchange_take(struct nl_msg *msg, void *arg)
{
	struct exchange *exchange = arg;
	struct genlmsghdr *header = nlmsg_data(nlmsg_hdr(msg));
	struct json_object *object;

	if (!exchange->table)
		return NL_OK;
	object = attributes_to_json(exchange->table, genlmsg_attrdata(header, 0),
				    genlmsg_attrlen(header, 0));
	if (exchange->array)
		json_object_array_add(exchange->array, object);
	else
		exchange->single = object;
	return NL_OK;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct exchange *exchange = arg;

	exchange->done = true;
	return NL_STOP;
}

/* The end of a dump says whether it is all: libnl does not look at that. */
static int on_end_of_dump(struct nl_msg *msg, void *arg)
{
	struct exchange *exchange = arg;
	struct nlmsghdr *header = nlmsg_hdr(msg);
	int err = 0;

	if (nlmsg_datalen(header) >= (int)sizeof(err))
		memcpy(&err, nlmsg_data(header), sizeof(err));
	if (err < 0)
		exchange->err = client_fail(exchange->client, err, "%s",
					    strerror(-err));
	exchange->done = true;
	return NL_STOP;
}

/* What the kernel sent with an error: one of its NLMSGERR_ATTR_*, or NULL. */
static struct nlattr *error_attribute(const struct nlmsgerr *error, int type)
{
	const struct nlmsghdr *reply = (const void *)((const char *)error - NLMSG_HDRLEN);
	int offset = sizeof(*error);
	int length;

	if (!(reply->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (!(reply->nlmsg_flags & NLM_F_CAPPED))
		offset += error->msg.nlmsg_len - NLMSG_HDRLEN;
	length = reply->nlmsg_len - NLMSG_HDRLEN - NLMSG_ALIGN(offset);
	if (length <= 0)
		return NULL;
	return nla_find((struct nlattr *)((char *)error + NLMSG_ALIGN(offset)),
			length, type);
}

/* The number in the request that was wrong; 0 if none was said to be. */
static uint32_t wrong_number(const struct nlmsgerr *error,
			     const struct nl_msg *request)
{
	struct nlattr *attr = error_attribute(error, NLMSGERR_ATTR_OFFS);
	const struct nlmsghdr *header = nlmsg_hdr((struct nl_msg *)request);
	uint32_t offset = attr ? nla_get_u32(attr) : 0;
	struct nlattr *wrong = (struct nlattr *)((char *)header + offset);

	if (!offset || offset + NLA_HDRLEN + sizeof(uint32_t) > header->nlmsg_len ||
	    nla_len(wrong) != sizeof(uint32_t))
		return 0;
	return nla_get_u32(wrong);
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *arg)
{
	struct exchange *exchange = arg;
	struct nlattr *attr = error_attribute(error, NLMSGERR_ATTR_MSG);
	const char *sentence = attr ? nla_get_string(attr) : NULL;
	uint32_t number = wrong_number(error, exchange->request);
	static const char prefix[] = "devtlb: ";

	if (sentence && strncmp(sentence, prefix, strlen(prefix)) == 0)
		sentence += strlen(prefix);
	exchange->err = error->error;
	exchange->done = true;
	exchange->explained = sentence;
	if (sentence && number)
		client_fail(exchange->client, error->error, "%s (number %u)",
			    sentence, number);
	else
		client_fail(exchange->client, error->error, "%s",
			    sentence ? : strerror(-error->error));
	return NL_STOP;
}

bool module_is_going(void)
{
	FILE *file = fopen("/sys/module/devtlb/initstate", "r");
	char state[16] = "";
	bool going = file && fgets(state, sizeof(state), file) &&
		     strncmp(state, "going", strlen("going")) == 0;

	if (file)
		fclose(file);
	return going;
}

void client_set_patience(struct client *client, unsigned int timeout_ms)
{
	client->timeout_ms = timeout_ms;
}

/* Waits for something to read; false when the time is over. */
static bool wait_for_answer(struct client *client, const struct timespec *start)
{
	struct pollfd poll_fd = {
		.fd = nl_socket_get_fd(client->sock),
		.events = POLLIN,
	};
	double left;

	if (!client->timeout_ms)
		return true;
	left = client->timeout_ms - 1000 * seconds_since(start);
	return left > 0 && poll(&poll_fd, 1, left) != 0;
}

/* Sends @msg and takes all that comes back; frees @msg. */
static int transact(struct client *client, struct nl_msg *msg,
		    struct exchange *exchange)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	struct timespec start;
	int err = 0;

	clock_gettime(CLOCK_MONOTONIC, &start);
	exchange->client = client;
	exchange->request = msg;
	if (!cb || nl_send_auto(client->sock, msg) < 0)
		err = client_fail(client, -EIO, "cannot send to the module: %s",
				  strerror(errno));
	if (!err) {
		nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, exchange_take, exchange);
		nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, exchange);
		nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end_of_dump,
			  exchange);
		nl_cb_err(cb, NL_CB_CUSTOM, on_error, exchange);
	}
	while (!err && !exchange->done) {
		int got;

		if (!wait_for_answer(client, &start)) {
			nlmsg_free(msg);
			nl_cb_put(cb);
			return client_fail(client, -ETIMEDOUT, "no answer from the module in time");
		}
		got = nl_recvmsgs(client->sock, cb);
		if (got < 0 && !exchange->done)
			err = client_fail(client, -EIO, "no answer from the module: %s",
					  nl_geterror(got));
	}
	nlmsg_free(msg);
	nl_cb_put(cb);
	err = err ? : exchange->err;
	/* To a family that is gone, generic netlink has no good words. */
	if (err && !exchange->explained &&
	    (module_is_going() ||
	     genl_ctrl_resolve(client->sock, DEVTLB_GENL_NAME) < 0))
		return client_fail(client, -ENODEV, "the module was unloaded");
	return err;
}

struct nl_msg *client_request(struct client *client, enum devtlb_cmd cmd,
			      int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, client->family,
				 0, NLM_F_REQUEST | flags, cmd,
				 DEVTLB_GENL_VERSION)) {
		fprintf(stderr, "devtlb: out of memory\n");
		abort();
	}
	return msg;
}

int client_ask(struct client *client, struct nl_msg *msg,
	       const struct attribute *table, struct json_object **object)
{
	struct exchange exchange = { .table = table };
	int err = transact(client, msg, &exchange);

	if (err) {
		json_object_put(exchange.single);
		return err;
	}
	if (object)
		*object = exchange.single;
	return 0;
}

int client_dump(struct client *client, struct nl_msg *msg,
		const struct attribute *table, struct json_object **array)
{
	struct exchange exchange = {
		.table = table,
		.array = json_object_new_array(),
	};
	int err = transact(client, msg, &exchange);

	if (err) {
		json_object_put(exchange.array);
		return err;
	}
	*array = exchange.array;
	return 0;
}
