/* SPDX-License-Identifier: MIT */
/* Capitals, without a locale. Inside the library only. */
#ifndef EVH_SRC_CAPITALS_H
#define EVH_SRC_CAPITALS_H

#include <stddef.h>
#include <stdint.h>

/* The capital form of a character if it has one of one character, else the character. */
uint32_t evh_capital(uint32_t character);

#endif
