/* SPDX-License-Identifier: MIT */
/*
 * jumps.S for i386, where arguments are on the stack and eax, ecx and edx are free. ecx is what data
 * of ours are addressed by.
 */

	.macro	function name
	.globl	\name
	.type	\name, @function
	.p2align 4
\name:
	.cfi_startproc
	endbr32
	.endm

	.macro	end_function name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.macro	find_data
	call	lt_jumps_own_address
	add	$_GLOBAL_OFFSET_TABLE_, %ecx
	.endm

/* With so many bytes more, the stack is aligned as calls must find it. */
	.macro	make_room size
	sub	$\size, %esp
	.cfi_adjust_cfa_offset \size
	.endm

	.macro	give_back size
	add	$\size, %esp
	.cfi_adjust_cfa_offset -\size
	.endm

	.text

	.p2align 4
	.type	lt_jumps_own_address, @function
lt_jumps_own_address:
	.cfi_startproc
	mov	(%esp), %ecx
	ret
	.cfi_endproc
	.size	lt_jumps_own_address, . - lt_jumps_own_address

/* As for x86_64: the bitmap first. */
function syscall
	find_data
	mov	4(%esp), %eax
	cmp	$512, %eax
	jae	1f
	bt	%eax, lt_syscall_numbers@GOTOFF(%ecx)
	jc	lt_syscall
1:	mov	lt_real_syscall@GOTOFF(%ecx), %eax
	test	%eax, %eax
	jz	2f
	jmp	*%eax
2:	make_room 12
	call	lt_real_resolve
	give_back 12
	find_data
	mov	lt_real_syscall@GOTOFF(%ecx), %eax
	jmp	*%eax
end_function syscall

	.macro	syslog_function name, real, heard
function \name
	find_data
	cmpl	$0, lt_word@GOTOFF(%ecx)
	jne	\heard
	mov	\real@GOTOFF(%ecx), %eax
	test	%eax, %eax
	jz	\heard
	jmp	*%eax
end_function \name
	.endm

syslog_function syslog, lt_real_syslog, lt_syslog
syslog_function __syslog_chk, lt_real_syslog_chk, lt_syslog_chk

	.macro	jump_to real, find
	mov	\real@GOTOFF(%ecx), %eax
	test	%eax, %eax
	jnz	9f
	make_room 12
	call	\find
	give_back 12
9:	jmp	*%eax
	.endm

	.macro	lookup_function name, real, find, by_handle
function \name
	find_data
	mov	4(%esp), %eax
	inc	%eax
	cmp	$1, %eax
	ja	\by_handle
	jump_to	\real, \find
end_function \name
	.endm

lookup_function dlsym, lt_real_dlsym, lt_find_dlsym, lt_dlsym
lookup_function dlvsym, lt_real_dlvsym, lt_find_dlvsym, lt_dlvsym

function dlopen
	testb	$8, 8(%esp) /* RTLD_DEEPBIND */
	jz	1f
	mov	4(%esp), %eax
	mov	8(%esp), %edx
	make_room 12
	mov	%eax, (%esp)
	mov	%edx, 4(%esp)
	call	lt_deepbind_is_ours
	give_back 12
	test	%al, %al
	jnz	lt_deepbind_open
1:	find_data
	jump_to	lt_real_dlopen, lt_find_dlopen
end_function dlopen
