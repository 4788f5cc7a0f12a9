/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_SUBJECTS_H
#define DEVTLB_SUBJECTS_H

#include <linux/types.h>

#include "devtlb.h"

/**
 * struct devtlb_nl_subjects - the attributes of a command that say what it is
 *	about
 * @pasid: the one that has the number of a PASID; 0 when none has
 * @watch: the one that has the number of a watch; 0 when none has
 */
struct devtlb_nl_subjects {
	u16 pasid;
	u16 watch;
};

/* By command. */
extern const struct devtlb_nl_subjects devtlb_nl_subjects[DEVTLB_CMD_MAX + 1];

#endif /* DEVTLB_SUBJECTS_H */
