/* unit.h — what every NAME_test.c includes first. Tests are tables; CHECK_ROW names the row that failed. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail
#undef skip
#include "base/base.h"
/* _fail does not return; abort() tells the compiler so. */
#define CHECK(x) ((x) ? (void)0 : (print_error("%s:%d: %s\n", __FILE__, __LINE__, #x), _fail(__FILE__, __LINE__), abort()))
#define CHECK_ROW(row, x) ((x) ? (void)0 : (print_error("%s:%d: row %zu: %s\n", __FILE__, __LINE__, (size_t)(row), #x), _fail(__FILE__, __LINE__), abort()))
/* The number of tests run is counted from cmocka's closing lines. */
#define UNIT_GROUP(name, ...) \
	int name##_test(void); \
	int name##_test(void) { const struct CMUnitTest tests_[] = { __VA_ARGS__ }; return cmocka_run_group_tests_name(#name, tests_, NULL, NULL); }
#define T(fn) cmocka_unit_test(fn)
