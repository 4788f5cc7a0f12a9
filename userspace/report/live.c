// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "report/chain.h"
#include "report/grouped.h"
#include "report/live.h"
#include "report/report.h"

#define SITES_SHOWN	5
#define LINES_MAX	(SITES_SHOWN + 3)
#define WIDTH_MAX	512

/* How often a site notified in the last interval. */
struct site_rate {
	const char *chain;
	double rate;
};

bool live_is_picture(void)
{
	return isatty(STDOUT_FILENO);
}

static struct winsize terminal_size(void)
{
	struct winsize size = { };

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	if (!size.ws_col)
		size.ws_col = 80;
	if (!size.ws_row)
		size.ws_row = 24;
	return size;
}

/* "93 %", or "?"; a static buffer. */
static const char *coverage_text(const struct sample *before,
				 const struct sample *now)
{
	static char text[16];
	double coverage = coverage_between(before, now);

	if (coverage < 0)
		return "?";
	snprintf(text, sizeof(text), "%.0f %%", 100 * coverage);
	return text;
}

static const char *rounded(double rate)
{
	return grouped(rate + 0.5);
}

void live_print_line(struct live *live, struct json_object *watch, double time)
{
	struct sample now = sample_of(watch, time);

	printf("devtlb: %.0f s: processes %s, coverage %s, translations %s, invalidations/s %s, findings %s\n",
	       time, grouped(now.processes), coverage_text(&live->before, &now),
	       grouped(now.held), rounded(rate_between(&live->before, &now)),
	       grouped(now.findings));
	live->before = now;
}

/* A line of the picture, no wider than the terminal. */
static void draw_line(struct live *live, const struct winsize *size,
		      const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void draw_line(struct live *live, const struct winsize *size,
		      const char *format, ...)
{
	char line[WIDTH_MAX];
	va_list args;

	/* A terminal of two lines has no room for a line that scrolls. */
	if (live->lines >= LINES_MAX || live->lines + 1 >= size->ws_row)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	printf("%.*s\n", size->ws_col - 1, line);
	live->lines++;
}

static unsigned long long count_before(struct json_object *sites,
				       unsigned long long id)
{
	size_t i, nr = sites ? json_object_array_length(sites) : 0;

	for (i = 0; i < nr; i++) {
		struct json_object *site = json_object_array_get_idx(sites, i);

		if (get_number(site, "id") == id)
			return get_number(site, "count");
	}
	return 0;
}

static int busier_first(const void *one, const void *other)
{
	double a = ((const struct site_rate *)one)->rate;
	double b = ((const struct site_rate *)other)->rate;

	return (a < b) - (a > b);
}

static void draw_sites(struct live *live, const struct winsize *size,
		       struct json_object *sites, double seconds)
{
	size_t i, nr = sites ? json_object_array_length(sites) : 0;
	struct site_rate *rates = calloc(nr + 1, sizeof(*rates));

	if (!rates)
		abort();
	for (i = 0; i < nr; i++) {
		struct json_object *site = json_object_array_get_idx(sites, i);
		unsigned long long before = count_before(live->sites,
							 get_number(site, "id"));

		rates[i].chain = get_string(site, "chain");
		rates[i].rate = (get_number(site, "count") - before) / seconds;
	}
	qsort(rates, nr, sizeof(*rates), busier_first);
	for (i = 0; i < nr && i < SITES_SHOWN && rates[i].rate > 0; i++)
		draw_line(live, size, "%12s/s  %s", rounded(rates[i].rate),
			  short_chain(rates[i].chain, NULL, 0));
	free(rates);
}

static void erase(struct live *live)
{
	if (live->lines)
		printf("\033[%dA\r\033[J", live->lines);
	live->lines = 0;
}

void live_draw(struct live *live, struct json_object *watch,
	       struct json_object *sites, double time)
{
	struct sample now = sample_of(watch, time);
	struct winsize size = terminal_size();
	double seconds = time - live->before.time;

	erase(live);
	draw_line(live, &size,
		  "devtlb: %.0f s, findings %s, coverage %s, processes %s, %s so far",
		  time, grouped(now.findings),
		  coverage_text(&live->before, &now), grouped(now.processes),
		  grouped(get_number(watch, "processes-seen")));
	draw_line(live, &size, "translations %s, invalidations/s %s",
		  grouped(now.held), rounded(rate_between(&live->before, &now)));
	if (seconds > 0)
		draw_sites(live, &size, sites, seconds);
	fflush(stdout);
	live->before = now;
	json_object_put(live->sites);
	live->sites = sites;
}

void live_end(struct live *live)
{
	erase(live);
}

void live_free(struct live *live)
{
	json_object_put(live->sites);
}
