/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The catalogue: from where kernels are known to notify devices that share page
 * tables. What notifies from elsewhere is new.
 */
#ifndef CATALOGUE_H
#define CATALOGUE_H

#include <stdbool.h>

#include "devtlb.h"

/* Whether the page-table lock is held there. */
enum lock_held { LOCK_EITHER, LOCK_HELD, LOCK_NOT_HELD };

/**
 * struct known_site - a site that kernels are known to have
 * @path: what the kernel does there
 * @site: its functions; see site_pattern.h
 * @lock: for paths that notify twice from the same functions
 * @unreachable: why no scenario gets there; or NULL
 */
struct known_site {
	const char *path;
	const char *site;
	enum lock_held lock;
	const char *unreachable;
};

/* Is that release of a series that was read? */
bool catalogue_is_of(const char *release);

/* Of kernels with that callback, up to one without a path. */
const struct known_site *catalogue(enum devtlb_callback callback);

/* The kernel will be asked for the functions in the catalogue. */
void catalogue_expect(enum devtlb_callback callback);

#endif /* CATALOGUE_H */
