/* SPDX-License-Identifier: GPL-2.0-only */
/* 6.17 gave the queue whose work may run on any CPU another name. */
#ifndef DEVTLB_COMPAT_WORKQUEUE_H
#define DEVTLB_COMPAT_WORKQUEUE_H

#include <linux/workqueue.h>

#ifndef DEVTLB_HAVE_SYSTEM_DFL_WQ
#define system_dfl_wq	system_unbound_wq
#endif

#endif /* DEVTLB_COMPAT_WORKQUEUE_H */
