// SPDX-License-Identifier: GPL-2.0-only
/* What comes of a run: its result, for the tool, at its end or before. */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "model/elapsed.h"
#include "model/finding.h"
#include "model/result.h"
#include "model/signature.h"
#include "runner/running.h"

struct json_object *run_new_result(enum run_kind kind, const char *verdict,
				   const char *reason)
{
	struct json_object *result = json_object_new_object();

	set_string(result, "kind", run_kind_name(kind));
	set_string(result, "verdict", verdict);
	set_string(result, "reason", reason);
	return result;
}

static void write_result(struct run *run, struct json_object *result)
{
	const char *text;
	size_t length;

	text = json_object_to_json_string_length(result,
						 JSON_C_TO_STRING_PLAIN, &length);
	while (length > 0) {
		ssize_t written = write(run->result_fd, text, length);

		if (written <= 0)
			break;
		text += written;
		length -= written;
	}
	json_object_put(result);
}

const struct expectation *run_known_defect(const struct run *run)
{
	return find_expectation(&run->options->expectations,
				run->scenario->name);
}

/*
 * Does what was found say more than that the run ended early? Armed runs are to
 * find something, and clean ones what is known.
 */
static bool is_failure(const struct run *run, struct json_object *findings)
{
	const struct expectation *known = run_known_defect(run);

	if (run->kind == RUN_ARMED || count_proofs(findings) == 0)
		return false;
	return run->kind == RUN_MUTANT || !known || !is_expected(known, findings);
}

struct json_object *run_get_findings(struct run *run)
{
	struct json_object *findings;

	run_must(run, client_findings(run->client, run->pasid, &findings),
		 "get findings");
	return findings;
}

struct json_object *run_get_sites(struct run *run)
{
	struct json_object *sites;

	run_must(run, client_sites(run->client, run->pasid, &sites), "get sites");
	return sites;
}

/* What a run that ends early has found until then; NULL if that is not known. */
static struct json_object *findings_so_far(struct run *run)
{
	struct json_object *findings;

	if (!run->pasid || !run->client || !client_connected(run->client) ||
	    client_findings(run->client, run->pasid, &findings))
		return NULL;
	return findings;
}

static void end_early(struct run *run, const char *verdict, const char *format,
		      va_list args) __attribute__((noreturn));

static void end_early(struct run *run, const char *verdict, const char *format,
		      va_list args)
{
	struct json_object *result, *findings = findings_so_far(run);
	char why[512], reason[600];

	vsnprintf(why, sizeof(why), format, args);
	if (findings && is_failure(run, findings)) {
		snprintf(reason, sizeof(reason),
			 "%zu findings; the run did not get to its end: %s",
			 json_object_array_length(findings), why);
		result = run_new_result(run->kind, "fail", reason);
		json_object_object_add(result, "rounds",
				       json_object_new_int(run->round));
		json_object_object_add(result, "ops",
				       json_object_new_int(run->round));
		json_object_object_add(result, "findings", findings);
	} else {
		result = run_new_result(run->kind, verdict, why);
	}
	write_result(run, result);
	_exit(0);
}

void run_skip(struct run *run, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	end_early(run, "skip", format, args);
}

void run_broken(struct run *run, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	end_early(run, "broken", format, args);
}

void run_must(struct run *run, int err, const char *what)
{
	if (err)
		run_broken(run, "%s: %s", what, client_error(run->client));
}

struct json_object *run_get_pasid(struct run *run)
{
	struct json_object *pasid;

	run_must(run, client_pasid(run->client, run->pasid, &pasid), "get PASID");
	return pasid;
}

uint64_t run_get_count(struct run *run, const char *key)
{
	struct json_object *pasid = run_get_pasid(run);
	uint64_t count = get_number(pasid, key);

	json_object_put(pasid);
	return count;
}

/* The module's findings, and the one that the scenario made itself. */
static struct json_object *all_findings(struct run *run,
					struct json_object *pasid)
{
	struct json_object *findings = run_get_findings(run);
	size_t nr = json_object_array_length(findings);

	if (run->lost.nr > 0)
		json_object_array_add(findings, lost_stores_finding(
			&run->lost, run->pasid, nr + 1,
			get_number(pasid, "suppressed-stores")));
	return findings;
}

static struct json_object *get_threads(struct run *run)
{
	struct json_object *threads;

	run_must(run, client_threads(run->client, run->pasid, &threads),
		 "get threads");
	return threads;
}

void run_finish(struct run *run)
{
	struct json_object *pasid = run_get_pasid(run);
	const struct evidence evidence = {
		.kind = run->kind,
		.operations = &run->operations,
		.mutants = run->mutants,
		.nr_mutants = run->nr_mutants,
		.known = run_known_defect(run),
		.checked = run->checked,
		.findings = all_findings(run, pasid),
		.sites = run_get_sites(run),
		.pasid = pasid,
	};
	char reason[DEVTLB_CHAIN_MAX + 256];
	const char *verdict = judge(&evidence, reason, sizeof(reason));
	struct json_object *result = run_new_result(run->kind, verdict, reason);

	add_signatures(evidence.findings, client_callback(run->client),
		       evidence.sites);
	json_object_object_add(result, "rounds",
			       json_object_new_int(run->round));
	if (json_object_array_length(evidence.findings) > 0)
		json_object_object_add(result, "ops",
				       json_object_new_int(run->round));
	json_object_object_add(result, "seconds",
			       json_object_new_double(seconds_since(&run->start)));
	/* A clean run has no sites of mutants that it could reach. */
	if (run->nr_mutants > 0)
		json_object_object_add(result, "reached", json_object_new_boolean(
			mutants_reached(&evidence)));
	if (run->kind == RUN_ARMED)
		set_string(result, "caught", rules_caught(&evidence));
	json_object_object_add(result, "withheld", withheld_sites(&evidence));
	json_object_object_add(result, "operations",
			       operations_to_json(&run->operations));
	json_object_object_add(result, "findings", evidence.findings);
	json_object_object_add(result, "sites", evidence.sites);
	json_object_object_add(result, "threads", get_threads(run));
	json_object_object_add(result, "pasid", evidence.pasid);
	write_result(run, result);
}
