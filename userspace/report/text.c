// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "command.h"
#include "report.h"

int client_failed(struct client *client)
{
	fprintf(stderr, "devtlb: %s\n", client_error(client));
	client_close(client);
	return EXIT_USAGE;
}

int parse_json_only(int argc, char **argv, bool *json)
{
	int i;

	*json = false;
	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") != 0)
			return usage_error("devtlb %s does not know \"%s\"",
					   argv[0], argv[i]);
		*json = true;
	}
	return 0;
}

static const char *rule_sentence(const char *rule, const char *breach)
{
	if (strcmp(breach, "freed") == 0)
		return "a page was freed while the device translated it";
	if (strcmp(breach, "switched") == 0)
		return "the page table shows another page, and the device was not told";
	if (strcmp(breach, "missing") == 0)
		return "the device translates what the page table no longer maps";
	if (strcmp(breach, "other-page") == 0)
		return "the device translates to a page that the page table replaced";
	if (strcmp(breach, "more-permissive") == 0)
		return "the device may write what the page table lets nobody write";
	return rule;
}

static const char *size_text(unsigned long long bytes)
{
	static char text[32];

	if (bytes == ~0ULL)
		return "all";
	if (bytes >= 1ULL << 30 && bytes % (1ULL << 30) == 0)
		snprintf(text, sizeof(text), "%lluG", bytes >> 30);
	else if (bytes >= 1ULL << 20 && bytes % (1ULL << 20) == 0)
		snprintf(text, sizeof(text), "%lluM", bytes >> 20);
	else if (bytes >= 1ULL << 10 && bytes % (1ULL << 10) == 0)
		snprintf(text, sizeof(text), "%lluK", bytes >> 10);
	else
		snprintf(text, sizeof(text), "%llu", bytes);
	return text;
}

static void print_finding(struct json_object *finding)
{
	const char *new_pfn = get_string(finding, "new-pfn");
	const char *dropped = get_string(finding, "dropped-site");
	const char *last = get_string(finding, "last-site");
	size_t i;

	printf("FINDING %llu: rule %s: %s",
	       get_number(finding, "seq"), get_string(finding, "rule"),
	       rule_sentence(get_string(finding, "rule"),
			     get_string(finding, "breach")));
	if (get_number(finding, "count") > 1)
		printf(" (%llu translations)", get_number(finding, "count"));
	printf("\n");
	printf("  address     %s, in a translation of %s at %s\n",
	       get_string(finding, "at"),
	       size_text(get_number(finding, "size")),
	       get_string(finding, "va"));
	printf("  device has  pfn %s %s, for %.3f ms, filled by device thread %llu\n",
	       get_string(finding, "pfn"), get_string(finding, "rights"),
	       get_number(finding, "age") / 1e6,
	       get_number(finding, "filler"));
	if (new_pfn[0])
		printf("  process has pfn %s\n", new_pfn);
	else
		printf("  process has nothing there, or what it has was not looked up\n");
	if (get_number(finding, "stale-reads"))
		printf("  stale read  %llu: the first by device thread %llu at %s: it got %s, the process has %s\n",
		       get_number(finding, "stale-reads"),
		       get_number(finding, "stale-read-by"),
		       get_string(finding, "stale-read-at"),
		       get_string(finding, "stale-read-got"),
		       get_string(finding, "stale-read-has"));
	if (dropped[0])
		printf("  dropped     %s (by a mutant)\n", dropped);
	printf("  last told   %s\n", last[0] ? last : "never");
	if (get_flag(finding, "flush-pending"))
		printf("  a TLB flush was pending\n");
	printf("  found in    %s[%llu]\n", get_string(finding, "comm"),
	       get_number(finding, "pid"));
	for (i = 0; i < get_length(finding, "stack"); i++)
		printf("  %-11s %s\n", i == 0 ? "freed by" : "",
		       json_object_get_string(get_element(finding, "stack", i)));
}

void print_findings(struct json_object *object)
{
	size_t i;

	for (i = 0; i < get_length(object, "findings"); i++)
		print_finding(get_element(object, "findings", i));
}

void print_sites(struct json_object *sites)
{
	size_t i;

	printf("%9s %9s %10s %8s %8s  %s\n", "count", "dropped", "under lock",
	       "smallest", "largest", "site");
	for (i = 0; i < json_object_array_length(sites); i++) {
		struct json_object *site = json_object_array_get_idx(sites, i);

		printf("%9llu %9llu %10llu", get_number(site, "count"),
		       get_number(site, "dropped"),
		       get_number(site, "under-lock"));
		printf(" %8s", size_text(get_number(site, "smallest")));
		printf(" %8s  %s\n", size_text(get_number(site, "largest")),
		       get_string(site, "chain"));
	}
}

static void begin(struct json_object *header, unsigned int rows)
{
	printf("devtlb %s, Linux %s, notified by ->%s\n\n",
	       get_string(header, "version"), get_string(header, "kernel"),
	       get_string(header, "callback"));
	if (get_flag(header, "mutant"))
		printf("%-16s %s\n", "scenario", "mutant");
	else
		printf("%-16s %-7s %s\n", "scenario", "clean", "armed");
}

static const char *run_word(struct json_object *run)
{
	const char *verdict = get_string(run, "verdict");
	size_t found = get_length(run, "findings");

	if (strcmp(verdict, "skip") == 0)
		return "skip";
	if (strcmp(verdict, "broken") == 0)
		return "BROKEN";
	if (strcmp(get_string(run, "kind"), "armed") == 0)
		return found ? "caught" : "MISSED";
	if (found)
		return "FOUND";
	return strcmp(verdict, "ok") == 0 ? "ok" : "FAIL";
}

static struct json_object *run_of(struct json_object *result, const char *kind)
{
	size_t i;

	for (i = 0; i < get_length(result, "runs"); i++) {
		struct json_object *run = get_element(result, "runs", i);

		if (strcmp(get_string(run, "kind"), kind) == 0)
			return run;
	}
	return NULL;
}

/* Which rules a run found to be broken, each once: "A B". */
static const char *rules_found(struct json_object *run)
{
	static char text[16];
	size_t i, used = 0;

	text[0] = '\0';
	for (i = 0; i < get_length(run, "findings"); i++) {
		const char *rule = get_string(get_element(run, "findings", i),
					      "rule");

		if (!strstr(text, rule) && used < sizeof(text) - 3)
			used += snprintf(text + used, sizeof(text) - used, "%s%s",
					 used ? " " : "", rule);
	}
	return text;
}

static void print_reasons(struct json_object *result)
{
	size_t i;

	for (i = 0; i < get_length(result, "runs"); i++) {
		struct json_object *run = get_element(result, "runs", i);
		bool armed = strcmp(get_string(run, "kind"), "armed") == 0;

		if (get_string(run, "reason")[0])
			printf("  %s: %s\n", get_string(run, "kind"),
			       get_string(run, "reason"));
		if (!armed)
			print_findings(run);
	}
}

static void scenario(struct json_object *result)
{
	struct json_object *clean = run_of(result, "clean");
	struct json_object *armed = run_of(result, "armed");
	struct json_object *mutant = run_of(result, "mutant");

	printf("%-16s %-7s", get_string(result, "name"),
	       run_word(mutant ? : clean));
	if (armed)
		printf(" %-7s", run_word(armed));
	if (strcmp(get_string(result, "verdict"), "skip") == 0) {
		printf(" %s\n", get_string(mutant ? : clean, "reason"));
		return;
	}
	if (armed && rules_found(armed)[0])
		printf(" rule %s, with %s dropped", rules_found(armed),
		       json_object_get_string(get_element(armed, "dropped", 0)));
	printf("\n");
	print_reasons(result);
}

static void end(struct json_object *all)
{
	printf("\n%llu passed, %llu failed, %llu skipped\n",
	       get_number(all, "passed"), get_number(all, "failed"),
	       get_number(all, "skipped"));
	if (get_flag(all, "proven"))
		printf("Every clean run was followed by one with its notifications dropped, which was\n"
		       "caught: what is green here could have been red.\n");
}

const struct report text_report = {
	.begin = begin,
	.scenario = scenario,
	.end = end,
};
