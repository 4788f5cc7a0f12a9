// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "client/client.h"
#include "client/connection.h"
#include "model/mutant.h"
#include "model/result.h"
#include "model/watch_limits.h"
#include "model/window.h"

/* No feature of the module can tell where there is no module. */
static bool kernel_is_too_old(const struct utsname *uts)
{
	unsigned int major, minor;

	return sscanf(uts->release, "%u.%u", &major, &minor) == 2 &&
	       (major < 6 || (major == 6 && minor < 1));
}

static int fail_not_loaded(struct client *client)
{
	struct utsname uts;

	if (uname(&uts) == 0 && kernel_is_too_old(&uts))
		return client_fail(client, -ENODEV, "devtlb needs Linux 6.1 or later, and this is %s",
			    uts.release);
	if (module_is_going())
		return client_fail(client, -ENODEV, "the module devtlb is being unloaded");
	if (access("/sys/module/devtlb", F_OK) == 0)
		return client_fail(client, -ENODEV,
			    "the module devtlb is loaded but does not answer in this network namespace; run devtlb in the initial one");
	return client_fail(client, -ENODEV,
		    "the module devtlb is not loaded; run \"insmod devtlb.ko\" in the build tree, or \"modprobe devtlb\" after \"make modules_install\"");
}

static int connect_family(struct client *client)
{
	struct json_object *info;
	int one = 1;
	int err;

	if (geteuid() != 0)
		return client_fail(client, -EPERM, "must be run as root; try \"sudo devtlb\"");
	if (genl_connect(client->sock) < 0)
		return client_fail(client, -EIO, "cannot open a generic netlink socket: %s",
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
		return client_fail(client, -EPROTO,
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
	return client_ask(client, client_request(client, DEVTLB_CMD_INFO_GET, NLM_F_ACK),
		   info_attributes, info);
}

/* Asks for something to be made; @id receives the number that it got. */
static int ask_id(struct client *client, struct nl_msg *msg,
		  const struct attribute *table, uint32_t *id)
{
	struct json_object *reply;
	int err = client_ask(client, msg, table, &reply);

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
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_PASID_BIND, NLM_F_ACK);

	if (pid)
		nla_put_u32(msg, DEVTLB_A_PASID_PID, pid);
	if (fracture)
		nla_put_flag(msg, DEVTLB_A_PASID_FRACTURE);
	return ask_id(client, msg, pasid_attributes, pasid);
}

int client_unbind(struct client *client, uint32_t pasid)
{
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_PASID_UNBIND, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_PASID_ID, pasid);
	return client_ask(client, msg, NULL, NULL);
}

int client_pasid(struct client *client, uint32_t id, struct json_object **pasid)
{
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_PASID_GET, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_PASID_ID, id);
	return client_ask(client, msg, pasid_attributes, pasid);
}

int client_pasids(struct client *client, struct json_object **pasids)
{
	return client_dump(client, client_request(client, DEVTLB_CMD_PASID_GET, NLM_F_DUMP),
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
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_THREAD_START, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_THREAD_PASID, pasid);
	nla_put(msg, DEVTLB_A_THREAD_PROGRAM, nr * sizeof(*program), program);
	nla_put_u32(msg, DEVTLB_A_THREAD_CHECK_EVERY, check_every);
	return ask_id(client, msg, thread_attributes, thread);
}

int client_thread_stop(struct client *client, uint32_t pasid, uint32_t thread)
{
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_THREAD_STOP, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_THREAD_PASID, pasid);
	nla_put_u32(msg, DEVTLB_A_THREAD_ID, thread);
	return client_ask(client, msg, NULL, NULL);
}

int client_thread(struct client *client, uint32_t pasid, uint32_t id,
		  struct json_object **thread)
{
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_THREAD_GET, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_THREAD_PASID, pasid);
	nla_put_u32(msg, DEVTLB_A_THREAD_ID, id);
	return client_ask(client, msg, thread_attributes, thread);
}

int client_threads(struct client *client, uint32_t pasid,
		   struct json_object **threads)
{
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_THREAD_GET, NLM_F_DUMP);

	nla_put_u32(msg, DEVTLB_A_THREAD_PASID, pasid);
	return client_dump(client, msg, thread_attributes, threads);
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
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_MUTANT_ADD, NLM_F_ACK);

	nla_put_u32(msg, owner, id);
	nla_put_u32(msg, DEVTLB_A_MUTANT_KIND, mutant->kind);
	if (mutant->site[0])
		nla_put_string(msg, DEVTLB_A_MUTANT_SITE, mutant->site);
	if (mutant->whole_chain)
		nla_put_flag(msg, DEVTLB_A_MUTANT_WHOLE_CHAIN);
	put_u32_unless_0(msg, DEVTLB_A_MUTANT_PAGES_MIN, mutant->pages_min);
	put_u32_unless_0(msg, DEVTLB_A_MUTANT_PAGES_MAX, mutant->pages_max);
	put_u32_unless_0(msg, DEVTLB_A_MUTANT_ONLY, mutant->only);
	put_u32_unless_0(msg, DEVTLB_A_MUTANT_NTH, mutant->nth);
	put_u32_unless_0(msg, DEVTLB_A_MUTANT_EVERY, mutant->every);
	put_u32_unless_0(msg, DEVTLB_A_MUTANT_TIMES, mutant->times);
	put_u32_unless_0(msg, DEVTLB_A_MUTANT_PROBABILITY, mutant->probability);
	if (mutant->seed)
		nla_put_u64(msg, DEVTLB_A_MUTANT_SEED, mutant->seed);
	put_u32_unless_0(msg, DEVTLB_A_MUTANT_DELAY, mutant->delay);
	put_u32_unless_0(msg, DEVTLB_A_MUTANT_OTHER, mutant->other);
	return client_ask(client, msg, NULL, NULL);
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
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_WINDOW_SET, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_WINDOW_PASID, pasid);
	put_u32_unless_0(msg, DEVTLB_A_WINDOW_RANGE_END, window->range_end);
	if (window->function[0]) {
		nla_put_string(msg, DEVTLB_A_WINDOW_FUNCTION, window->function);
		nla_put_u32(msg, DEVTLB_A_WINDOW_FUNCTION_DELAY,
			    window->function_delay);
	}
	return client_ask(client, msg, NULL, NULL);
}

int client_operation_begin(struct client *client, uint32_t pasid,
			   uint64_t start, uint64_t bytes)
{
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_OPERATION_SET,
					    NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_OPERATION_PASID, pasid);
	nla_put_u64(msg, DEVTLB_A_OPERATION_START, start);
	nla_put_u64(msg, DEVTLB_A_OPERATION_BYTES, bytes);
	return client_ask(client, msg, NULL, NULL);
}

int client_operation_end(struct client *client, uint32_t pasid)
{
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_OPERATION_SET,
					    NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_OPERATION_PASID, pasid);
	return client_ask(client, msg, NULL, NULL);
}

int client_audit(struct client *client, uint32_t pasid,
		 struct client_audit *audit)
{
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_AUDIT, NLM_F_ACK);
	struct json_object *reply;
	int err;

	put_u32_unless_0(msg, DEVTLB_A_AUDIT_PASID, pasid);
	err = client_ask(client, msg, audit_attributes, &reply);
	if (err)
		return err;
	audit->held = get_number(reply, "held");
	audit->breaches = get_number(reply, "breaches");
	audit->exempt = get_number(reply, "exempt");
	json_object_put(reply);
	return 0;
}

int client_prefetch(struct client *client, uint32_t pasid, uint64_t va,
		    uint64_t size, bool write, bool again,
		    struct client_prefetch *prefetch)
{
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_PREFETCH, NLM_F_ACK);
	struct json_object *reply;
	int err;

	put_u32_unless_0(msg, DEVTLB_A_PREFETCH_PASID, pasid);
	nla_put_u64(msg, DEVTLB_A_PREFETCH_VA, va);
	nla_put_u64(msg, DEVTLB_A_PREFETCH_SIZE, size);
	if (write)
		nla_put_flag(msg, DEVTLB_A_PREFETCH_WRITE);
	if (again)
		nla_put_flag(msg, DEVTLB_A_PREFETCH_AGAIN);
	err = client_ask(client, msg, prefetch_attributes, &reply);
	if (err)
		return err;
	prefetch->present = get_number(reply, "present");
	prefetch->held = get_number(reply, "held");
	prefetch->filled = get_number(reply, "filled");
	json_object_put(reply);
	return 0;
}

/* Dumps what belongs to @id; @owner is the attribute that says whose. */
static int dump_of(struct client *client, enum devtlb_cmd cmd, int owner,
		   uint32_t id, const struct attribute *table,
		   struct json_object **array)
{
	struct nl_msg *msg = client_request(client, cmd, NLM_F_DUMP);

	put_u32_unless_0(msg, owner, id);
	return client_dump(client, msg, table, array);
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

int client_site(struct client *client, uint32_t pasid, uint32_t id,
		struct json_object **site)
{
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_SITE_GET, NLM_F_ACK);

	put_u32_unless_0(msg, DEVTLB_A_SITE_PASID, pasid);
	nla_put_u32(msg, DEVTLB_A_SITE_ID, id);
	return client_ask(client, msg, site_attributes, site);
}

int client_finding(struct client *client, uint32_t pasid, uint32_t seq,
		   struct json_object **finding)
{
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_FINDING_GET, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_FINDING_PASID, pasid);
	nla_put_u32(msg, DEVTLB_A_FINDING_SEQ, seq);
	return client_ask(client, msg, finding_attributes, finding);
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
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_WATCH_START, NLM_F_ACK);

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
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_WATCH_ADD, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_WATCH_ID, watch);
	nla_put_u32(msg, DEVTLB_A_WATCH_PID, pid);
	if (from_exec)
		nla_put_flag(msg, DEVTLB_A_WATCH_FROM_EXEC);
	return client_ask(client, msg, NULL, NULL);
}

int client_watch_stop(struct client *client, uint32_t watch)
{
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_WATCH_STOP, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_WATCH_ID, watch);
	return client_ask(client, msg, NULL, NULL);
}

int client_watch(struct client *client, uint32_t id, struct json_object **watch)
{
	struct nl_msg *msg = client_request(client, DEVTLB_CMD_WATCH_GET, NLM_F_ACK);

	nla_put_u32(msg, DEVTLB_A_WATCH_ID, id);
	return client_ask(client, msg, watch_attributes, watch);
}

int client_watches(struct client *client, struct json_object **watches)
{
	return client_dump(client, client_request(client, DEVTLB_CMD_WATCH_GET, NLM_F_DUMP),
		    watch_attributes, watches);
}
