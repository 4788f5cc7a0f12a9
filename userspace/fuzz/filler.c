// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "client/client.h"
#include "client/connection.h"
#include "fuzz/filler.h"
#include "fuzz/oracle.h"
#include "operations/arena.h"

/**
 * struct filler - the filler
 * @client: its own, so that it does not wait for the answers to others
 * @thread: fills, between filler_begin() and filler_end()
 * @passes: how often it has filled for all of them
 * @stop: it is to end
 * @write: it asks for writable translations
 * @pasid: what it fills
 * @nr: how many
 */
struct filler {
	struct client *client;
	pthread_t thread;
	unsigned int passes;
	bool stop;
	bool write;
	uint32_t pasid[PASIDS_MAX];
	unsigned int nr;
};

struct filler *filler_new(struct client *client)
{
	struct filler *filler = calloc(1, sizeof(*filler));

	if (!filler)
		abort();
	filler->client = client_open();
	if (client_connected(filler->client))
		return filler;
	client_fail(client, -ENOTCONN, "%s", client_error(filler->client));
	filler_free(filler);
	return NULL;
}

void filler_free(struct filler *filler)
{
	if (!filler)
		return;
	client_close(filler->client);
	free(filler);
}

static bool is_to_stop(const struct filler *filler)
{
	return __atomic_load_n(&filler->stop, __ATOMIC_RELAXED);
}

static void fill_all(struct filler *filler)
{
	struct client_prefetch prefetch;
	unsigned int i;

	/*
	 * Again, or there would be nothing to fill before something was taken
	 * away. An actor that has ended has nothing that could be filled.
	 */
	for (i = 0; i < filler->nr && !is_to_stop(filler); i++)
		client_prefetch(filler->client, filler->pasid[i], ARENA_START,
				ARENA_PAGES * PAGE, filler->write, true,
				&prefetch);
}

static void *fill(void *arg)
{
	struct filler *filler = arg;

	while (!is_to_stop(filler)) {
		fill_all(filler);
		__atomic_add_fetch(&filler->passes, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

void filler_begin(struct filler *filler, const struct oracle *oracle, bool write)
{
	filler->nr = oracle_pasids(oracle, filler->pasid);
	filler->write = write;
	filler->stop = false;
	filler->passes = 0;
	if (pthread_create(&filler->thread, NULL, fill, filler))
		abort();
	/* It is at work by then, and not on its way. */
	while (!__atomic_load_n(&filler->passes, __ATOMIC_RELAXED))
		sched_yield();
}

void filler_end(struct filler *filler)
{
	__atomic_store_n(&filler->stop, true, __ATOMIC_RELAXED);
	pthread_join(filler->thread, NULL);
}
