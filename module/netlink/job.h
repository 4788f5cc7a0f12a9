/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_JOB_H
#define DEVTLB_JOB_H

#include <linux/types.h>

struct genl_info;
struct nlattr;
struct sk_buff;
struct task_struct;

int devtlb_job_start(struct sk_buff *skb, struct genl_info *info,
		     const devtlb_genl_op *op, u32 owner);
u32 devtlb_job_owner(struct genl_info *info);
struct task_struct *devtlb_job_get_task(struct genl_info *info,
					struct nlattr *attr);
void devtlb_jobs_kill(u32 owner);
void devtlb_jobs_wait(u32 owner);
void devtlb_jobs_end_all(void);

#endif /* DEVTLB_JOB_H */
