/* SPDX-License-Identifier: MIT */
/* The same tests in C++: one header serves both languages, so one text tests it in both. */
#include "strings.c"
