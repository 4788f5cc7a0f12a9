// SPDX-License-Identifier: GPL-2.0-only
/*
 * Feeds the fuzz target with pseudo-random inputs, for hosts without libFuzzer.
 * An input depends on the seed and the iteration only, so a failure is replayed
 * by these two; inputs that libFuzzer kept are replayed by their file names.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store_fuzz.h"

#define INPUT_MAX	4096

/* Sanitizer reports end in SIGABRT, so that they get their replay line too. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "abort_on_error=1";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "abort_on_error=1:print_stacktrace=1";
}

/* Formatted beforehand: the handler may do little. */
static char replay_line[256];

static void on_abort(int signal_number)
{
	ssize_t written;

	written = write(STDERR_FILENO, replay_line, strlen(replay_line));
	(void)written;
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

/* One step of a 64-bit mixer (Weyl sequence, multiply, shift). */
static uint64_t next_random(uint64_t *state)
{
	uint64_t mixed;

	*state += 0x9e3779b97f4a7c15;
	mixed = *state;
	mixed = (mixed ^ mixed >> 32) * 0xd6e8feb86659fd93;
	mixed = (mixed ^ mixed >> 32) * 0xd6e8feb86659fd93;
	return mixed ^ mixed >> 32;
}

static void run_iteration(uint64_t seed, uint64_t iteration)
{
	static uint8_t data[INPUT_MAX];
	uint64_t state = seed;
	size_t size, i;

	state = next_random(&state) + iteration;
	size = 1 + next_random(&state) % sizeof(data);
	for (i = 0; i < size; i++)
		data[i] = next_random(&state) >> 56;
	LLVMFuzzerTestOneInput(data, size);
}

static int run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t size = 0, got;

	if (!file) {
		fprintf(stderr, "store_fuzz: %s: %s\n", path, strerror(errno));
		return -1;
	}
	do {
		data = realloc(data, size + INPUT_MAX);
		if (!data)
			abort();
		got = fread(data + size, 1, INPUT_MAX, file);
		size += got;
	} while (got > 0);
	fclose(file);

	snprintf(replay_line, sizeof(replay_line),
		 "store_fuzz: replay with: store_fuzz %s\n", path);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 0;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void run_seconds(uint64_t seed, double seconds)
{
	double start = now();
	uint64_t iteration = 0;

	do {
		snprintf(replay_line, sizeof(replay_line),
			 "store_fuzz: replay with: store_fuzz --seed %llu --iteration %llu\n",
			 (unsigned long long)seed,
			 (unsigned long long)iteration);
		run_iteration(seed, iteration++);
	} while (now() - start < seconds);
	printf("store_fuzz: %llu inputs in %.1f s\n",
	       (unsigned long long)iteration, now() - start);
}

static void usage(FILE *stream)
{
	fputs("usage: store_fuzz [--seconds S] [--seed N]\n"
	      "       store_fuzz --seed N --iteration I\n"
	      "       store_fuzz FILE...\n", stream);
}

static uint64_t number_or_exit(const char *text)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-') {
		fprintf(stderr, "store_fuzz: not a number: %s\n", text);
		exit(2);
	}
	return number;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'n' },
		{ "iteration", required_argument, NULL, 'i' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	uint64_t seed = time(NULL);
	uint64_t seconds = 60;
	uint64_t iteration = 0;
	int replay = 0;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 's':
			seconds = number_or_exit(optarg);
			break;
		case 'n':
			seed = number_or_exit(optarg);
			break;
		case 'i':
			iteration = number_or_exit(optarg);
			replay = 1;
			break;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	signal(SIGABRT, on_abort);

	if (optind < argc) {
		for (; optind < argc; optind++) {
			if (run_file(argv[optind]))
				return 2;
		}
	} else {
		printf("store_fuzz: seed %llu\n", (unsigned long long)seed);
		fflush(stdout);
		if (replay)
			run_iteration(seed, iteration);
		else
			run_seconds(seed, seconds);
	}
	printf("store_fuzz: %lu operations, no difference\n",
	       store_fuzz_operations);
	return 0;
}
