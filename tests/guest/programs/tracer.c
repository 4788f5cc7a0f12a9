// SPDX-License-Identifier: GPL-2.0-only
/*
 * A debugger: breakpoints in the program's text, which is mapped from a file and
 * read-only, single steps, and words that ptrace() and process_vm_writev() write
 * to a child whose memory is shared with ours since fork().
 */
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "program.h"

#define PAGES	256
#define INT3	0xcc

static char *memory;

__attribute__((noinline)) static void stopped_at(uint64_t round)
{
	asm volatile("" : : "r" (round) : "memory");
}

static void be_traced(void)
{
	uint64_t round;

	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	for (round = 0;; round++)
		stopped_at(round);
}

static void expect_stop(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		fail("the child does not stop");
}

static long peek(pid_t child, const void *at)
{
	return ptrace(PTRACE_PEEKDATA, child, at, NULL);
}

static void poke(pid_t child, const void *at, uint64_t value)
{
	if (ptrace(PTRACE_POKEDATA, child, at, value))
		fail("PTRACE_POKEDATA");
	if ((uint64_t)peek(child, at) != value)
		wrong("poked", peek(child, at), value);
}

static void run_to_breakpoint(pid_t child)
{
	uint64_t text = peek(child, stopped_at);
	struct user_regs_struct regs;

	poke(child, stopped_at, (text & ~0xffUL) | INT3);
	ptrace(PTRACE_CONT, child, NULL, NULL);
	expect_stop(child);
	ptrace(PTRACE_GETREGS, child, NULL, &regs);
	if (regs.rip != (unsigned long)stopped_at + 1)
		wrong("stopped at", regs.rip, (unsigned long)stopped_at + 1);
	poke(child, stopped_at, text);
	regs.rip--;
	ptrace(PTRACE_SETREGS, child, NULL, &regs);
	ptrace(PTRACE_SINGLESTEP, child, NULL, NULL);
	expect_stop(child);
}

static void write_to(pid_t child, uint64_t value)
{
	size_t i;

	for (i = 0; i < PAGES; i++) {
		struct iovec from = { &value, sizeof(value) };
		struct iovec to = { memory + i * PAGE, sizeof(value) };

		if (i % 2)
			poke(child, memory + i * PAGE, value);
		else if (process_vm_writev(child, &from, 1, &to, 1, 0) != sizeof(value))
			fail("process_vm_writev");
		/* Ours is another page from then on. */
		check_word("ours", memory, i, 1);
	}
}

int main(int argc, char **argv)
{
	uint64_t value = 1;
	pid_t child;
	size_t i;

	program_begin(argc, argv);
	memory = map_anonymous(PAGES * PAGE);
	for (i = 0; i < PAGES; i++)
		*word_of(memory, i) = 1;
	while (time_left()) {
		child = fork();
		if (child == 0)
			be_traced();
		expect_stop(child);
		for (i = 0; i < 20; i++)
			run_to_breakpoint(child);
		write_to(child, ++value);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	return 0;
}
