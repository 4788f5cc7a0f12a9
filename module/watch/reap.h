/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_REAP_H
#define DEVTLB_REAP_H

struct devtlb_process;

int devtlb_reap_module_init(void);
void devtlb_reap_module_exit(void);

void devtlb_process_remove(struct devtlb_process *process);
void devtlb_reap_flush(void);

#endif /* DEVTLB_REAP_H */
