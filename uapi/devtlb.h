/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * devtlb: the netlink interface of the mock device.
 *
 * Generic netlink family "devtlb", version 1, described in devtlb.yaml beside
 * this file. Every command needs CAP_SYS_ADMIN in the initial namespaces; the
 * family is visible in the initial network namespace only.
 *
 * A request that may have to wait for a process is replied to and acknowledged
 * when it is done; meanwhile others are handled, of the same socket, too. It is
 * given up when its socket is closed, or what it is about ends.
 */
#ifndef _UAPI_DEVTLB_H
#define _UAPI_DEVTLB_H

#include <linux/types.h>

#include "devtlb_netlink.h"

/**
 * struct devtlb_insn - one instruction
 * @op: enum devtlb_op
 * @reg: the register it works on, below DEVTLB_REGS
 * @index: register that scales @stride in the operand's address
 * @target: of a loop: the instruction to go to, not after the loop itself
 * @reserved: must be zero
 * @addr: operand: the access is to @addr + register[@index] * @stride, eight
 *	bytes, aligned to eight
 * @stride: bytes; 0 for a fixed address
 * @value: see enum devtlb_op
 *
 * Fields that an operation does not use must be zero.
 */
struct devtlb_insn {
	__u8 op;
	__u8 reg;
	__u8 index;
	__u8 target;
	__u32 reserved;
	__u64 addr;
	__u64 stride;
	__u64 value;
};

#endif /* _UAPI_DEVTLB_H */
