/* SPDX-License-Identifier: MIT */
/*
 * jumps.S for aarch64. x16 and x17 are what a call may change on its way, and a jump through them may
 * go to where only calls may (BTI).
 */

/* Arguments, the place of a large result, and where the call returns to; 16 bytes stay free. */
	.macro	save_arguments
	paciasp_if_used
	stp	x29, x30, [sp, #-96]!
	.cfi_def_cfa_offset 96
	.cfi_offset 29, -96
	.cfi_offset 30, -88
	stp	x0, x1, [sp, #16]
	stp	x2, x3, [sp, #32]
	stp	x4, x5, [sp, #48]
	stp	x6, x7, [sp, #64]
	str	x8, [sp, #80]
	.endm

	.macro	restore_arguments
	ldp	x0, x1, [sp, #16]
	ldp	x2, x3, [sp, #32]
	ldp	x4, x5, [sp, #48]
	ldp	x6, x7, [sp, #64]
	ldr	x8, [sp, #80]
	ldp	x29, x30, [sp], #96
	.cfi_def_cfa_offset 0
	.cfi_restore 29
	.cfi_restore 30
	autiasp_if_used
	.endm

/* Both are hints, which do nothing on processors that don't know them. */
	.macro	paciasp_if_used
#if defined(__ARM_FEATURE_PAC_DEFAULT)
	hint	#25 /* paciasp */
	.cfi_negate_ra_state
#endif
	.endm

	.macro	autiasp_if_used
#if defined(__ARM_FEATURE_PAC_DEFAULT)
	hint	#29 /* autiasp */
	.cfi_negate_ra_state
#endif
	.endm

	.macro	function name
	.globl	\name
	.type	\name, %function
	.p2align 4
\name:
	.cfi_startproc
	hint	#34 /* bti c */
	.endm

	.macro	end_function name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.macro	load register, variable
	adrp	\register, \variable
	ldr	\register, [\register, #:lo12:\variable]
	.endm

	.text

/* As for x86_64: the bitmap first. */
function syscall
	cmp	w0, #512
	b.hs	1f
	adrp	x16, lt_syscall_numbers
	add	x16, x16, #:lo12:lt_syscall_numbers
	lsr	w17, w0, #6
	ldr	x16, [x16, x17, lsl #3]
	lsr	x16, x16, x0
	tbnz	x16, #0, 3f
1:	load	x16, lt_real_syscall
	cbz	x16, 2f
	br	x16
2:	save_arguments
	bl	lt_real_resolve
	restore_arguments
	load	x16, lt_real_syscall
	br	x16
3:	b	lt_syscall
end_function syscall

	.macro	syslog_function name, real, heard
function \name
	adrp	x16, lt_word
	ldr	w16, [x16, #:lo12:lt_word]
	cbnz	w16, 1f
	load	x16, \real
	cbz	x16, 1f
	br	x16
1:	b	\heard
end_function \name
	.endm

syslog_function syslog, lt_real_syslog, lt_syslog
syslog_function __syslog_chk, lt_real_syslog_chk, lt_syslog_chk

	.macro	jump_to real, find
	load	x16, \real
	cbnz	x16, 9f
	save_arguments
	bl	\find
	mov	x16, x0
	restore_arguments
9:	br	x16
	.endm

	.macro	lookup_function name, real, find, by_handle
function \name
	add	x16, x0, #1
	cmp	x16, #1
	b.hi	8f
	jump_to	\real, \find
8:	b	\by_handle
end_function \name
	.endm

lookup_function dlsym, lt_real_dlsym, lt_find_dlsym, lt_dlsym
lookup_function dlvsym, lt_real_dlvsym, lt_find_dlvsym, lt_dlvsym

function dlopen
	tbz	w1, #3, 1f /* RTLD_DEEPBIND */
	save_arguments
	bl	lt_deepbind_is_ours
	and	w16, w0, #0xff
	restore_arguments
	cbnz	w16, 2f
1:	jump_to	lt_real_dlopen, lt_find_dlopen
2:	b	lt_deepbind_open
end_function dlopen

#if defined(__ARM_FEATURE_BTI_DEFAULT)
/* The linker says of the library that all of its code is marked only if each file says so. */
	.section .note.gnu.property, "a"
	.p2align 3
	.word	4, 16, 5 /* sizes of the name and of what follows, NT_GNU_PROPERTY_TYPE_0 */
	.asciz	"GNU"
	.word	0xc0000000, 4 /* GNU_PROPERTY_AARCH64_FEATURE_1_AND */
#	if defined(__ARM_FEATURE_PAC_DEFAULT)
	.word	3, 0 /* BTI and PAC */
#	else
	.word	1, 0
#	endif
#endif
