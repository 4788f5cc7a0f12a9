/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Known defects of kernels, docs/findings.md: which kernels have each, as far as
 * anybody has seen or read, and which scenarios show it, how.
 */
#ifndef MODEL_DEFECT_H
#define MODEL_DEFECT_H

#include <stdbool.h>

#include "model/expectation.h"

/* Is it newer than the kernels of which anybody knows which defects they have? */
bool defects_unknown(const char *release);
/* "7.3" */
const char *defects_known_up_to(void);

/* What a kernel of that release is known to show; without a file. */
void defects_expect(struct expectations *expectations, const char *release);

/*
 * "since 6.6, not mended", "up to 6.12, not in 7.3"; "" for none of that name. A
 * static buffer.
 */
const char *defect_history(const char *name);

#endif /* MODEL_DEFECT_H */
