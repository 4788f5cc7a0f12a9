/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_TABLES_H
#define DEVTLB_TABLES_H

struct devtlb_atc;
struct devtlb_atc_user;
struct devtlb_table_path;
struct devtlb_translation;

void devtlb_tables_install(struct devtlb_atc *atc, struct devtlb_atc_user *user,
			   unsigned long va,
			   const struct devtlb_table_path *path,
			   struct devtlb_translation **dying);

#endif /* DEVTLB_TABLES_H */
