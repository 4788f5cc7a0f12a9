/* SPDX-License-Identifier: GPL-2.0-only */
/* What a watch that found nothing is worth. */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include <json-c/json.h>

/*
 * A breach is found if the device holds the page when the kernel fails to tell.
 * Of one that happens once, and anywhere, that is as likely as the share that
 * was held; below a half it is rather missed than found, and then "nothing
 * found" would say more than was seen.
 */
#define EVIDENCE_FLOOR	0.5

/*
 * Processes that are there and not bound yet: forked a moment ago, or they keep
 * their mmap_lock. @watch as the module has it.
 */
unsigned long long processes_waiting(struct json_object *watch);

/*
 * The share that was held of what was present in all processes that there were:
 * those that escaped count as not held. From the report of a watch: "watch",
 * "coverage", "sites". 0 when nothing ever notified, or nothing was to be held.
 */
double evidence_of(struct json_object *report);
/* Why it is too little, as a sentence; NULL when it is enough. */
const char *evidence_lacks(struct json_object *report);

/*
 * Sites that announced a flush of everything, at least once; but for the end of
 * an address space, which is about everything.
 */
size_t sites_of_full_flushes(struct json_object *sites);

#endif /* EVIDENCE_H */
