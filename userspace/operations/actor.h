/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Actors: processes that perform operations, one after the other, as they are
 * told over a socket. An actor does nothing between two orders, so that what
 * happens to its memory is what it was told to do.
 */
#ifndef ACTOR_H
#define ACTOR_H

#include <stdint.h>
#include <sys/types.h>

/* Words that an answer can bring: one for each page of a read. */
#define WORDS_MAX	2048
/* Long enough for an abstract address of a socket. */
#define ADDRESS_MAX	32

/**
 * struct order - what an actor is to perform
 * @operation: its number, as perform_order() knows it
 * @argument: with process numbers for actors
 */
struct order {
	int operation;
	long argument[7];
};

/**
 * struct answer - what came of it
 * @actor: who answers
 * @pid: its process
 * @result: of the operation: a number or a negative errno
 * @nr_words: how many of @word there are
 * @word: what was read
 */
struct answer {
	int actor;
	pid_t pid;
	long result;
	long nr_words;
	uint64_t word[WORDS_MAX];
};

/* Where actors answer to; what is left of the message has no words. */
extern char actor_address[ADDRESS_MAX];
extern int actor_number;
extern struct answer actor_answer;

/* Of whom an actor has executed. */
#define ACTOR_OPTION	"--actor="

/*
 * Has this process be that actor from now on: connects to actor_address, answers
 * once to say that it is there, and performs what it is told. Does not return.
 */
void actor_be(int number) __attribute__((noreturn));
/* Goes on as an actor that has executed this program: "ADDRESS:NUMBER". */
void actor_resume(const char *text) __attribute__((noreturn));
/* Whoever is linked with it knows what numbers mean. */
long perform_order(const struct order *order);

#endif /* ACTOR_H */
