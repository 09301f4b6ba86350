/* SPDX-License-Identifier: MIT */
/* The same library in C++, where the inline function makes a symbol that all libraries share. */
#include "plugin.c"
