/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_KPROBE_H
#define DEVTLB_KPROBE_H

#include <linux/types.h>

struct kprobe;

bool devtlb_kprobe_on_entry(struct kprobe *kprobe);
unsigned long devtlb_kprobe_locate(struct kprobe *kprobe);

#endif /* DEVTLB_KPROBE_H */
