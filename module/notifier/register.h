/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_REGISTER_H
#define DEVTLB_REGISTER_H

struct mm_struct;
struct mmu_notifier;

int devtlb_notifier_register(struct mmu_notifier *mmu_notifier,
			     struct mm_struct *mm);
int devtlb_notifier_try_register(struct mmu_notifier *mmu_notifier,
				 struct mm_struct *mm);

#endif /* DEVTLB_REGISTER_H */
