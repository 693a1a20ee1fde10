/* demo_network.c — divisions, headquarters, regions, stations and everybody who works there. */
#include "app/demo.h"
#include "base/i18n.h"
#include "base/time.h"
#include "base/words.h"
#include "slice/account/account.h"
#include "slice/org/org.h"

enum { ROSTER_BACK = 7, ROSTER_AHEAD = 14, BRANDS_MAX = 5, CAPACITY = 14 };
static const char *const brands[BRANDS_MAX] = { "Lenovo", "Dell", "HP", "Huawei", "ASUS" };

/* ---- divisions ---- */

static enum err put_divisions(struct ctx *c)
{
	for (const char *const *p = demo_provinces; *p; p++) {
		str name = str_c(*p + 3), code = arena_fmt(c->a, "%.2s", *p);

		TRY(division_put(c, &(struct division){ .code = code, .name = name, .full_name = name, .level = 1, .lat = NIL, .lon = NIL }));
	}
	for (size_t i = 0; i < demo_cities_n; i++) {
		const struct demo_city *k = &demo_cities[i];
		str name = str_c(k->name), province = arena_fmt(c->a, "%.2s", k->code);
		struct division up;

		TRY(division_get(c, province, &up));
		TRY(division_put(c, &(struct division){ .code = str_c(k->code), .parent = province, .level = 2, .name = name, .lat = k->lat, .lon = k->lon,
			.full_name = str_eq(up.name, name) ? name : arena_join(c->a, (const str[]){ up.name, name }, 2, S("")) }));
	}
	return ERR_OK;
}

/* ---- places ---- */

static enum err keep_place(struct demo *d, struct ctx *c, const struct org *o, int region, const struct demo_city *city, struct demo_place *ret)
{
	struct org made;
	int64_t id;

	TRY(org_add(c, o, &id));
	TRY(org_get(c, id, &made));
	*ret = (struct demo_place){ id, arena_str(&d->keep, made.code), arena_str(&d->keep, made.path), region, city };
	return ERR_OK;
}

/* A city without a station is served by the nearest of its region. */
static const struct demo_city *served_from(const struct demo_city *city)
{
	const struct demo_city *best = NULL;
	int64_t best_m = INT64_MAX;

	for (size_t i = 0; i < demo_cities_n; i++) {
		const struct demo_city *k = &demo_cities[i];
		int64_t m = org_distance_m(k->lat, k->lon, city->lat, city->lon);

		if (k->station && k->region == city->region && m < best_m)
			best = k, best_m = m;
	}
	return best;
}

static enum err put_station(struct demo *d, struct ctx *c, const struct demo_city *k)
{
	struct org_area area[16];
	struct org_brand brand[BRANDS_MAX];
	str name = arena_fmt(c->a, "%.*s服务站", (int)(strlen(k->name) - strlen("市")), k->name), en = arena_fmt(c->a, "%s station", k->en);
	struct org o = { .parent_id = d->region[k->region].id, .kind = ORG_STATION, .code = arena_fmt(c->a, "ST%s", k->code), .name = name, .name_en = en,
		.address = demo_street(c->a, &d->r, k), .phone = arena_fmt(c->a, "400-000-%s", k->code), .calendar_id = NIL, .capacity = CAPACITY, .active = true,
		.lat = k->lat + (int64_t)demo_next(&d->r, 60000) - 30000, .lon = k->lon + (int64_t)demo_next(&d->r, 60000) - 30000, .areas = area, .brands = brand };

	for (size_t i = 0; i < demo_cities_n && o.n_areas < LEN(area); i++)
		if (served_from(&demo_cities[i]) == k)
			area[o.n_areas++] = (struct org_area){ .org_id = NIL, .division = str_c(demo_cities[i].code) };
	for (size_t i = 0; i < BRANDS_MAX; i++)
		if (i < 3 || demo_chance(&d->r, 70))
			brand[o.n_brands++] = (struct org_brand){ NIL, str_c(brands[i]), 1 + demo_next(&d->r, 4), { tz_day(c->who->zone, d->now).d - 700 }, NO_DAY };
	return keep_place(d, c, &o, k->region, k, &d->station[d->n_stations++]);
}

static const struct demo_city *city_named(const char *name)
{
	for (size_t i = 0; i < demo_cities_n; i++)
		if (!strcmp(demo_cities[i].name, name))
			return &demo_cities[i];
	BUG("demo: no city %s", name);
}

static enum err put_places(struct demo *d, struct ctx *c)
{
	const struct demo_city *capital = &demo_cities[0];
	struct org hq = { .parent_id = NIL, .kind = ORG_HQ, .code = S("HQ"), .name = S("总部呼叫中心"), .name_en = S("Headquarters"), .phone = S("400-000-0000"),
		.address = demo_street(c->a, &d->r, capital), .lat = capital->lat, .lon = capital->lon, .calendar_id = NIL, .capacity = NIL, .active = true };

	d->n_stations = 0;
	TRY(keep_place(d, c, &hq, -1, capital, &d->hq));
	for (int i = 0; i < DEMO_REGIONS; i++) {
		const struct demo_region *r = &demo_regions[i];
		const struct demo_city *k = city_named(r->city);
		struct org o = { .parent_id = d->hq.id, .kind = ORG_REGION, .code = str_c(r->code), .name = str_c(r->name), .name_en = str_c(r->en),
			.address = demo_street(c->a, &d->r, k), .phone = arena_fmt(c->a, "400-000-10%02d", i), .lat = k->lat, .lon = k->lon, .calendar_id = NIL,
			.capacity = NIL, .active = true };

		TRY(keep_place(d, c, &o, i, k, &d->region[i]));
	}
	for (size_t i = 0; i < demo_cities_n; i++)
		if (demo_cities[i].station)
			TRY(put_station(d, c, &demo_cities[i]));
	return ERR_OK;
}

/* ---- people ---- */

static bool login_taken(const struct demo *d, str login)
{
	for (size_t i = 0; i < d->n_staff; i++)
		if (str_eq(d->staff[i].login, login))
			return true;
	return false;
}

/* The name in pinyin, with a number where two are called alike. */
static str login_of(struct demo *d, str name)
{
	str spaced = pinyin(&d->keep, name), login;
	char *p = arena_alloc(&d->keep, spaced.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < spaced.n; i++)
		if (spaced.p[i] != ' ')
			p[n++] = spaced.p[i];
	login = (str){ p, n };
	for (int k = 2; login_taken(d, login); k++)
		login = arena_fmt(&d->keep, "%.*s%d", (int)n, p, k);
	return login;
}

/* login NULL: from the name. */
static enum err put_staff(struct demo *d, struct ctx *c, enum role role, const struct demo_place *at, int station, const char *login)
{
	struct demo_staff *s = &d->staff[d->n_staff];
	struct ctx lasting = *c;
	str mail;

	if (d->n_staff == DEMO_STAFF)
		BUG("demo: more than %d people", DEMO_STAFF);
	s->name = demo_person(&d->keep, &d->r);
	s->login = login ? str_c(login) : login_of(d, s->name);
	s->role = role;
	s->org_id = at->id;
	s->station = station;
	s->region = at->region;
	mail = arena_fmt(c->a, "%.*s@example.com", STR_ARG(s->login));
	TRY(user_add(c, &(struct user){ .login = s->login, .name = s->name, .phone = demo_mobile(c->a, &d->r), .email = mail, .lang = S("zh"), .active = true,
		.customer_id = NIL }, d->hash, &s->id));
	TRY(user_grant(c, s->id, role, at->id, at->path));
	lasting.a = &d->keep;
	TRY(account_actor(&lasting, s->id, &s->actor));
	d->n_staff++;
	return ERR_OK;
}

static enum err put_many(struct demo *d, struct ctx *c, enum role role, const struct demo_place *at, int station, const char *first, int n)
{
	for (int i = 0; i < n; i++)
		TRY(put_staff(d, c, role, at, station, i ? NULL : first));
	return ERR_OK;
}

/* The sample logins all belong together: the East region and its station in Hangzhou. */
static enum err put_people(struct demo *d, struct ctx *c)
{
	static const struct { enum role role; const char *login; int n; } central[] = {
		{ ROLE_ADMIN, "admin", 1 }, { ROLE_AGENT, "agent", 10 }, { ROLE_QUALITY, "quality", 2 }, { ROLE_FINANCE, "finance", 3 }, { ROLE_STOREKEEPER, NULL, 2 },
	};

	d->n_staff = 0;
	for (size_t i = 0; i < LEN(central); i++)
		TRY(put_many(d, c, central[i].role, &d->hq, -1, central[i].login, central[i].n));
	for (int i = 0; i < DEMO_REGIONS; i++) {
		bool sample = i == 1;

		TRY(put_staff(d, c, ROLE_REGIONAL_MANAGER, &d->region[i], -1, sample ? "regional_manager" : NULL));
		TRY(put_many(d, c, ROLE_DISPATCHER, &d->region[i], -1, sample ? "dispatcher" : NULL, 2));
	}
	for (size_t i = 0; i < d->n_stations; i++) {
		const struct demo_place *s = &d->station[i];
		bool sample = s->city == city_named("杭州市");

		TRY(put_staff(d, c, ROLE_STATION_HEAD, s, (int)i, sample ? "station_head" : NULL));
		TRY(put_many(d, c, ROLE_ENGINEER, s, (int)i, sample ? "engineer" : NULL, sample ? 5 : 2 + (int)demo_next(&d->r, 2)));
		TRY(put_staff(d, c, ROLE_STOREKEEPER, s, (int)i, sample ? "storekeeper" : NULL));
	}
	return ERR_OK;
}

static enum err put_skills(struct demo *d, struct ctx *c)
{
	static const char *const skills[] = { "notebook", "desktop", "printer", "server", "network", "data recovery", "low voltage work" };
	int64_t today = tz_day(c->who->zone, d->now).d, id;

	for (size_t i = 0; i < d->n_staff; i++) {
		const struct demo_staff *s = &d->staff[i];

		if (s->role != ROLE_ENGINEER)
			continue;
		for (size_t k = 0; k < LEN(skills); k++) {
			int64_t got = today - 30 - demo_next(&d->r, 900);

			if (k > 1 && !demo_chance(&d->r, 35))
				continue;
			TRY(cert_put(c, &(struct cert){ .id = NIL, .user_id = s->id, .skill = str_c(skills[k]), .number = arena_fmt(c->a, "C%06u", demo_next(&d->r, 1000000)),
				.level = 1 + demo_next(&d->r, 3), .from = { got }, .until = { got + 1095 } }, &id));
		}
		for (int64_t on = today - ROSTER_BACK; on < today + ROSTER_AHEAD; on++) {
			bool weekend = day_weekday((day){ on }) > 4;
			enum shift shift = demo_chance(&d->r, 3) ? SHIFT_LEAVE : !weekend ? SHIFT_DAY : demo_chance(&d->r, 40) ? SHIFT_DUTY : SHIFT_OFF;

			TRY(roster_set(c, s->id, s->org_id, (day){ on }, shift));
		}
	}
	return ERR_OK;
}

const struct demo_staff *demo_one(struct demo *d, enum role role, int station)
{
	const struct demo_staff *fit[DEMO_STAFF];
	size_t n = 0;

	for (int round = 0; round < 3 && !n; round++)
		for (size_t i = 0; i < d->n_staff; i++) {
			const struct demo_staff *s = &d->staff[i];
			bool near = station >= 0 && s->station < 0 && s->region == d->station[station].region;

			if (s->role == role && (round == 0 ? s->station == station && station >= 0 : round == 1 ? near : s->region < 0))
				fit[n++] = s;
		}
	return n ? fit[demo_next(&d->r, (uint32_t)n)] : NULL;
}

enum err demo_network(struct ctx *c, void *demo)
{
	struct demo *d = demo;

	c->now.ms = d->now.ms - 400 * 86400000LL;
	TRY(put_divisions(c));
	TRY(put_places(d, c));
	TRY(put_people(d, c));
	return put_skills(d, c);
}
