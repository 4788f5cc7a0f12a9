/* SPDX-License-Identifier: GPL-2.0-only */
/* An operation: who performs it, and what the memory must read as after it. */
struct step {
	int actor;
	long (*perform)(const long *argument);
	long argument[7];
	/* Bits of the arguments that are actors: process numbers, when performed. */
	unsigned int actors;
	/* Nobody waits for it, but whoever comes next and is waited for. */
	int background;
	/* Which word of the answer is wrong, and what it must be; -1: none is. */
	long word;
	uint64_t expected;
};
