/* SPDX-License-Identifier: GPL-2.0-only */
/* The netlink client: what the module offers, as functions. */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>

#include "devtlb.h"

struct client;
struct mutant;
struct watch_limits;
struct window;

/**
 * struct client_audit - what an audit returned
 * @held: translations compared
 * @breaches: translations that breach rule D
 * @exempt: read-only translations of another page with equal bytes
 */
struct client_audit {
	uint64_t held;
	uint64_t breaches;
	uint64_t exempt;
};

/**
 * struct client_prefetch - what a prefetch came to, in 4K pages
 * @present: present pages
 * @held: of them, those that were held already
 * @filled: of them, those that were filled
 */
struct client_prefetch {
	uint64_t present;
	uint64_t held;
	uint64_t filled;
};

/*
 * Functions return 0, or a negative errno and leave a sentence for the user in
 * client_error(). What they return as JSON has the names of the attributes in
 * uapi/devtlb.yaml; the caller puts it.
 */
struct client *client_open(void);
void client_close(struct client *client);
const char *client_error(const struct client *client);
bool client_connected(const struct client *client);
const char *client_module_version(const struct client *client);
enum devtlb_callback client_callback(const struct client *client);

/*
 * A request that is not answered in so many milliseconds fails with -ETIMEDOUT;
 * then the client can only be closed, which ends what it asked for. 0: none does.
 */
void client_set_patience(struct client *client, unsigned int timeout_ms);

int client_info(struct client *client, struct json_object **info);
int client_bind(struct client *client, int pid, bool fracture, uint32_t *pasid);
int client_unbind(struct client *client, uint32_t pasid);
/* One, by its number: -ENOENT when there is none. */
int client_pasid(struct client *client, uint32_t id, struct json_object **pasid);
int client_pasids(struct client *client, struct json_object **pasids);
int client_thread_start(struct client *client, uint32_t pasid,
			const struct devtlb_insn *program, unsigned int nr,
			uint32_t check_every, uint32_t *thread);
int client_thread_stop(struct client *client, uint32_t pasid, uint32_t thread);
int client_thread(struct client *client, uint32_t pasid, uint32_t id,
		  struct json_object **thread);
int client_threads(struct client *client, uint32_t pasid,
		   struct json_object **threads);
int client_mutant_add(struct client *client, uint32_t pasid,
		      const struct mutant *mutant);
int client_window_set(struct client *client, uint32_t pasid,
		      const struct window *window);
/*
 * What notifications retire of that memory in between is counted, as "retired"
 * of each site, until the next one begins.
 */
int client_operation_begin(struct client *client, uint32_t pasid,
			   uint64_t start, uint64_t bytes);
int client_operation_end(struct client *client, uint32_t pasid);
/* @pasid 0: all that the client has bound. */
int client_audit(struct client *client, uint32_t pasid,
		 struct client_audit *audit);
/*
 * Has the device hold whatever is present in a range; @again: and let go of what it
 * holds before. @pasid likewise.
 */
int client_prefetch(struct client *client, uint32_t pasid, uint64_t va,
		    uint64_t size, bool write, bool again,
		    struct client_prefetch *prefetch);
/* @pasid 0: everything since the module was loaded. */
int client_sites(struct client *client, uint32_t pasid,
		 struct json_object **sites);
int client_findings(struct client *client, uint32_t pasid,
		    struct json_object **findings);
int client_site(struct client *client, uint32_t pasid, uint32_t id,
		struct json_object **site);
int client_finding(struct client *client, uint32_t pasid, uint32_t seq,
		   struct json_object **finding);

int client_watch_start(struct client *client, const struct watch_limits *limits,
		       uint32_t *watch);
/* Before anything is added: what is bound already stays as it is. */
int client_watch_mutant_add(struct client *client, uint32_t watch,
			    const struct mutant *mutant);
/* @from_exec: not what the process runs now, but what it executes next. */
int client_watch_add(struct client *client, uint32_t watch, int pid,
		     bool from_exec);
int client_watch_stop(struct client *client, uint32_t watch);
int client_watch(struct client *client, uint32_t id, struct json_object **watch);
int client_watches(struct client *client, struct json_object **watches);
/* Of all that the watch has or had. */
int client_watch_sites(struct client *client, uint32_t watch,
		       struct json_object **sites);
int client_watch_findings(struct client *client, uint32_t watch,
			  struct json_object **findings);

/*
 * From the first call on, new findings about all PASIDs are kept for
 * client_next_findings().
 */
int client_listen_findings(struct client *client);
/*
 * Waits for the next ones: at most @timeout_ms, or until a signal; the array
 * may be empty. -ENOBUFS when some came faster than they were taken, and are
 * lost here; it can be called again.
 */
int client_next_findings(struct client *client, int timeout_ms,
			 struct json_object **findings);

#endif /* CLIENT_H */
