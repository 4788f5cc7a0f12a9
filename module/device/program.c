// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs are checked whole before they run, so that running them needs no
 * checks and cannot fail half-way for a mistake that was there from the start.
 */
#include <linux/kernel.h>
#include <linux/stringify.h>

#include "device/thread.h"

/* Which fields an operation uses; the others must be zero. */
#define USES_REG	0x1
#define USES_OPERAND	0x2
#define USES_VALUE	0x4
#define USES_TARGET	0x8

static const u8 uses[] = {
	[DEVTLB_OP_LOAD] = USES_REG | USES_OPERAND,
	[DEVTLB_OP_STORE] = USES_REG | USES_OPERAND,
	[DEVTLB_OP_SET] = USES_REG | USES_VALUE,
	[DEVTLB_OP_ADD] = USES_REG | USES_VALUE,
	[DEVTLB_OP_FENCE] = 0,
	[DEVTLB_OP_WAIT] = USES_OPERAND | USES_VALUE,
	[DEVTLB_OP_LOOP] = USES_REG | USES_VALUE | USES_TARGET,
	[DEVTLB_OP_LOG] = USES_REG,
};

static const char *insn_error(const struct devtlb_insn *insn, unsigned int at)
{
	u8 used;

	if (insn->op == 0 || insn->op > DEVTLB_OP_MAX)
		return "no such operation";
	used = uses[insn->op];
	if (insn->reg >= DEVTLB_REGS || insn->index >= DEVTLB_REGS)
		return "no such register";
	if (insn->op == DEVTLB_OP_LOOP && insn->target > at)
		return "a loop goes back, to an instruction before it";
	if ((used & USES_OPERAND) && ((insn->addr | insn->stride) & 7))
		return "address and stride must be multiples of 8";
	if (insn->reserved || (!(used & USES_REG) && insn->reg) ||
	    (!(used & USES_OPERAND) &&
	     (insn->index || insn->addr || insn->stride)) ||
	    (!(used & USES_VALUE) && insn->value) ||
	    (!(used & USES_TARGET) && insn->target))
		return "a field that this operation does not use is not zero";
	return NULL;
}

/**
 * devtlb_program_check() - can this program run?
 * @insn: instructions
 * @nr: how many
 *
 * Return: NULL if it can; or why it cannot.
 */
const char *devtlb_program_check(const struct devtlb_insn *insn, unsigned int nr)
{
	const char *error = NULL;
	unsigned int i;

	if (nr == 0 || nr > DEVTLB_PROGRAM_MAX)
		return "a program has 1 to " __stringify(DEVTLB_PROGRAM_MAX)
		       " instructions";
	for (i = 0; i < nr && !error; i++)
		error = insn_error(&insn[i], i);
	return error;
}
