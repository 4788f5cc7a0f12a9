/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupts: ^C ends the run under way, and what came before it is told. */
#ifndef INTERRUPT_H
#define INTERRUPT_H

#include <stdbool.h>

/*
 * From now on SIGINT, SIGTERM and SIGHUP don't end the tool, but for those that
 * are ignored anyway.
 */
void interrupts_take(void);
/* In a child: they are as they were. */
void interrupts_give_back(void);
/* Readable when one has come; negative when they are not taken. */
int interrupts_fd(void);
bool interrupted(void);

#endif /* INTERRUPT_H */
