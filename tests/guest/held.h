/* SPDX-License-Identifier: GPL-2.0-only */
/* How a test and the tool that it holds back come together: by files. */
#ifndef DEVTLB_TESTS_HELD_H
#define DEVTLB_TESTS_HELD_H

#include "client/client.h"

#define HELD	"/tmp/held"
#define LET_GO	"/tmp/let-go"

/* What the linker calls the tool's function, and ours in its place. */
int __real_client_listen_findings(struct client *client);
int __wrap_client_listen_findings(struct client *client);
int __real_client_findings(struct client *client, uint32_t pasid,
			   struct json_object **findings);
int __wrap_client_findings(struct client *client, uint32_t pasid,
			   struct json_object **findings);

#endif /* DEVTLB_TESTS_HELD_H */
