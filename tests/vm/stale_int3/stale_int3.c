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
 * and so for ever. A CPU that a timer finds twice at the same such instruction has
 * that text written to, with what is there: QEMU drops what it translated of it.
 */
#include <linux/hrtimer.h>
#include <linux/kdebug.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/percpu.h>
#include <linux/ptrace.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <asm/irq_regs.h>
#include <asm/special_insns.h>
#include <asm/text-patching.h>

static unsigned long emulated;
module_param(emulated, ulong, 0444);
MODULE_PARM_DESC(emulated, "How many were run");

static unsigned long retranslated;
module_param(retranslated, ulong, 0444);
MODULE_PARM_DESC(retranslated, "How often a CPU was found at one, and its text written to");

/* What the kernel patches over: nothing, in two and in five bytes. */
static const u8 nop2[] = { 0x66, 0x90 };
static const u8 nop5[] = { 0x0f, 0x1f, 0x44, 0x00, 0x00 };

/*
 * Where the instruction goes that begins with @opcode there; 0 for what is none that
 * the kernel puts where it patches. An int3 is run again: the text is being patched
 * once more, and the kernel knows of this one.
 */
static __always_inline unsigned long target_of(const u8 *text, u8 opcode)
{
	unsigned long ip = (unsigned long)text;

	switch (opcode) {
	case INT3_INSN_OPCODE:
		return ip;
	case CALL_INSN_OPCODE:
		return ip + CALL_INSN_SIZE + *(s32 *)(text + 1);
	case JMP32_INSN_OPCODE:
		return ip + JMP32_INSN_SIZE + *(s32 *)(text + 1);
	case JMP8_INSN_OPCODE:
		return ip + JMP8_INSN_SIZE + *(s8 *)(text + 1);
	}
	if (!memcmp(text, nop2, sizeof(nop2)))
		return ip + sizeof(nop2);
	if (!memcmp(text, nop5, sizeof(nop5)))
		return ip + sizeof(nop5);
	return 0;
}

static notrace int on_die(struct notifier_block *block, unsigned long event,
			  void *data)
{
	struct die_args *args = data;
	struct pt_regs *regs = args->regs;
	unsigned long ip = regs->ip - INT3_INSN_SIZE, target;
	u8 opcode;

	if (event != DIE_INT3 || user_mode(regs))
		return NOTIFY_DONE;
	/* Once: who patches it meanwhile puts another one there. */
	opcode = READ_ONCE(*(const u8 *)ip);
	target = target_of((const u8 *)ip, opcode);
	if (!target)
		return NOTIFY_DONE;
	if (opcode == CALL_INSN_OPCODE)
		int3_emulate_push(regs, ip + CALL_INSN_SIZE);
	int3_emulate_jmp(regs, target);
	emulated++;
	return NOTIFY_STOP;
}

NOKPROBE_SYMBOL(on_die);

static struct notifier_block block = {
	.notifier_call = on_die,
};

#ifdef KPROBES_ASK_NOBODY
#define LOOK_EVERY_NS	(200 * NSEC_PER_MSEC)

/**
 * struct look - looks at where a CPU is
 * @timer: of that CPU
 * @text: where the CPU was, when last looked at
 */
struct look {
	struct hrtimer timer;
	const u8 *text;
};

static DEFINE_PER_CPU(struct look, look);

static bool is_patched(const u8 *text)
{
	u8 opcode = READ_ONCE(text[0]);

	return opcode != INT3_INSN_OPCODE && target_of(text, opcode);
}

/*
 * A byte is replaced by itself, if it is still that byte: who patches the text
 * meanwhile loses nothing. Not by an alias that is writable, nor by anybody else:
 * the other CPU may be waiting for this one, with preemption off.
 */
static void write_text(u8 *text)
{
	unsigned long cr0 = read_cr0();
	u8 byte = READ_ONCE(*text);

	/* Not write_cr0(): it insists on write protection. */
	asm volatile("mov %0, %%cr0" : : "r" (cr0 & ~X86_CR0_WP) : "memory");
	cmpxchg(text, byte, byte);
	asm volatile("mov %0, %%cr0" : : "r" (cr0) : "memory");
	retranslated++;
}

/* Between two traps the CPU takes its interrupts, there. */
static enum hrtimer_restart on_look(struct hrtimer *timer)
{
	struct look *at = container_of(timer, struct look, timer);
	struct pt_regs *regs = get_irq_regs();
	u8 *text = regs && !user_mode(regs) ? (u8 *)regs->ip : NULL;

	if (text && text == at->text && is_patched(text))
		write_text(text);
	at->text = text;
	hrtimer_forward_now(timer, ns_to_ktime(LOOK_EVERY_NS));
	return HRTIMER_RESTART;
}

static void look_at_this_cpu(void *unused)
{
	struct look *at = this_cpu_ptr(&look);

	hrtimer_init(&at->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	at->timer.function = on_look;
	hrtimer_start(&at->timer, ns_to_ktime(LOOK_EVERY_NS),
		      HRTIMER_MODE_REL_PINNED_HARD);
}

static void look_at_all_cpus(void)
{
	on_each_cpu(look_at_this_cpu, NULL, 1);
}
#else
static void look_at_all_cpus(void)
{
}
#endif

static int __init stale_int3_init(void)
{
	look_at_all_cpus();
	return register_die_notifier(&block);
}
module_init(stale_int3_init);

MODULE_DESCRIPTION("Lets a guest live with a breakpoint that QEMU keeps");
MODULE_LICENSE("GPL");
