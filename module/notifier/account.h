/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_ACCOUNT_H
#define DEVTLB_ACCOUNT_H

struct devtlb_notification;
struct devtlb_page;
struct devtlb_translation;

void devtlb_account_withheld(struct devtlb_translation *translation,
			     const struct devtlb_notification *notification);
void devtlb_account_removed(struct devtlb_translation *translation,
			    const struct devtlb_notification *notification);
void devtlb_account_replaced(struct devtlb_translation *translation,
			     unsigned long va, const struct devtlb_page *page);
void devtlb_account_right(struct devtlb_translation *translation);

#endif /* DEVTLB_ACCOUNT_H */
