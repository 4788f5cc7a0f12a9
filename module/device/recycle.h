/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_RECYCLE_H
#define DEVTLB_RECYCLE_H

struct devtlb_atc;
struct devtlb_translation;

void devtlb_atc_kill(struct devtlb_translation *translation,
		     struct devtlb_translation **dying);
void devtlb_atc_recycle(struct devtlb_atc *atc,
			struct devtlb_translation *dying);
void devtlb_atc_recycle_drained(struct devtlb_atc *atc,
				struct devtlb_translation *dying);
void devtlb_atc_recycle_unacknowledged(struct devtlb_atc *atc);
struct devtlb_translation *devtlb_atc_take_all_spare(struct devtlb_atc *atc);

#endif /* DEVTLB_RECYCLE_H */
