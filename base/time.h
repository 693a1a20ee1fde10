/* time.h — civil dates, time zones from TZif, RFC 3339. All pure but tz_get, which reads zone files once. */
#pragma once
#include "base/base.h"
struct civil { int y, mo, d, h, mi, s, ms; };          /* month and day from 1 */
struct tz;
/* Zone by IANA name, cached for the process; NULL for unknown names and for names with ".." or a leading "/". Thread-safe. */
const struct tz *tz_get(str name);
str tz_name(const struct tz *z);
int tz_offset(const struct tz *z, instant t);          /* seconds east of UTC at t; NULL zone is UTC */
struct civil tz_civil(const struct tz *z, instant t);
/* Local civil time to instant. A time skipped by daylight saving moves forward by the gap; an ambiguous one takes the earlier. */
instant tz_instant(const struct tz *z, struct civil c);
day  tz_day(const struct tz *z, instant t);
day  day_of(int y, int mo, int d);                     /* months beyond 1…12 and days beyond the month count on */
void day_split(day t, int *ret_y, int *ret_mo, int *ret_d);
int  day_weekday(day d);                               /* 0 Monday … 6 Sunday */
/* Calendar arithmetic: 31 Jan + 1 month = last day of Feb; 29 Feb + 1 year = 28 Feb. */
day  day_add_months(day t, int months);
bool day_parse(str s, day *ret);                       /* YYYY-MM-DD, also YYYY/M/D, YYYY.M.D and YYYY年M月D日; must exist */
bool instant_parse(str s, const struct tz *z, instant *ret);   /* RFC 3339; without offset in zone z; "YYYY-MM-DD HH:MM" too */
str  day_iso(struct arena *a, day t);                  /* "" for none */
str  instant_iso(struct arena *a, const struct tz *z, instant t);   /* RFC 3339 with the zone's offset, ms only if any */
instant clock_now(void);                               /* for doors, jobs and commands: business code takes c->now */
int64_t clock_mono_us(void);
