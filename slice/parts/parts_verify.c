/* parts_verify.c — proves the books: ledger, balances, serials, reservations, goods in transit, old parts. */
#include "slice/parts/parts_int.h"

struct odd { int64_t id, part_id, qty, value, ledger_qty, ledger_value; str warehouse, bin; };
#define D(m) FIELD(struct odd, m)
static const struct field odd_fields[] = { D(id), D(part_id), D(qty), D(value), D(ledger_qty), D(ledger_value), D(warehouse), D(bin), { 0 } };

static str bad_move(struct ctx *c, const struct odd *o)
{
	return arena_fmt(c->a, "stock movement %lld: %lld lines, sum %lld, instead of two that sum to zero", (long long)o->id, (long long)o->qty, (long long)o->value);
}

static str bad_use(struct ctx *c, const struct odd *o)
{
	return arena_fmt(c->a, "part use %lld: %lld pieces but %lld old parts", (long long)o->id, (long long)o->qty, (long long)o->value);
}

static str bad_place(struct ctx *c, const struct odd *o)
{
	return arena_fmt(c->a, "part %lld in %.*s (%.*s): %lld pieces, expected %lld; value %lld, expected %lld", (long long)o->part_id, STR_ARG(o->warehouse), STR_ARG(o->bin),
		(long long)o->qty, (long long)o->ledger_qty, (long long)o->value, (long long)o->ledger_value);
}

static const struct { const struct sql *q; const char *what; str (*words)(struct ctx *c, const struct odd *o); } proofs[] = {
	{ &q_verify_moves, "ledger", bad_move },
	{ &q_verify_balances, "balance and ledger", bad_place },
	{ &q_verify_orphans, "ledger without balance", bad_place },
	{ &q_verify_serials, "balance and serial numbers", bad_place },
	{ &q_verify_reserved, "reserved and requisitions", bad_place },
	{ &q_verify_transit, "in transit and requisitions", bad_place },
	{ &q_verify_old, "old parts", bad_use },
};

enum err parts_verify(struct ctx *c, struct parts_check *v)
{
	struct odd *o;
	size_t n;

	v->differences = 0;
	for (size_t i = 0; i < LEN(proofs); i++) {
		TRY(db_rows(c, proofs[i].q, BIND(), odd_fields, sizeof *o, 1000, &o, &n));
		for (size_t k = 0; k < n; k++)
			v->found(v->arg, arena_fmt(c->a, "%s: %.*s", proofs[i].what, STR_ARG(proofs[i].words(c, &o[k]))));
		v->differences += (int64_t)n;
	}
	return ERR_OK;
}
