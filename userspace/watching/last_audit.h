/* SPDX-License-Identifier: GPL-2.0-only */
/* What lives on when a watch ends is compared once more. */
#ifndef LAST_AUDIT_H
#define LAST_AUDIT_H

#include <json-c/json.h>

/**
 * struct last_audit - what came of it
 * @compared: address spaces that were compared with what the device held
 * @undecided: others, that were not quiet for long enough, or for which there
 *	was no time
 */
struct last_audit {
	unsigned long long compared;
	unsigned long long undecided;
};

/*
 * Audits @pasids, objects as client_pasids() has them, for some seconds at most;
 * what is wrong is a finding of their watch. A process that keeps its mmap_lock
 * is given up, and so is its audit.
 */
struct last_audit audit_last(struct json_object *pasids);

#endif /* LAST_AUDIT_H */
