/* entitlement_web.h — what the two web files of the room share. */
#pragma once
#include "slice/entitlement/entitlement_view.h"

extern const struct view policy_list_view, policy_view, policy_diff_view, policy_form_view, replay_view;
extern const struct view covered_view;
handler covered_show, covered_ask;
extern const struct form compare_form, replay_form, close_form;
handler policies_show, policy_show, policy_add, policy_form_show, policy_form_again, policy_compare, policy_end, replay_show, replay_draft;
#define POLICY_ROUTES \
	{ "GET", "/policies", PERM_DEVICE_READ, 0, NULL, policies_show, &policy_list_view, .summary = "Warranty policies in all versions" }, \
	{ "POST", "/policies", PERM_POLICY, 0, &policy_form, policy_add, &policy_list_view, .again = policy_form_again, .summary = "Bring in a policy or a list of them as JSON, whole or not at all" }, \
	{ "GET", "/policies/new", PERM_POLICY, R_PAGE, NULL, policy_form_show, &policy_form_view, .summary = "Form to bring in a policy" }, \
	{ "GET", "/policies/replay", PERM_POLICY, 0, &replay_form, replay_show, &replay_view, .summary = "Verdicts kept, given again under today's policies" }, \
	{ "POST", "/policies/try", PERM_POLICY, R_READ, &policy_form, replay_draft, &replay_view, .again = policy_form_again, .summary = "Verdicts kept, given again under a draft; nothing is stored" }, \
	{ "GET", "/policies/{code}", PERM_DEVICE_READ, 0, NULL, policy_show, &policy_view, .summary = "The latest version of a policy" }, \
	{ "GET", "/policies/{code}/compare", PERM_DEVICE_READ, 0, &compare_form, policy_compare, &policy_diff_view, .summary = "Two versions of a policy line by line" }, \
	{ "GET", "/policies/{code}/{version}", PERM_DEVICE_READ, 0, NULL, policy_show, &policy_view, .summary = "One version of a policy" }, \
	{ "POST", "/policies/{code}/{version}/end", PERM_POLICY, 0, &close_form, policy_end, &policy_view, .again = policy_show, .summary = "Set the last day of a version" },
