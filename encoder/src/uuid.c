/* SPDX-License-Identifier: MIT */
/*
 * UUIDs: random, from a provider's name, from and to text, from and to a GUID.
 *
 * The SHA-1 here names things; it must never be used where somebody could gain by a collision.
 */
#include <errno.h>
#include <string.h>

#include <evh/uuid.h>

#include "capitals.h"
#include "syscall.h"

int evh_uuid_random(uint8_t uuid[16])
{
	uint8_t fresh[16] = { 0 };
	long got = EVH_SYSCALL3(SYS_getrandom, fresh, sizeof(fresh), 1 /* GRND_NONBLOCK */);

	if (got != sizeof(fresh))
		return got < 0 ? (int)got : -EAGAIN;
	fresh[6] = (uint8_t)((fresh[6] & 0x0f) | 0x40); /* version 4 */
	fresh[8] = (uint8_t)((fresh[8] & 0x3f) | 0x80); /* variant of RFC 4122 */
	memcpy(uuid, fresh, sizeof(fresh));
	return 0;
}

/* SHA-1 (FIPS 180-4) over bytes that come one by one. */
struct sha1 {
	uint32_t state[5];
	uint64_t size;
	uint8_t block[64];
};

static uint32_t rotate(uint32_t value, unsigned bits)
{
	return value << bits | value >> (32 - bits);
}

static uint32_t choose(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
	if (round < 20)
		return ((b & c) | (~b & d)) + 0x5a827999;
	if (round < 40)
		return (b ^ c ^ d) + 0x6ed9eba1;
	if (round < 60)
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	return (b ^ c ^ d) + 0xca62c1d6;
}

static void sha1_block(struct sha1 *sha)
{
	uint32_t schedule[80], s[5];

	for (size_t i = 0; i < 16; i++)
		schedule[i] = (uint32_t)sha->block[4 * i] << 24 |
			      (uint32_t)sha->block[4 * i + 1] << 16 |
			      (uint32_t)sha->block[4 * i + 2] << 8 | sha->block[4 * i + 3];
	for (unsigned i = 16; i < 80; i++)
		schedule[i] = rotate(
			schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16], 1);
	memcpy(s, sha->state, sizeof(s));
	for (unsigned i = 0; i < 80; i++) {
		uint32_t next = rotate(s[0], 5) + choose(i, s[1], s[2], s[3]) + s[4] + schedule[i];

		s[4] = s[3];
		s[3] = s[2];
		s[2] = rotate(s[1], 30);
		s[1] = s[0];
		s[0] = next;
	}
	for (unsigned i = 0; i < 5; i++)
		sha->state[i] += s[i];
}

static void sha1_byte(struct sha1 *sha, uint8_t byte)
{
	sha->block[sha->size++ % 64] = byte;
	if (sha->size % 64 == 0)
		sha1_block(sha);
}

static void sha1_finish(struct sha1 *sha)
{
	uint64_t bits = sha->size * 8;

	sha1_byte(sha, 0x80);
	while (sha->size % 64 != 56)
		sha1_byte(sha, 0);
	for (int shift = 56; shift >= 0; shift -= 8)
		sha1_byte(sha, (uint8_t)(bits >> shift));
}

static void sha1_utf16(struct sha1 *sha, uint32_t unit)
{
	sha1_byte(sha, (uint8_t)(unit >> 8));
	sha1_byte(sha, (uint8_t)unit);
}

/* The next character of UTF-8, or U+FFFD for a byte that begins none. */
static uint32_t next_character(const char **text)
{
	const uint8_t *at = (const uint8_t *)*text;
	unsigned more = *at >= 0xf0 && *at < 0xf8 ? 3 : *at >= 0xe0 ? 2 : *at >= 0xc0 ? 1 : 0;
	uint32_t character = more ? *at & (0x3fU >> more) : *at;

	++*text;
	if (*at >= 0xf8 || (*at >= 0x80 && !more))
		return 0xfffd;
	for (unsigned i = 1; i <= more; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0xfffd;
		character = character << 6 | (at[i] & 0x3f);
	}
	*text += more;
	return character;
}

void evh_uuid_from_name(uint8_t uuid[16], const char *name)
{
	/* The name space of this rule: 482c2db2-c390-47c8-87f8-1a15bfc130fb. */
	static const uint8_t name_space[16] = { 0x48, 0x2c, 0x2d, 0xb2, 0xc3, 0x90, 0x47, 0xc8,
						0x87, 0xf8, 0x1a, 0x15, 0xbf, 0xc1, 0x30, 0xfb };
	struct sha1 sha = {
		.state = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 },
	};
	uint8_t guid[16];

	for (size_t i = 0; i < sizeof(name_space); i++)
		sha1_byte(&sha, name_space[i]);
	while (*name) {
		uint32_t character = next_character(&name);

		character = evh_capital(character);
		if (character >= 0x10000) {
			sha1_utf16(&sha, 0xd800 + ((character - 0x10000) >> 10));
			sha1_utf16(&sha, 0xdc00 + (character & 0x3ff));
		} else {
			sha1_utf16(&sha, character);
		}
	}
	sha1_finish(&sha);
	for (unsigned i = 0; i < sizeof(guid); i++)
		guid[i] = (uint8_t)(sha.state[i / 4] >> (24 - 8 * (i % 4)));
	/* The rule reads the hash as a GUID in memory; its version stands in data3. */
	guid[7] = (uint8_t)((guid[7] & 0x0f) | 0x50);
	evh_uuid_from_guid_le(uuid, guid);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int evh_uuid_parse(uint8_t uuid[16], const char *text)
{
	uint8_t parsed[16];
	bool braces = *text == '{';
	bool hyphens;

	text += braces;
	hyphens = strnlen(text, 9) == 9 && text[8] == '-';
	for (unsigned i = 0; i < 16; i++) {
		int high, low;

		if (hyphens && (i == 4 || i == 6 || i == 8 || i == 10) && *text++ != '-')
			return -EINVAL;
		high = hex_digit(text[0]);
		low = high < 0 ? -1 : hex_digit(text[1]);
		if (low < 0)
			return -EINVAL;
		parsed[i] = (uint8_t)(high << 4 | low);
		text += 2;
	}
	if (braces && *text++ != '}')
		return -EINVAL;
	if (*text)
		return -EINVAL;
	memcpy(uuid, parsed, sizeof(parsed));
	return 0;
}

void evh_uuid_from_fields(uint8_t uuid[16], uint32_t data1, uint16_t data2, uint16_t data3,
			  const uint8_t data4[8])
{
	for (unsigned i = 0; i < 4; i++)
		uuid[i] = (uint8_t)(data1 >> (24 - 8 * i));
	uuid[4] = (uint8_t)(data2 >> 8);
	uuid[5] = (uint8_t)data2;
	uuid[6] = (uint8_t)(data3 >> 8);
	uuid[7] = (uint8_t)data3;
	memmove(uuid + 8, data4, 8); /* which may be its own */
}

void evh_uuid_from_guid_le(uint8_t uuid[16], const uint8_t guid[16])
{
	evh_uuid_from_fields(uuid,
			     (uint32_t)guid[3] << 24 | (uint32_t)guid[2] << 16 |
				     (uint32_t)guid[1] << 8 | guid[0],
			     (uint16_t)(guid[5] << 8 | guid[4]), (uint16_t)(guid[7] << 8 | guid[6]),
			     guid + 8);
}

void evh_uuid_to_fields(const uint8_t uuid[16], uint32_t *data1, uint16_t *data2, uint16_t *data3,
			uint8_t data4[8])
{
	*data1 = (uint32_t)uuid[0] << 24 | (uint32_t)uuid[1] << 16 | (uint32_t)uuid[2] << 8 |
		 uuid[3];
	*data2 = (uint16_t)(uuid[4] << 8 | uuid[5]);
	*data3 = (uint16_t)(uuid[6] << 8 | uuid[7]);
	memcpy(data4, uuid + 8, 8);
}

void evh_uuid_to_guid_le(uint8_t guid[16], const uint8_t uuid[16])
{
	/* Turning the three numbers around twice gives what there was. */
	evh_uuid_from_guid_le(guid, uuid);
}

void evh_uuid_format(char text[EVH_UUID_TEXT_SIZE], const uint8_t uuid[16])
{
	static const char digits[] = "0123456789abcdef";

	for (unsigned i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*text++ = '-';
		*text++ = digits[uuid[i] >> 4];
		*text++ = digits[uuid[i] & 0xf];
	}
	*text = 0;
}
