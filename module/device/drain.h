/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_DRAIN_H
#define DEVTLB_DRAIN_H

struct devtlb_atc;

void devtlb_atc_drain(struct devtlb_atc *atc);
void devtlb_atc_drain_walks(struct devtlb_atc *atc);
void devtlb_atc_guard_stores(struct devtlb_atc *atc);

int devtlb_late_access_begin(void);
void devtlb_late_access_end(int in_flight);
void devtlb_atc_drain_late(struct devtlb_atc *atc);

#endif /* DEVTLB_DRAIN_H */
