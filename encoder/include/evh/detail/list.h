/* SPDX-License-Identifier: MIT */
/*
 * The preprocessor's part of provider.h: applying a macro to each item of a list, and finding out
 * whether it is one. Knows tuples and nothing else: no types, no code.
 *
 * An item of a list is a tuple whose first word is its kind, see field.h; EVHI_NO closes every
 * list, so that none is empty. A macro M is applied to an item by writing it in front of the tuple.
 *
 * What costs a compiler time and memory here is the text of the items, which each macro on the way
 * carries along. So tuples are short, and a list is counted once: its length (`n`, a number up to
 * 16 or EVHI_LONG) goes along with it and names the macro that walks through it.
 *
 * A macro never expands inside itself. That nested structs work rests on this: the arguments of a
 * macro are expanded completely before the macro itself is, so an inner list is finished text by
 * the time the outer one is looked at.
 */
#ifndef EVH_DETAIL_LIST_H
#define EVH_DETAIL_LIST_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#define EVHI_UNPACK(...)	 __VA_ARGS__
#define EVHI_NO			 (evhi_no, 0)
#define EVHI_KIND(kind, ...)	 kind
#define EVHI_SECOND(...)	 EVHI_SECOND_1(__VA_ARGS__)
#define EVHI_SECOND_1(a, b, ...) b
#define EVHI_TEXT(...)		 #__VA_ARGS__
#define EVHI_CAT(a, b)		 EVHI_CAT_1(a, b)
#define EVHI_CAT_1(a, b)	 a##b

/* 1 for what begins with a tuple, 0 for everything else, also for nothing. */
#define EVHI_IS_TUPLE(x) EVHI_SECOND(EVHI_TUPLE x, 0, ~)
#define EVHI_TUPLE(...)	 ~, 1,

/* 1 for nothing and for what begins with a tuple; x must not end with the name of a macro. */
#define EVHI_IS_MISSING(x) EVHI_IS_TUPLE(x())

/* The tuple, or a mistake where an option was given no value. */
#define EVHI_GIVEN(name, value, tuple)                                                             \
	EVHI_CAT(EVHI_GIVEN_, EVHI_CAT(EVHI_IS_TUPLE(value), EVHI_IS_MISSING(value)))(name, tuple)
#define EVHI_GIVEN_00(name, tuple) tuple
#define EVHI_GIVEN_11(name, tuple) tuple
#define EVHI_GIVEN_01(name, tuple) (evhi_bad, name " is given no value")

/*
 * EVHI_COUNT(item...): how many there are, 1 to 16, or EVHI_LONG. The seventeenth argument is a
 * number only where the list is short.
 */
#define EVHI_COUNT(...)                                                                            \
	EVHI_COUNT_OF(__VA_ARGS__, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, ~)
#define EVHI_COUNT_OF(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, x, ...)                      \
	EVHI_CAT(EVHI_COUNT_, EVHI_IS_TUPLE(x))(x)
#define EVHI_COUNT_0(x) EVHI_SECOND(EVHI_NUMBER_##x, EVHI_LONG, ~)
#define EVHI_COUNT_1(x) EVHI_LONG
#define EVHI_NUMBER_1	~, 1
#define EVHI_NUMBER_2	~, 2
#define EVHI_NUMBER_3	~, 3
#define EVHI_NUMBER_4	~, 4
#define EVHI_NUMBER_5	~, 5
#define EVHI_NUMBER_6	~, 6
#define EVHI_NUMBER_7	~, 7
#define EVHI_NUMBER_8	~, 8
#define EVHI_NUMBER_9	~, 9
#define EVHI_NUMBER_10	~, 10
#define EVHI_NUMBER_11	~, 11
#define EVHI_NUMBER_12	~, 12
#define EVHI_NUMBER_13	~, 13
#define EVHI_NUMBER_14	~, 14
#define EVHI_NUMBER_15	~, 15
#define EVHI_NUMBER_16	~, 16

/* EVHI_FOR_<n>(M, item...): M in front of each item. */
#define EVHI_FOR_1(M, a)				M a
#define EVHI_FOR_2(M, a, b)				M a M b
#define EVHI_FOR_3(M, a, b, c)				M a M b M c
#define EVHI_FOR_4(M, a, b, c, d)			M a M b M c M d
#define EVHI_FOR_5(M, a, b, c, d, e)			M a M b M c M d M e
#define EVHI_FOR_6(M, a, b, c, d, e, f)			M a M b M c M d M e M f
#define EVHI_FOR_7(M, a, b, c, d, e, f, g)		M a M b M c M d M e M f M g
#define EVHI_FOR_8(M, a, b, c, d, e, f, g, h)		M a M b M c M d M e M f M g M h
#define EVHI_FOR_9(M, a, b, c, d, e, f, g, h, i)	M a M b M c M d M e M f M g M h M i
#define EVHI_FOR_10(M, a, b, c, d, e, f, g, h, i, j)	M a M b M c M d M e M f M g M h M i M j
#define EVHI_FOR_11(M, a, b, c, d, e, f, g, h, i, j, k) M a M b M c M d M e M f M g M h M i M j M k
#define EVHI_FOR_12(M, a, b, c, d, e, f, g, h, i, j, k, l)                                         \
	M a M b M c M d M e M f M g M h M i M j M k M l
#define EVHI_FOR_13(M, a, b, c, d, e, f, g, h, i, j, k, l, m)                                      \
	M a M b M c M d M e M f M g M h M i M j M k M l M m
#define EVHI_FOR_14(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n)                                   \
	M a M b M c M d M e M f M g M h M i M j M k M l M m M n
#define EVHI_FOR_15(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)                                \
	M a M b M c M d M e M f M g M h M i M j M k M l M m M n M o
#define EVHI_FOR_16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                             \
	M a M b M c M d M e M f M g M h M i M j M k M l M m M n M o M p

/* EVHI_TRY_<n>(M, item...): M(item) for each, whatever the items are. */
#define EVHI_TRY_1(M, a)			 M(a)
#define EVHI_TRY_2(M, a, b)			 M(a) M(b)
#define EVHI_TRY_3(M, a, b, c)			 M(a) M(b) M(c)
#define EVHI_TRY_4(M, a, b, c, d)		 M(a) M(b) M(c) M(d)
#define EVHI_TRY_5(M, a, b, c, d, e)		 M(a) M(b) M(c) M(d) M(e)
#define EVHI_TRY_6(M, a, b, c, d, e, f)		 M(a) M(b) M(c) M(d) M(e) M(f)
#define EVHI_TRY_7(M, a, b, c, d, e, f, g)	 M(a) M(b) M(c) M(d) M(e) M(f) M(g)
#define EVHI_TRY_8(M, a, b, c, d, e, f, g, h)	 M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h)
#define EVHI_TRY_9(M, a, b, c, d, e, f, g, h, i) M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i)
#define EVHI_TRY_10(M, a, b, c, d, e, f, g, h, i, j)                                               \
	M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i) M(j)
#define EVHI_TRY_11(M, a, b, c, d, e, f, g, h, i, j, k)                                            \
	M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i) M(j) M(k)
#define EVHI_TRY_12(M, a, b, c, d, e, f, g, h, i, j, k, l)                                         \
	M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i) M(j) M(k) M(l)
#define EVHI_TRY_13(M, a, b, c, d, e, f, g, h, i, j, k, l, m)                                      \
	M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i) M(j) M(k) M(l) M(m)
#define EVHI_TRY_14(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n)                                   \
	M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i) M(j) M(k) M(l) M(m) M(n)
#define EVHI_TRY_15(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)                                \
	M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i) M(j) M(k) M(l) M(m) M(n) M(o)
#define EVHI_TRY_16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                             \
	M(a) M(b) M(c) M(d) M(e) M(f) M(g) M(h) M(i) M(j) M(k) M(l) M(m) M(n) M(o) M(p)

/*
 * Both for up to 176 items, closing item included: in blocks of 16, so that a compiler's trail of
 * expansions stays short. F is the beginning of the name of one of the two.
 */
#define EVHI_FOR_EVHI_LONG(M, ...) EVHI_EACH(EVHI_BLOCKS(__VA_ARGS__), EVHI_FOR_, M, __VA_ARGS__)
#define EVHI_TRY_EVHI_LONG(M, ...) EVHI_EACH(EVHI_BLOCKS(__VA_ARGS__), EVHI_TRY_, M, __VA_ARGS__)
#define EVHI_EACH(blocks, ...)	   EVHI_CAT(EVHI_EACH_, EVHI_IS_TUPLE(blocks))(blocks, __VA_ARGS__)
#define EVHI_EACH_0(blocks, ...)   EVHI_EACH_2(blocks, __VA_ARGS__)
#define EVHI_EACH_2(blocks, ...)   EVHI_BLOCKS_##blocks(__VA_ARGS__)
/* An item in the place of the number: more than there may be. Only trying comes here. */
#define EVHI_EACH_1(blocks, ...)                                                                   \
	, evhi_bad, "more than 175 fields and options in one list: put some into an EVH_STRUCT",
#define EVHI_BLOCKS_0(F, M, ...) EVHI_REST(EVHI_LENGTH(__VA_ARGS__), F, M, __VA_ARGS__)
#define EVHI_BLOCKS_1(F, M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                   \
	F##16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)EVHI_BLOCKS_0(F, M, __VA_ARGS__)
#define EVHI_BLOCKS_2(F, M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                   \
	F##16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)EVHI_BLOCKS_1(F, M, __VA_ARGS__)
#define EVHI_BLOCKS_3(F, M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                   \
	F##16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)EVHI_BLOCKS_2(F, M, __VA_ARGS__)
#define EVHI_BLOCKS_4(F, M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                   \
	F##16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)EVHI_BLOCKS_3(F, M, __VA_ARGS__)
#define EVHI_BLOCKS_5(F, M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                   \
	F##16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)EVHI_BLOCKS_4(F, M, __VA_ARGS__)
#define EVHI_BLOCKS_6(F, M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                   \
	F##16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)EVHI_BLOCKS_5(F, M, __VA_ARGS__)
#define EVHI_BLOCKS_7(F, M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                   \
	F##16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)EVHI_BLOCKS_6(F, M, __VA_ARGS__)
#define EVHI_BLOCKS_8(F, M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                   \
	F##16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)EVHI_BLOCKS_7(F, M, __VA_ARGS__)
#define EVHI_BLOCKS_9(F, M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                   \
	F##16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)EVHI_BLOCKS_8(F, M, __VA_ARGS__)
#define EVHI_BLOCKS_10(F, M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                  \
	F##16(M, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)EVHI_BLOCKS_9(F, M, __VA_ARGS__)
#define EVHI_REST(length, F, ...)   EVHI_REST_1(length, F, __VA_ARGS__)
#define EVHI_REST_1(length, F, ...) F##length(__VA_ARGS__)

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

#endif
