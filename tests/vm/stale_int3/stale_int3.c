// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lets a guest live with a breakpoint that QEMU keeps.
 *
 * The kernel patches its text under an int3. QEMU before 8.1 may translate it while
 * another CPU takes it away again, and keeps the translation: what runs there traps
 * for ever, and the kernel, which knows of no such breakpoint, dies. What stands in
 * memory by then is what should have run: it is emulated, as the kernel itself does
 * while the int3 is there.
 *
 * Linux 6.1 asks nobody: where it has kprobes, it runs such an instruction again,
 * and so for ever.
 */
#include <linux/kdebug.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/ptrace.h>
#include <linux/string.h>
#include <asm/text-patching.h>

static unsigned long emulated;
module_param(emulated, ulong, 0444);
MODULE_PARM_DESC(emulated, "How many were run");

/* What the kernel patches over: nothing, in two and in five bytes. */
static const u8 nop2[] = { 0x66, 0x90 };
static const u8 nop5[] = { 0x0f, 0x1f, 0x44, 0x00, 0x00 };

/* False for what is no instruction that the kernel puts where it patches. */
static __always_inline bool emulate(struct pt_regs *regs, const u8 *text)
{
	unsigned long ip = (unsigned long)text;

	switch (READ_ONCE(text[0])) {
	case CALL_INSN_OPCODE:
		int3_emulate_push(regs, ip + CALL_INSN_SIZE);
		int3_emulate_jmp(regs, ip + CALL_INSN_SIZE + *(s32 *)(text + 1));
		return true;
	/* It is being patched once more, and the kernel knows of this int3. */
	case INT3_INSN_OPCODE:
		int3_emulate_jmp(regs, ip);
		return true;
	case JMP32_INSN_OPCODE:
		int3_emulate_jmp(regs, ip + JMP32_INSN_SIZE + *(s32 *)(text + 1));
		return true;
	case JMP8_INSN_OPCODE:
		int3_emulate_jmp(regs, ip + JMP8_INSN_SIZE + *(s8 *)(text + 1));
		return true;
	}
	if (!memcmp(text, nop2, sizeof(nop2)))
		int3_emulate_jmp(regs, ip + sizeof(nop2));
	else if (!memcmp(text, nop5, sizeof(nop5)))
		int3_emulate_jmp(regs, ip + sizeof(nop5));
	else
		return false;
	return true;
}

static notrace int on_die(struct notifier_block *block, unsigned long event,
			  void *data)
{
	struct die_args *args = data;
	struct pt_regs *regs = args->regs;
	const u8 *text = (const u8 *)(regs->ip - INT3_INSN_SIZE);

	if (event != DIE_INT3 || user_mode(regs) || !emulate(regs, text))
		return NOTIFY_DONE;
	emulated++;
	return NOTIFY_STOP;
}

NOKPROBE_SYMBOL(on_die);

static struct notifier_block block = {
	.notifier_call = on_die,
};

static int __init stale_int3_init(void)
{
	return register_die_notifier(&block);
}
module_init(stale_int3_init);

MODULE_DESCRIPTION("Lets a guest live with a breakpoint that QEMU keeps");
MODULE_LICENSE("GPL");
