/* SPDX-License-Identifier: MIT */
/* Decimal digits, as descriptions of fields and names of segments have them. Inside the library
 * only. */
#ifndef EVH_SRC_PUT_DECIMAL_H
#define EVH_SRC_PUT_DECIMAL_H

#include <stdint.h>

#define EVH_DECIMAL_MAX 20 /* digits of 64 bits */

/* Without leading zeros and without an end; returns what is behind the digits. */
static inline char *evh_put_decimal(char *out, uint64_t value)
{
	char digits[EVH_DECIMAL_MAX];
	char *first = digits + sizeof(digits);

	do {
		*--first = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	while (first < digits + sizeof(digits))
		*out++ = *first++;
	return out;
}

#endif
