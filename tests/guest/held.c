// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linked around the tool (see Makefile): when "devtlb monitor" has done the first
 * of the two things that it begins with, listening and asking for what there is
 * already, it waits. So a test can have something happen in between.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "client/client.h"
#include "held.h"
#include "model/wait_until.h"

#define PATIENCE_S	60

static void wait_once(void)
{
	static bool waited;

	if (waited)
		return;
	waited = true;
	close(creat(HELD, 0600));
	wait_until(access(LET_GO, F_OK) == 0, PATIENCE_S);
}

int __wrap_client_listen_findings(struct client *client)
{
	int err = __real_client_listen_findings(client);

	wait_once();
	return err;
}

int __wrap_client_findings(struct client *client, uint32_t pasid,
			   struct json_object **findings)
{
	int err = __real_client_findings(client, pasid, findings);

	wait_once();
	return err;
}
