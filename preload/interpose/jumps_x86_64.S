/* SPDX-License-Identifier: MIT */
/* jumps.S for x86_64. */

	.macro	save_arguments
	push	%rdi
	.cfi_adjust_cfa_offset 8
	push	%rsi
	.cfi_adjust_cfa_offset 8
	push	%rdx
	.cfi_adjust_cfa_offset 8
	push	%rcx
	.cfi_adjust_cfa_offset 8
	push	%r8
	.cfi_adjust_cfa_offset 8
	push	%r9
	.cfi_adjust_cfa_offset 8
	push	%rax
	.cfi_adjust_cfa_offset 8
	.endm

	.macro	restore_arguments
	pop	%rax
	.cfi_adjust_cfa_offset -8
	pop	%r9
	.cfi_adjust_cfa_offset -8
	pop	%r8
	.cfi_adjust_cfa_offset -8
	pop	%rcx
	.cfi_adjust_cfa_offset -8
	pop	%rdx
	.cfi_adjust_cfa_offset -8
	pop	%rsi
	.cfi_adjust_cfa_offset -8
	pop	%rdi
	.cfi_adjust_cfa_offset -8
	.endm

	.macro	function name
	.globl	\name
	.type	\name, @function
	.p2align 4
\name:
	.cfi_startproc
	endbr64
	.endm

	.macro	end_function name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.text

/*
 * The numbers that C looks at are below 512 and in a bitmap; every other one is passed on at once,
 * to the original or, before that is known (an allocator that starts before us), to the kernel. To
 * the kernel a number is an int, whatever stands in the register's upper half.
 */
function syscall
	cmp	$512, %edi
	jae	1f
	lea	lt_syscall_numbers(%rip), %rax
	mov	%edi, %r11d
	shr	$6, %r11d
	mov	(%rax,%r11,8), %rax
	bt	%rdi, %rax
	jc	lt_syscall
1:	mov	lt_real_syscall(%rip), %rax
	test	%rax, %rax
	jz	2f
	jmp	*%rax
2:	save_arguments
	call	lt_real_resolve
	restore_arguments
	mov	lt_real_syscall(%rip), %rax
	jmp	*%rax
end_function syscall

/* While nobody listens, on to the original; before that is known, C finds it. */
	.macro	syslog_function name, real, heard
function \name
	cmpl	$0, lt_word(%rip)
	jne	\heard
	mov	\real(%rip), %r11
	test	%r11, %r11
	jz	\heard
	jmp	*%r11
end_function \name
	.endm

syslog_function syslog, lt_real_syslog, lt_syslog
syslog_function __syslog_chk, lt_real_syslog_chk, lt_syslog_chk

/* On to the original, which C finds where it isn't known yet. */
	.macro	jump_to real, find
	mov	\real(%rip), %r11
	test	%r11, %r11
	jnz	1f
	save_arguments
	call	\find
	mov	%rax, %r11
	restore_arguments
1:	jmp	*%r11
	.endm

/* RTLD_NEXT is -1 and RTLD_DEFAULT 0: what they mean depends on the caller, and is its own choice. */
	.macro	lookup_function name, real, find, by_handle
function \name
	lea	1(%rdi), %rax
	cmp	$1, %rax
	ja	\by_handle
	jump_to	\real, \find
end_function \name
	.endm

lookup_function dlsym, lt_real_dlsym, lt_find_dlsym, lt_dlsym
lookup_function dlvsym, lt_real_dlvsym, lt_find_dlvsym, lt_dlvsym

/* A library is searched for as its caller says, and only a path with a slash is not searched for. */
function dlopen
	test	$8, %sil /* RTLD_DEEPBIND */
	jz	1f
	save_arguments
	call	lt_deepbind_is_ours
	mov	%eax, %r11d
	restore_arguments
	test	%r11d, %r11d
	jnz	lt_deepbind_open
1:	jump_to	lt_real_dlopen, lt_find_dlopen
end_function dlopen
