/* sla_tables.c — names and titles of the words of service levels. */
#include "slice/sla/sla_int.h"

#define X(id, name, title) name,
const char *const sla_kinds[] = { SLA_KINDS(X) NULL };
#undef X
#define X(id, name, title) title,
const char *const sla_kind_titles[] = { SLA_KINDS(X) NULL };
#undef X

const char *const sla_tiers[] = { "customer", "station", "region", "hq", NULL };
const char *const sla_tier_titles[] = { N_("Promise to the customer"), N_("Station"), N_("Region"), N_("Headquarters"), NULL };
const char *const sla_parties[] = { "customer", "courier", "maker", "station", "none", NULL };
const char *const sla_party_titles[] = { N_("Customer"), N_("Courier"), N_("Maker or parts"), N_("Station"), N_("Nobody"), NULL };
const char *const sla_ends[] = { "answer", "date", "arrival", "manual", NULL };
const char *const sla_end_titles[] = { N_("Customer answers"), N_("Date reached"), N_("Part or parcel arrives"), N_("Ended by hand"), NULL };
const char *const sla_priorities[] = { "low", "normal", "high", "urgent", NULL };
const char *const sla_priority_titles[] = { N_("Low"), N_("Normal"), N_("High"), N_("Urgent"), NULL };
const char *const sla_areas[] = { "city", "surroundings", "province", NULL };
const char *const sla_area_titles[] = { N_("City"), N_("Surroundings"), N_("Other provinces"), NULL };
const char *const sla_bases[] = { "contract", "customer", "product", "brand", "station", "default", NULL };
const char *const sla_basis_titles[] = { N_("Contract"), N_("Customer"), N_("Product"), N_("Brand"), N_("Station"), N_("Default"), NULL };
const char *const sla_whats[] = { "warn", "breach", "escalate", "resumed", "moved", NULL };
const char *const sla_whys[] = { "started", "paused", "resumed", "reopened", "calendar", "facts", "level", NULL };
