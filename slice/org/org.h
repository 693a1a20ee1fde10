/* org.h — the service network: tiers, stations, their areas and authorisations, divisions, staff certificates and roster. [N1–N6]
 *
 * Owns org, org_file, org_area, org_brand, division, staff_cert, roster. Rows of other departments belong to an org; a reader with
 * SIGHT_ORG sees those whose org path starts with theirs. Coordinates are micro-degrees (WGS-84), NIL when unknown. */
#pragma once
#include "base/base.h"
#include "db/db.h"

enum org_kind { ORG_HQ, ORG_REGION, ORG_STATION, ORG_KIND_N };
extern const char *const org_kind_names[ORG_KIND_N + 1];
extern const char *const org_kind_titles[ORG_KIND_N];  /* N_() */
struct org_brand { int64_t org_id; str brand; int64_t level; day from, until; };  /* level 1 swap modules … 4 chip; until none = open */
struct org_area { int64_t org_id; str division, name; };
struct org {
	int64_t id, ver, parent_id;
	int kind;                                      /* enum org_kind */
	str code, name, name_en, path;                 /* path "1.3.12." */
	str address, phone;
	int64_t lat, lon;                              /* micro-degrees */
	int64_t calendar_id;                           /* opening hours, NIL = the setting's calendar */
	int64_t capacity;                              /* jobs a day, NIL = not limited */
	bool active;
	struct org_area *areas; size_t n_areas;
	struct org_brand *brands; size_t n_brands;
};
extern const struct field org_fields[];
/* The name in the reader's language. */
str org_title(const struct ctx *c, const struct org *o);

/* ERR_INVALID names the field (code taken, parent of a wrong kind, unknown division, coordinates out of range). */
MUST enum err org_add(struct ctx *c, const struct org *o, int64_t *ret_id);
/* Replaces the row with its areas and brands; a changed parent moves the whole branch. ERR_CONFLICT: stale ver. */
MUST enum err org_save(struct ctx *c, const struct org *o);
MUST enum err org_get(struct ctx *c, int64_t id, struct org *out);         /* with areas and brands */
MUST enum err org_head(struct ctx *c, int64_t id, struct org *out);        /* without */
MUST enum err org_by_code(struct ctx *c, str code, struct org *out);
MUST enum err org_root(struct ctx *c, struct org *out);                    /* ERR_NOT_FOUND in an empty network */
/* In tree order (path); kind -1 = all; under: path prefix, absent = all. Without areas and brands; at most 2000. */
MUST enum err org_list(struct ctx *c, int kind, str under, struct org **ret, size_t *ret_n);
/* The org a level up that is of this kind (a station's region); ERR_NOT_FOUND at the top. */
MUST enum err org_above(struct ctx *c, int64_t id, enum org_kind kind, struct org *out);
/* For things that belong to a place: like sight_of, but who sees only their own work sees their place's things too (own says whose, NIL: any).
 * NOT_FOUND: customers, nobodies. */
MUST enum err org_sight(struct ctx *c, struct in_sight *ret);

/* ---- whose files: customers and devices are seen where an order or a registration of theirs lies, and above it [N5] ---- */
#define ORG_CUSTOMER S("customer")
#define ORG_DEVICE S("device")
/* From now on the place of this path, and those above it short of headquarters, hold the file. Harmless when they do already. */
MUST enum err org_holds(struct ctx *c, str kind, int64_t id, str path);
/* The same for who registers it, when they work at a place. */
MUST enum err org_registers(struct ctx *c, str kind, int64_t id);
MUST enum err org_holds_merged(struct ctx *c, str kind, int64_t keep, int64_t drop);
/* Value of a statement's gate `org`: whose files the reader sees; NIL: no place bounds them, -1: nobody's. */
int64_t org_gate(const struct ctx *c);
/* Departments that keep copies of paths; listed by the app, NULL-terminated. */
struct org_moved { const char *name; enum err (*on)(struct ctx *c, str old_path, str new_path); };
extern const struct org_moved *const org_moved[];

/* ---- who serves where ---- */
struct org_hit { struct org org; /* first: its fields serve both */ int64_t distance_m; /* from the asked place, NIL unknown */ int64_t extra_m; /* travel beyond their own area: 0 inside, else the whole way [N3] */ bool own_area; };
extern const struct field org_hit_fields[];
int64_t org_distance_m(int64_t lat1, int64_t lon1, int64_t lat2, int64_t lon2);    /* great circle, metres */
/* Active stations by distance; brand absent = any, else authorised today at `level` or above;
 * a station without any brand listed is not bound to brands. */
MUST enum err org_nearest(struct ctx *c, int64_t lat, int64_t lon, str brand, int64_t level, int n, struct org_hit **ret, size_t *ret_n);
/* Stations for a division code, best first: those whose area contains it (deepest match first), else the nearest authorised neighbours [N3]. */
MUST enum err org_for_area(struct ctx *c, str division, str brand, int64_t level, int n, struct org_hit **ret, size_t *ret_n);

/* ---- administrative divisions ---- */
struct division { str code, parent, name, full_name, pinyin; int64_t level; int64_t lat, lon; };  /* level 1 province … 4 township */
extern const struct field division_fields[];
MUST enum err division_put(struct ctx *c, const struct division *d);       /* adds or replaces; coordinates that are not given stay */
str division_short(str code);                                             /* 330100000000 and 330100 are 3301 */
MUST enum err division_get(struct ctx *c, str code, struct division *out);
/* By the start of name, full name or pinyin, or by code; at most 20. */
MUST enum err division_find(struct ctx *c, str text, struct division **ret, size_t *ret_n);
/* The deepest division whose name stands in an address (杭州市西湖区…). ERR_NOT_FOUND when none does. */
MUST enum err division_of_address(struct ctx *c, str address, struct division *out);

/* ---- staff: certificates and roster [N6] ---- */
struct cert { int64_t id, user_id; str skill, number; int64_t level; day from, until; };
extern const struct field cert_fields[];
MUST enum err cert_put(struct ctx *c, const struct cert *ct, int64_t *ret_id);     /* id NIL = new */
MUST enum err cert_remove(struct ctx *c, int64_t user_id, int64_t id);
MUST enum err cert_list(struct ctx *c, int64_t user_id, struct cert **ret, size_t *ret_n);
/* Holds a valid certificate of the skill on that day. */
MUST enum err cert_valid(struct ctx *c, int64_t user_id, str skill, int64_t level, day on, bool *ret);
enum shift { SHIFT_OFF, SHIFT_DAY, SHIFT_EARLY, SHIFT_LATE, SHIFT_NIGHT, SHIFT_DUTY, SHIFT_LEAVE, SHIFT_N };
extern const char *const shift_names[SHIFT_N + 1];
extern const char *const shift_titles[SHIFT_N];
struct shift_row { int64_t user_id; day on; int shift; int64_t org_id; str name; };
MUST enum err roster_set(struct ctx *c, int64_t user_id, int64_t org_id, day on, enum shift s);
MUST enum err roster_list(struct ctx *c, str org_path, day from, day until, struct shift_row **ret, size_t *ret_n);
MUST enum err roster_on(struct ctx *c, int64_t user_id, day on, enum shift *ret, bool *ret_set);

/* One row of `import stations`: columns code parent kind name name_en address phone lat lon areas brands capacity (areas and brands
 * separated by ';' or lines, a brand as NAME:LEVEL:FROM:UNTIL, all but the name optional). Adds or updates by code; errors name the column. */
struct org_row { str code, parent, kind, name, name_en, address, phone, lat, lon, areas, brands, capacity; };
MUST enum err org_import_row(struct ctx *c, const struct org_row *r);
