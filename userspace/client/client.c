// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "client/attributes.h"
#include "client/client.h"
#include "model/mutant.h"
#include "model/result.h"
#include "model/watch_limits.h"
#include "model/window.h"

/* Bytes for findings that nobody has taken yet. */
#define LISTENER_BUFFER	(8 << 20)

/**
 * struct client - a connection to the module
 * @sock: generic netlink socket; what is bound through it dies with it
 * @listener: another one, which only hears of new findings; NULL before
 *	client_listen_findings()
 * @family: number of the family "devtlb"; negative when there is none
 * @callback: how this kernel notifies
 * @version: the module's
 * @error: what went wrong last, for the user
 */
struct client {
	struct nl_sock *sock;
	struct nl_sock *listener;
	int family;
	enum devtlb_callback callback;
	char version[64];
	char error[256];
};

static int fail(struct client *client, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int fail(struct client *client, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(client->error, sizeof(client->error), format, args);
	va_end(args);
	return err;
}

/* One request and what comes back. */
struct exchange {
	struct client *client;
	const struct attribute *table;
	struct json_object *single;
	struct json_object *array;
	int err;
	bool done;
	bool explained;
};

static int on_message(struct nl_msg *msg, void *arg)
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
		exchange->err = fail(exchange->client, err, "%s",
				     strerror(-err));
	exchange->done = true;
	return NL_STOP;
}

/* The sentence that the kernel sent with an error, if it sent one. */
static const char *kernel_sentence(const struct nlmsgerr *error)
{
	const struct nlmsghdr *reply = (const void *)((const char *)error - NLMSG_HDRLEN);
	struct nlattr *attr;
	int offset = sizeof(*error);
	int length;

	if (!(reply->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (!(reply->nlmsg_flags & NLM_F_CAPPED))
		offset += error->msg.nlmsg_len - NLMSG_HDRLEN;
	length = reply->nlmsg_len - NLMSG_HDRLEN - NLMSG_ALIGN(offset);
	if (length <= 0)
		return NULL;
	attr = nla_find((struct nlattr *)((char *)error + NLMSG_ALIGN(offset)),
			length, NLMSGERR_ATTR_MSG);
	return attr ? nla_get_string(attr) : NULL;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *arg)
{
	struct exchange *exchange = arg;
	const char *sentence = kernel_sentence(error);
	static const char prefix[] = "devtlb: ";

	if (sentence && strncmp(sentence, prefix, strlen(prefix)) == 0)
		sentence += strlen(prefix);
	exchange->err = error->error;
	exchange->done = true;
	exchange->explained = sentence;
	fail(exchange->client, error->error, "%s",
	     sentence ? : strerror(-error->error));
	return NL_STOP;
}

/* From the first step of rmmod on. */
static bool module_is_going(void)
{
	FILE *file = fopen("/sys/module/devtlb/initstate", "r");
	char state[16] = "";
	bool going = file && fgets(state, sizeof(state), file) &&
		     strncmp(state, "going", strlen("going")) == 0;

	if (file)
		fclose(file);
	return going;
}

/* Sends @msg and takes all that comes back; frees @msg. */
static int transact(struct client *client, struct nl_msg *msg,
		    struct exchange *exchange)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int err = 0;

	exchange->client = client;
	if (!cb || nl_send_auto(client->sock, msg) < 0)
		err = fail(client, -EIO, "cannot send to the module: %s",
			   strerror(errno));
	nlmsg_free(msg);
	if (!err) {
		nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_message, exchange);
		nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, exchange);
		nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end_of_dump,
			  exchange);
		nl_cb_err(cb, NL_CB_CUSTOM, on_error, exchange);
	}
	while (!err && !exchange->done) {
		int got = nl_recvmsgs(client->sock, cb);

		if (got < 0 && !exchange->done)
			err = fail(client, -EIO, "no answer from the module: %s",
				   nl_geterror(got));
	}
	nl_cb_put(cb);
	err = err ? : exchange->err;
	/* To a family that is gone, generic netlink has no good words. */
	if (err && !exchange->explained &&
	    (module_is_going() ||
	     genl_ctrl_resolve(client->sock, DEVTLB_GENL_NAME) < 0))
		return fail(client, -ENODEV, "the module was unloaded");
	return err;
}

static struct nl_msg *request(struct client *client, enum devtlb_cmd cmd,
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

/* A request that is answered by one object, or by nothing if @table is NULL. */
static int ask(struct client *client, struct nl_msg *msg,
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

/* A request that is answered by any number of objects. */
static int dump(struct client *client, struct nl_msg *msg,
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

static int fail_not_loaded(struct client *client)
{
	if (module_is_going())
		return fail(client, -ENODEV, "the module devtlb is being unloaded");
	if (access("/sys/module/devtlb", F_OK) == 0)
		return fail(client, -ENODEV,
			    "the module devtlb is loaded but does not answer in this network namespace; run devtlb in the initial one");
	return fail(client, -ENODEV,
		    "the module devtlb is not loaded; run \"insmod devtlb.ko\" in the build tree, or \"modprobe devtlb\" after \"make modules_install\"");
}

static int connect_family(struct client *client)
{
	struct json_object *info;
	int one = 1;
	int err;

	if (geteuid() != 0)
		return fail(client, -EPERM, "must be run as root; try \"sudo devtlb\"");
	if (genl_connect(client->sock) < 0)
		return fail(client, -EIO, "cannot open a generic netlink socket: %s",
			    strerror(errno));
	setsockopt(nl_socket_get_fd(client->sock), SOL_NETLINK, NETLINK_EXT_ACK,
		   &one, sizeof(one));
	setsockopt(nl_socket_get_fd(client->sock), SOL_NETLINK, NETLINK_CAP_ACK,
		   &one, sizeof(one));

	client->family = genl_ctrl_resolve(client->sock, DEVTLB_GENL_NAME);
	if (client->family < 0)
		return fail_not_loaded(client);

	err = client_info(client, &info);
	if (err)
		return err;
	snprintf(client->version, sizeof(client->version), "%s",
		 json_object_get_string(json_object_object_get(info, "version")));
	if (strcmp(json_object_get_string(json_object_object_get(info, "callback")),
		   "invalidate_range") == 0)
		client->callback = DEVTLB_CALLBACK_INVALIDATE_RANGE;
	else
		client->callback = DEVTLB_CALLBACK_ARCH_INVALIDATE;
	json_object_put(info);

	if (strcmp(client->version, DEVTLB_VERSION) != 0)
		return fail(client, -EPROTO,
			    "the module is version %s, this tool is version %s; unload the module and load the one that belongs to the tool",
			    client->version, DEVTLB_VERSION);
	return 0;
}

/**
 * client_open() - connect to the module
 *
 * Return: a client, always; client_connected() tells whether it can be used,
 * and client_error() why not.
 */
struct client *client_open(void)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client)
		abort();
	client->family = -1;
	client->sock = nl_socket_alloc();
	if (!client->sock)
		abort();
	if (connect_family(client))
		client->family = -1;
	return client;
}

void client_close(struct client *client)
{
	if (client->listener)
		nl_socket_free(client->listener);
	nl_socket_free(client->sock);
	free(client);
}

const char *client_error(const struct client *client)
{
	return client->error;
}

bool client_connected(const struct client *client)
{
	return client->family >= 0;
}

/* Empty when it is not known. */
const char *client_module_version(const struct client *client)
{
	return client->version;
}

enum devtlb_callback client_callback(const struct client *client)
{
	return client->callback;
}

int client_info(struct client *client, struct json_object **info)
{
	return ask(client, request(client, DEVTLB_CMD_INFO_GET, NLM_F_ACK),
		   info_attributes, info);
}

/* Asks for something to be made; @id receives the number that it got. */
static int ask_id(struct client *client, struct nl_msg *msg,
		  const struct attribute *table, uint32_t *id)
{
	struct json_object *reply;
	int err = ask(client, msg, table, &reply);

	if (err)
		return err;
	*id = get_number(reply, "id");
	json_object_put(reply);
	return 0;
}

/**
 * client_bind() - bind an address space
 * @client: the PASID belongs to its socket
 * @pid: whose; 0 for the caller's own
 * @fracture: hold large pages as 4K translations
 * @pasid: receives the number
 */
int client_bind(struct client *client, int pid, bool fracture, uint32_t *pasid)
{
	struct nl_msg *msg = request(client, DEVTLB_CMD_PASID_BIND, NLM_F_ACK);

	if (pid)
		nla_put_u32(msg, DEVTLB_A_PASID_PID, pid);
	if (fracture)
		nla_put_flag(msg, DEVTLB_A_PASID_FRACTURE);
	return ask_id(client, msg, pasid_attributes, pasid);
}

int client_unbind(struct client *client, uint32_t pasid)
{
	struct nl_msg *msg = request(client, DEVTLB_CMD_PASID_UNBIND, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_PASID_ID, pasid);
	return ask(client, msg, NULL, NULL);
}

int client_pasids(struct client *client, struct json_object **pasids)
{
	return dump(client, request(client, DEVTLB_CMD_PASID_GET, NLM_F_DUMP),
		    pasid_attributes, pasids);
}

/**
 * client_thread_start() - start a device thread
 * @client: of the PASID
 * @pasid: whose memory it accesses
 * @program: instructions
 * @nr: how many
 * @check_every: check every N-th access; 0 for none
 * @thread: receives the number
 */
int client_thread_start(struct client *client, uint32_t pasid,
			const struct devtlb_insn *program, unsigned int nr,
			uint32_t check_every, uint32_t *thread)
{
	struct nl_msg *msg = request(client, DEVTLB_CMD_THREAD_START, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_THREAD_PASID, pasid);
	nla_put(msg, DEVTLB_A_THREAD_PROGRAM, nr * sizeof(*program), program);
	nla_put_u32(msg, DEVTLB_A_THREAD_CHECK_EVERY, check_every);
	return ask_id(client, msg, thread_attributes, thread);
}

int client_thread_stop(struct client *client, uint32_t pasid, uint32_t thread)
{
	struct nl_msg *msg = request(client, DEVTLB_CMD_THREAD_STOP, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_THREAD_PASID, pasid);
	nla_put_u32(msg, DEVTLB_A_THREAD_ID, thread);
	return ask(client, msg, NULL, NULL);
}

int client_threads(struct client *client, uint32_t pasid,
		   struct json_object **threads)
{
	struct nl_msg *msg = request(client, DEVTLB_CMD_THREAD_GET, NLM_F_DUMP);

	nla_put_u32(msg, DEVTLB_A_THREAD_PASID, pasid);
	return dump(client, msg, thread_attributes, threads);
}

static void put_u32_unless_0(struct nl_msg *msg, int attribute, uint32_t value)
{
	if (value)
		nla_put_u32(msg, attribute, value);
}

/* @owner: the attribute that says whose mutant it is; @id: that one. */
static int add_mutant(struct client *client, int owner, uint32_t id,
		      const struct mutant *mutant)
{
	struct nl_msg *msg = request(client, DEVTLB_CMD_MUTANT_ADD, NLM_F_ACK);

	nla_put_u32(msg, owner, id);
	nla_put_u32(msg, DEVTLB_A_MUTANT_KIND, mutant->kind);
	if (mutant->site[0])
		nla_put_string(msg, DEVTLB_A_MUTANT_SITE, mutant->site);
	if (mutant->whole_chain)
		nla_put_flag(msg, DEVTLB_A_MUTANT_WHOLE_CHAIN);
	put_u32_unless_0(msg, DEVTLB_A_MUTANT_NTH, mutant->nth);
	put_u32_unless_0(msg, DEVTLB_A_MUTANT_TIMES, mutant->times);
	put_u32_unless_0(msg, DEVTLB_A_MUTANT_PROBABILITY, mutant->probability);
	if (mutant->seed)
		nla_put_u64(msg, DEVTLB_A_MUTANT_SEED, mutant->seed);
	put_u32_unless_0(msg, DEVTLB_A_MUTANT_DELAY, mutant->delay);
	put_u32_unless_0(msg, DEVTLB_A_MUTANT_OTHER, mutant->other);
	return ask(client, msg, NULL, NULL);
}

int client_mutant_add(struct client *client, uint32_t pasid,
		      const struct mutant *mutant)
{
	return add_mutant(client, DEVTLB_A_MUTANT_PASID, pasid, mutant);
}

int client_watch_mutant_add(struct client *client, uint32_t watch,
			    const struct mutant *mutant)
{
	return add_mutant(client, DEVTLB_A_MUTANT_WATCH, watch, mutant);
}

int client_window_set(struct client *client, uint32_t pasid,
		      const struct window *window)
{
	struct nl_msg *msg = request(client, DEVTLB_CMD_WINDOW_SET, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_WINDOW_PASID, pasid);
	put_u32_unless_0(msg, DEVTLB_A_WINDOW_RANGE_END, window->range_end);
	if (window->function[0]) {
		nla_put_string(msg, DEVTLB_A_WINDOW_FUNCTION, window->function);
		nla_put_u32(msg, DEVTLB_A_WINDOW_FUNCTION_DELAY,
			    window->function_delay);
	}
	return ask(client, msg, NULL, NULL);
}

int client_audit(struct client *client, uint32_t pasid,
		 struct client_audit *audit)
{
	static const struct attribute audit_attributes[] = {
		{ DEVTLB_A_AUDIT_HELD, "held", ATTRIBUTE_U64, NULL },
		{ DEVTLB_A_AUDIT_BREACHES, "breaches", ATTRIBUTE_U64, NULL },
		{ DEVTLB_A_AUDIT_EXEMPT, "exempt", ATTRIBUTE_U64, NULL },
		{ 0, NULL, 0, NULL }
	};
	struct nl_msg *msg = request(client, DEVTLB_CMD_AUDIT, NLM_F_ACK);
	struct json_object *reply;
	int err;

	nla_put_u32(msg, DEVTLB_A_AUDIT_PASID, pasid);
	err = ask(client, msg, audit_attributes, &reply);
	if (err)
		return err;
	audit->held = get_number(reply, "held");
	audit->breaches = get_number(reply, "breaches");
	audit->exempt = get_number(reply, "exempt");
	json_object_put(reply);
	return 0;
}

/* Dumps what belongs to @id; @owner is the attribute that says whose. */
static int dump_of(struct client *client, enum devtlb_cmd cmd, int owner,
		   uint32_t id, const struct attribute *table,
		   struct json_object **array)
{
	struct nl_msg *msg = request(client, cmd, NLM_F_DUMP);

	put_u32_unless_0(msg, owner, id);
	return dump(client, msg, table, array);
}

int client_sites(struct client *client, uint32_t pasid,
		 struct json_object **sites)
{
	return dump_of(client, DEVTLB_CMD_SITE_GET, DEVTLB_A_SITE_PASID, pasid,
		       site_attributes, sites);
}

int client_findings(struct client *client, uint32_t pasid,
		    struct json_object **findings)
{
	return dump_of(client, DEVTLB_CMD_FINDING_GET, DEVTLB_A_FINDING_PASID,
		       pasid, finding_attributes, findings);
}

int client_watch_sites(struct client *client, uint32_t watch,
		       struct json_object **sites)
{
	return dump_of(client, DEVTLB_CMD_SITE_GET, DEVTLB_A_SITE_WATCH, watch,
		       site_attributes, sites);
}

int client_watch_findings(struct client *client, uint32_t watch,
			  struct json_object **findings)
{
	return dump_of(client, DEVTLB_CMD_FINDING_GET, DEVTLB_A_FINDING_WATCH,
		       watch, finding_attributes, findings);
}

int client_watch_start(struct client *client, const struct watch_limits *limits,
		       uint32_t *watch)
{
	struct nl_msg *msg = request(client, DEVTLB_CMD_WATCH_START, NLM_F_ACK);

	put_u32_unless_0(msg, DEVTLB_A_WATCH_PROCESSES_MAX, limits->processes);
	if (limits->translations)
		nla_put_u64(msg, DEVTLB_A_WATCH_TRANSLATIONS_MAX,
			    limits->translations);
	put_u32_unless_0(msg, DEVTLB_A_WATCH_SHARE, limits->share);
	if (limits->write)
		nla_put_flag(msg, DEVTLB_A_WATCH_WRITE);
	if (limits->fracture)
		nla_put_flag(msg, DEVTLB_A_WATCH_FRACTURE);
	return ask_id(client, msg, watch_attributes, watch);
}

int client_watch_add(struct client *client, uint32_t watch, int pid,
		     bool from_exec)
{
	struct nl_msg *msg = request(client, DEVTLB_CMD_WATCH_ADD, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_WATCH_ID, watch);
	nla_put_u32(msg, DEVTLB_A_WATCH_PID, pid);
	if (from_exec)
		nla_put_flag(msg, DEVTLB_A_WATCH_FROM_EXEC);
	return ask(client, msg, NULL, NULL);
}

int client_watch_stop(struct client *client, uint32_t watch)
{
	struct nl_msg *msg = request(client, DEVTLB_CMD_WATCH_STOP, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_WATCH_ID, watch);
	return ask(client, msg, NULL, NULL);
}

int client_watches(struct client *client, struct json_object **watches)
{
	return dump(client, request(client, DEVTLB_CMD_WATCH_GET, NLM_F_DUMP),
		    watch_attributes, watches);
}

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
		return fail(client, -ENODEV, "the module has no multicast group \"%s\": %s",
			    DEVTLB_GENL_FINDINGS, nl_geterror(group));
	client->listener = nl_socket_alloc();
	if (!client->listener)
		abort();
	if (genl_connect(client->listener) < 0 ||
	    nl_socket_add_membership(client->listener, group) < 0)
		return fail(client, -EIO, "cannot listen to findings: %s",
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
	return fail(client, -ENODEV, "the module was unloaded");
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
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_message, &exchange);
	got = nl_recvmsgs(client->listener, cb);
	nl_cb_put(cb);
	*findings = exchange.array;
	/* This is what libnl makes of ENOBUFS. */
	if (got == -NLE_NOMEM)
		return fail(client, -ENOBUFS, "findings came faster than they were read");
	if (got < 0)
		return fail(client, -EIO, "cannot read findings: %s",
			    nl_geterror(got));
	return 0;
}
