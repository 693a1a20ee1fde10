/* golden.h — the model of the templates and descriptors that the tests of view/ render. */
#pragma once
#include "base/base.h"
struct golden_row { str no, title; money price; instant at; };
struct golden {
	str title, link, text;
	html mark;
	json vals;
	bool yes;
	day on;
	instant at;
	money price;
	struct golden_row *row;
	size_t n;
};
