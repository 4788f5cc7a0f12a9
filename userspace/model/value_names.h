/* SPDX-License-Identifier: GPL-2.0-only */
/* Generated from uapi/devtlb.yaml by uapi/generate: change that. */
#ifndef VALUE_NAMES_H
#define VALUE_NAMES_H

/* By value, as on the command line and in JSON; they end with NULL. */
extern const char * const callback_names[];
extern const char * const op_names[];
extern const char * const thread_state_names[];
extern const char * const mutant_names[];
extern const char * const only_names[];
extern const char * const rule_names[];
extern const char * const breach_names[];

#endif /* VALUE_NAMES_H */
