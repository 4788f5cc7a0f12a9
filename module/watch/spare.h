/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_SPARE_H
#define DEVTLB_SPARE_H

struct devtlb_process;

struct devtlb_process *devtlb_spare_take(void);
void devtlb_spare_fill(void);
void devtlb_spare_module_exit(void);

#endif /* DEVTLB_SPARE_H */
