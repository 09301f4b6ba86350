/* SPDX-License-Identifier: MIT */
/*
 * The preprocessor's part of provider.h: applying a macro to each item of a list, and the options
 * that an item may carry. Knows tuples and nothing else: no types, no code.
 *
 * An item of a list is a tuple whose first word is its kind:
 *	(evhi_none, 0)			nothing; closes every list, so that none is empty
 *	(evhi_option, ...)		level, keyword, opcode, id
 *	(evhi_activity, ...)		activity id, with or without a related one
 *	(evhi_tag, value)		of the event, a struct or a field
 *	(evhi_format, value)		of a field
 *	(evhi_field, ...)		a field or a struct, see field.h
 *
 * A macro never expands inside itself. That nested structs work rests on this: the arguments of a
 * macro are expanded completely before the macro itself is, so an inner list is plain text by the
 * time the outer one is looked at.
 */
#ifndef EVH_DETAIL_LIST_H
#define EVH_DETAIL_LIST_H

#define EVHI_UNPACK(...)	 __VA_ARGS__
#define EVHI_NO			 (evhi_none, 0)
#define EVHI_SECOND(...)	 EVHI_SECOND_1(__VA_ARGS__)
#define EVHI_SECOND_1(a, b, ...) b
#define EVHI_TEXT(x)		 EVHI_TEXT_1(x)
#define EVHI_TEXT_1(x)		 #x

/*
 * EVHI_EACH(M, item...): M(item) for each of 1 to 176 items, closing item included. Lists are cut
 * into blocks of 16, so that a compiler's trail of expansions stays short.
 */
#define EVHI_EACH(M, ...)	 EVHI_EACH_1(EVHI_BLOCKS(__VA_ARGS__), M, __VA_ARGS__)
#define EVHI_EACH_1(blocks, ...) EVHI_EACH_2(blocks, __VA_ARGS__)
#define EVHI_EACH_2(blocks, ...) EVHI_BLOCKS_##blocks(__VA_ARGS__)
#define EVHI_BLOCKS_0(M, ...)	 EVHI_REST(EVHI_LENGTH(__VA_ARGS__), M, __VA_ARGS__)
#define EVHI_BLOCKS_1(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                      \
	EVHI_ITEMS_16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                           \
	EVHI_BLOCKS_0(M, __VA_ARGS__)
#define EVHI_BLOCKS_2(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                      \
	EVHI_ITEMS_16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                           \
	EVHI_BLOCKS_1(M, __VA_ARGS__)
#define EVHI_BLOCKS_3(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                      \
	EVHI_ITEMS_16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                           \
	EVHI_BLOCKS_2(M, __VA_ARGS__)
#define EVHI_BLOCKS_4(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                      \
	EVHI_ITEMS_16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                           \
	EVHI_BLOCKS_3(M, __VA_ARGS__)
#define EVHI_BLOCKS_5(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                      \
	EVHI_ITEMS_16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                           \
	EVHI_BLOCKS_4(M, __VA_ARGS__)
#define EVHI_BLOCKS_6(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                      \
	EVHI_ITEMS_16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                           \
	EVHI_BLOCKS_5(M, __VA_ARGS__)
#define EVHI_BLOCKS_7(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                      \
	EVHI_ITEMS_16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                           \
	EVHI_BLOCKS_6(M, __VA_ARGS__)
#define EVHI_BLOCKS_8(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                      \
	EVHI_ITEMS_16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                           \
	EVHI_BLOCKS_7(M, __VA_ARGS__)
#define EVHI_BLOCKS_9(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                      \
	EVHI_ITEMS_16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                           \
	EVHI_BLOCKS_8(M, __VA_ARGS__)
#define EVHI_BLOCKS_10(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                     \
	EVHI_ITEMS_16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                           \
	EVHI_BLOCKS_9(M, __VA_ARGS__)
#define EVHI_REST(length, ...)			   EVHI_REST_1(length, __VA_ARGS__)
#define EVHI_REST_1(length, ...)		   EVHI_ITEMS_##length(__VA_ARGS__)
#define EVHI_ITEMS_1(M, a)			   M(a)
#define EVHI_ITEMS_2(M, a, b)			   M(a) M(b)
#define EVHI_ITEMS_3(M, a, b, c)		   M(a) M(b) M(c)
#define EVHI_ITEMS_4(M, a, b, c, d)		   M(a) M(b) M(c) M(d)
#define EVHI_ITEMS_5(M, a, b, c, d, e)		   M(a) M(b) M(c) M(d) M(e)
#define EVHI_ITEMS_6(M, a, b, c, d, e, f)	   M(a) M(b) M(c) M(d) M(e) M(f)
#define EVHI_ITEMS_7(M, a, b, c, d, e, f, g)	   M(a) M(b) M(c) M(d) M(e) M(f) M(g)
#define EVHI_ITEMS_8(M, a, b, c, d, e, f, g, h)	   M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h)
#define EVHI_ITEMS_9(M, a, b, c, d, e, f, g, h, i) M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i)
#define EVHI_ITEMS_10(M, a, b, c, d, e, f, g, h, i, j)                                             \
	M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i) M(j)
#define EVHI_ITEMS_11(M, a, b, c, d, e, f, g, h, i, j, k)                                          \
	M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i) M(j) M(k)
#define EVHI_ITEMS_12(M, a, b, c, d, e, f, g, h, i, j, k, l)                                       \
	M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i) M(j) M(k) M(l)
#define EVHI_ITEMS_13(M, a, b, c, d, e, f, g, h, i, j, k, l, m)                                    \
	M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i) M(j) M(k) M(l) M(m)
#define EVHI_ITEMS_14(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n)                                 \
	M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i) M(j) M(k) M(l) M(m) M(n)
#define EVHI_ITEMS_15(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)                              \
	M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i) M(j) M(k) M(l) M(m) M(n) M(o)
#define EVHI_ITEMS_16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                           \
	M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i) M(j) M(k) M(l) M(m) M(n) M(o) M(p)

/* How many items a block has, 1 to 16. */
#define EVHI_LENGTH(...)                                                                           \
	EVHI_LENGTH_1(__VA_ARGS__, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, ~)
#define EVHI_LENGTH_1(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, length, ...) length

/* How many whole blocks stand before the last one. */
#define EVHI_BLOCKS(...)                                                                           \
	EVHI_BLOCKS_OF(__VA_ARGS__, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10,    \
		       10, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 8, 8, 8, 8, 8, 8, 8, 8, \
		       8, 8, 8, 8, 8, 8, 8, 8, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 6,  \
		       6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,  \
		       5, 5, 5, 5, 5, 5, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3, 3, 3,  \
		       3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,  \
		       2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0,  \
		       0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ~)
#define EVHI_BLOCKS_OF(                                                                            \
	a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, \
	a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33, a34, a35, a36, a37, a38,  \
	a39, a40, a41, a42, a43, a44, a45, a46, a47, a48, a49, a50, a51, a52, a53, a54, a55, a56,  \
	a57, a58, a59, a60, a61, a62, a63, a64, a65, a66, a67, a68, a69, a70, a71, a72, a73, a74,  \
	a75, a76, a77, a78, a79, a80, a81, a82, a83, a84, a85, a86, a87, a88, a89, a90, a91, a92,  \
	a93, a94, a95, a96, a97, a98, a99, a100, a101, a102, a103, a104, a105, a106, a107, a108,   \
	a109, a110, a111, a112, a113, a114, a115, a116, a117, a118, a119, a120, a121, a122, a123,  \
	a124, a125, a126, a127, a128, a129, a130, a131, a132, a133, a134, a135, a136, a137, a138,  \
	a139, a140, a141, a142, a143, a144, a145, a146, a147, a148, a149, a150, a151, a152, a153,  \
	a154, a155, a156, a157, a158, a159, a160, a161, a162, a163, a164, a165, a166, a167, a168,  \
	a169, a170, a171, a172, a173, a174, a175, a176, blocks, ...)                               \
	blocks

/*
 * EVHI_OPTIONS(m, (kind, value), (kind, value), ...): m(format kind, format value, tag kind, tag
 * value, ...) with the two options of a field in that order, whichever way they were written.
 */
#define EVHI_OPTIONS(m, one, two, ...)                                                             \
	EVHI_OPTIONS_1(m, EVHI_UNPACK one, EVHI_UNPACK two, __VA_ARGS__)
#define EVHI_OPTIONS_1(...)				 EVHI_OPTIONS_2(__VA_ARGS__)
#define EVHI_OPTIONS_2(m, k1, v1, k2, v2, ...)		 EVHI_OPTIONS_##k1##_##k2(m, v1, v2, __VA_ARGS__)
#define EVHI_OPTIONS_evhi_none_evhi_none(m, v1, v2, ...) m(evhi_none, 0, evhi_none, 0, __VA_ARGS__)
#define EVHI_OPTIONS_evhi_tag_evhi_none(m, v1, v2, ...)	 m(evhi_none, 0, evhi_tag, v1, __VA_ARGS__)
#define EVHI_OPTIONS_evhi_format_evhi_none(m, v1, v2, ...)                                         \
	m(evhi_format, v1, evhi_none, 0, __VA_ARGS__)
#define EVHI_OPTIONS_evhi_tag_evhi_format(m, v1, v2, ...)                                          \
	m(evhi_format, v2, evhi_tag, v1, __VA_ARGS__)
#define EVHI_OPTIONS_evhi_format_evhi_tag(m, v1, v2, ...)                                          \
	m(evhi_format, v1, evhi_tag, v2, __VA_ARGS__)

#endif
