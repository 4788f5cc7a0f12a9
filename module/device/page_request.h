/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_PAGE_REQUEST_H
#define DEVTLB_PAGE_REQUEST_H

#include <linux/mm_types.h>
#include <linux/types.h>

int devtlb_page_request(struct mm_struct *mm, unsigned long va, bool write);

#endif /* DEVTLB_PAGE_REQUEST_H */
