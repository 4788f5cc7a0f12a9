// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "client/client.h"
#include "fuzz/oracle.h"
#include "fuzz/sequence.h"
#include "model/result.h"
#include "model/signature.h"
#include "operations/arena.h"

/* With whole pages, and with pieces. */
#define VIEWS	(PASIDS_MAX / ACTORS_MAX)

#define FINDINGS_MAX	256
#define SITES_MAX	512

/**
 * struct view - one PASID of an actor
 * @pasid: its number; 0 for none
 * @findings: how many there were, with repetitions
 * @count: of each finding, by its number
 * @invalidations: how many there were
 * @site_count: notifications of each site, by its number
 */
struct view {
	uint32_t pasid;
	unsigned long long findings;
	unsigned long long count[FINDINGS_MAX + 1];
	unsigned long long invalidations;
	unsigned long long site_count[SITES_MAX];
};

struct oracle {
	struct client *client;
	const struct oracle_options *options;
	struct view view[ACTORS_MAX][VIEWS];
	unsigned long long undecided;
};

struct oracle *oracle_new(struct client *client,
			  const struct oracle_options *options)
{
	struct oracle *oracle = calloc(1, sizeof(*oracle));

	if (!oracle)
		abort();
	oracle->client = client;
	oracle->options = options;
	return oracle;
}

void oracle_free(struct oracle *oracle)
{
	oracle_forget_all(oracle);
	free(oracle);
}

unsigned long long oracle_undecided(const struct oracle *oracle)
{
	return oracle->undecided;
}

static int bind_view(struct oracle *oracle, struct view *view, pid_t pid,
		     bool fracture)
{
	unsigned int i;
	int err;

	*view = (struct view) { };
	err = client_bind(oracle->client, pid, fracture, &view->pasid);
	for (i = 0; !err && i < oracle->options->nr_mutants; i++)
		err = client_mutant_add(oracle->client, view->pasid,
					&oracle->options->mutants[i]);
	return err;
}

int oracle_bind(struct oracle *oracle, unsigned int actor, pid_t pid)
{
	int i, err = oracle_forget(oracle, actor);

	for (i = 0; !err && i < VIEWS; i++)
		err = bind_view(oracle, &oracle->view[actor][i], pid, i == 1);
	return err;
}

int oracle_forget(struct oracle *oracle, unsigned int actor)
{
	int i, err = 0;

	for (i = 0; i < VIEWS; i++) {
		struct view *view = &oracle->view[actor][i];

		if (view->pasid)
			err = client_unbind(oracle->client, view->pasid) ? : err;
		view->pasid = 0;
	}
	return err;
}

int oracle_forget_all(struct oracle *oracle)
{
	unsigned int actor;
	int err = 0;

	for (actor = 0; actor < ACTORS_MAX; actor++)
		err = oracle_forget(oracle, actor) ? : err;
	return err;
}

unsigned int oracle_pasids(const struct oracle *oracle,
			   uint32_t pasid[PASIDS_MAX])
{
	unsigned int actor, nr = 0;
	int i;

	for (actor = 0; actor < ACTORS_MAX; actor++) {
		for (i = 0; i < VIEWS; i++) {
			if (oracle->view[actor][i].pasid)
				pasid[nr++] = oracle->view[actor][i].pasid;
		}
	}
	return nr;
}

/* Calls @fn for each view that is bound, until it fails. */
static int each_view(struct oracle *oracle,
		     int (*fn)(struct oracle *oracle, struct view *view,
			       unsigned int actor, void *context),
		     void *context)
{
	unsigned int actor;
	int i, err = 0;

	for (actor = 0; actor < ACTORS_MAX; actor++) {
		for (i = 0; i < VIEWS && !err; i++) {
			struct view *view = &oracle->view[actor][i];

			if (view->pasid)
				err = fn(oracle, view, actor, context);
		}
	}
	return err;
}

int oracle_hold(struct oracle *oracle, bool write)
{
	struct client_prefetch prefetch;

	return client_prefetch(oracle->client, 0, ARENA_START,
			       ARENA_PAGES * PAGE, write, false, &prefetch);
}

static int audit_all(struct oracle *oracle)
{
	struct client_audit audit;
	int err = client_audit(oracle->client, 0, &audit);

	/* An address space never kept still: what is wrong shows next time. */
	if (err != -EBUSY)
		return err;
	oracle->undecided++;
	return 0;
}

/* Is there more of a finding than at the last time? */
static bool is_news(struct view *view, struct json_object *finding)
{
	unsigned long long seq = get_number(finding, "seq");
	unsigned long long count = get_number(finding, "count");

	if (seq > FINDINGS_MAX || view->count[seq] == count)
		return false;
	view->count[seq] = count;
	return true;
}

/* The known defect that another finding about the same translation looks like. */
static const char *label_of_same(struct json_object *findings,
				 struct json_object *finding)
{
	size_t i;

	for (i = 0; i < json_object_array_length(findings); i++) {
		struct json_object *other = json_object_array_get_idx(findings, i);

		if (get_string(other, "looks-like")[0] &&
		    is(other, "va", get_string(finding, "va")) &&
		    is(other, "pfn", get_string(finding, "pfn")))
			return get_string(other, "looks-like");
	}
	return NULL;
}

/*
 * One translation that breaks two rules does so for one reason: a page that is
 * copied away, say, is freed as well.
 */
static void share_signatures(struct json_object *findings)
{
	size_t i;

	for (i = 0; i < json_object_array_length(findings); i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);
		const char *like = label_of_same(findings, finding);

		if (like && !get_string(finding, "looks-like")[0] &&
		    !get_string(finding, "withheld-site")[0])
			set_string(finding, "looks-like", like);
	}
}

static int take_findings(struct oracle *oracle, struct view *view,
			 unsigned int actor, struct json_object *findings)
{
	struct json_object *all, *sites;
	size_t i;
	int err = client_findings(oracle->client, view->pasid, &all);

	if (err)
		return err;
	err = client_sites(oracle->client, view->pasid, &sites);
	if (err) {
		json_object_put(all);
		return err;
	}
	add_signatures(all, client_callback(oracle->client), sites);
	share_signatures(all);
	for (i = 0; i < json_object_array_length(all); i++) {
		struct json_object *finding = json_object_array_get_idx(all, i);

		if (!is_news(view, finding))
			continue;
		set_number(finding, "actor", actor);
		json_object_array_add(findings, json_object_get(finding));
	}
	json_object_put(sites);
	json_object_put(all);
	return 0;
}

static struct json_object *find_pasid(struct json_object *pasids, uint32_t id)
{
	size_t i;

	for (i = 0; i < json_object_array_length(pasids); i++) {
		struct json_object *pasid = json_object_array_get_idx(pasids, i);

		if (get_number(pasid, "id") == id)
			return pasid;
	}
	return NULL;
}

/* Adds the chain of a site that has notified since the last time. */
static void take_site(struct view *view, struct json_object *site,
		      struct json_object *chains)
{
	unsigned long long id = get_number(site, "id");
	unsigned long long count = get_number(site, "count");

	if (id >= SITES_MAX || view->site_count[id] == count)
		return;
	view->site_count[id] = count;
	json_object_array_add(chains,
			      json_object_new_string(get_string(site, "chain")));
}

static int take_sites(struct oracle *oracle, struct view *view,
		      struct json_object *chains)
{
	struct json_object *sites;
	size_t i;
	int err = client_sites(oracle->client, view->pasid, &sites);

	if (err)
		return err;
	for (i = 0; i < json_object_array_length(sites); i++)
		take_site(view, json_object_array_get_idx(sites, i), chains);
	json_object_put(sites);
	return 0;
}

/* What a judgement goes on with. */
struct judging {
	struct json_object *pasids;
	struct json_object *findings;
	struct json_object *chains;
};

static int judge_view(struct oracle *oracle, struct view *view,
		      unsigned int actor, void *context)
{
	struct judging *judging = context;
	struct json_object *pasid = find_pasid(judging->pasids, view->pasid);
	unsigned long long findings = get_number(pasid, "findings");
	unsigned long long invalidations = get_number(pasid, "invalidations");
	int err = 0;

	if (findings != view->findings)
		err = take_findings(oracle, view, actor, judging->findings);
	if (!err && invalidations != view->invalidations)
		err = take_sites(oracle, view, judging->chains);
	view->findings = findings;
	view->invalidations = invalidations;
	return err;
}

int oracle_judge(struct oracle *oracle, struct json_object *findings,
		 struct json_object *chains)
{
	struct judging judging = { .findings = findings, .chains = chains };
	int err = audit_all(oracle);

	if (err)
		return err;
	err = client_pasids(oracle->client, &judging.pasids);
	if (err)
		return err;
	err = each_view(oracle, judge_view, &judging);
	json_object_put(judging.pasids);
	return err;
}
