/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WATCH_LIMITS_H
#define WATCH_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct watch_limits - how a watch is to go about it; 0 for what the module
 *	does by itself
 * @processes: bound at a time
 * @translations: held at a time
 * @share: percent of one CPU for binding and mirroring
 * @write: ask for writable translations of whatever is writable
 * @fracture: hold large pages as 4K translations
 */
struct watch_limits {
	uint32_t processes;
	uint64_t translations;
	uint32_t share;
	bool write;
	bool fracture;
};

#endif /* WATCH_LIMITS_H */
