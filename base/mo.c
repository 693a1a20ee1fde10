/* mo.c — the .mo format: a header of 32-bit numbers, sorted tables of (length, offset) and an open hash table. */
#include "base/mo.h"

enum { HEAD = 28, MAGIC_LE = (int)0x950412de, MAX_TEXTS = 1 << 20 };

static uint32_t u32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Each text of the table lies inside the file with its NUL. */
static bool table_sound(const unsigned char *p, size_t n, uint32_t at, uint32_t count)
{
	if (at > n || (n - at) / 8 < count)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t len = u32(p + at + 8 * i), off = u32(p + at + 8 * i + 4);

		if (off >= n || n - off <= len || p[off + len])
			return false;
	}
	return true;
}

/* Slots hold 0 or the number of a key; a free slot ends every search. */
static bool hash_sound(const unsigned char *p, size_t n, uint32_t at, uint32_t slots, uint32_t count)
{
	bool any_free = false;

	if (slots < 3 || at > n || (n - at) / 4 < slots)
		return false;
	for (uint32_t i = 0; i < slots; i++) {
		uint32_t k = u32(p + at + 4 * i);

		if (k > count)
			return false;
		any_free |= !k;
	}
	return any_free;
}

bool mo_open(struct mo *m, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	uint32_t count, keys, texts, slots, hash;

	if (n < HEAD || u32(p) != (uint32_t)MAGIC_LE || u32(p + 4) >> 16)
		return false;
	count = u32(p + 8);
	keys = u32(p + 12);
	texts = u32(p + 16);
	slots = u32(p + 20);
	hash = u32(p + 24);
	if (count > MAX_TEXTS || !table_sound(p, n, keys, count) || !table_sound(p, n, texts, count) || !hash_sound(p, n, hash, slots, count))
		return false;
	*m = (struct mo){ p, keys, texts, hash, slots };
	return true;
}

/* P. J. Weinberger's hash, as the format prescribes. */
static uint32_t hash_of(const char *s)
{
	uint32_t h = 0, high;

	for (; *s; s++) {
		h = (h << 4) + (unsigned char)*s;
		high = h & 0xF0000000u;
		h = (h ^ high >> 24) & ~high;
	}
	return h;
}

str mo_find(const struct mo *m, const char *key, const char **ret_key)
{
	uint32_t h, slot, step, k;
	size_t len = strlen(key);

	if (ret_key)
		*ret_key = NULL;
	if (!m->n_hash)
		return (str){ 0 };
	h = hash_of(key);
	slot = h % m->n_hash;
	step = 1 + h % (m->n_hash - 2);
	for (uint32_t tries = 0; tries < m->n_hash; tries++) {
		const unsigned char *row;

		k = u32(m->p + m->hash + 4 * slot);
		if (!k)
			break;
		row = m->p + m->keys + 8 * (k - 1);
		if (u32(row) == len && !memcmp(m->p + u32(row + 4), key, len)) {
			if (ret_key)
				*ret_key = (const char *)m->p + u32(row + 4);
			row = m->p + m->texts + 8 * (k - 1);
			return (str){ (const char *)m->p + u32(row + 4), u32(row) };
		}
		slot = slot >= m->n_hash - step ? slot - (m->n_hash - step) : slot + step;
	}
	return (str){ 0 };
}
