/* SPDX-License-Identifier: MIT */
/* What libc says on its own account before it aborts the process. */
#ifndef LT_LAST_WORDS_H
#define LT_LAST_WORDS_H

/*
 * The process ends: sends what libc wrote to stderr by a private call before it raised SIGABRT, if
 * the program's handler of that signal brought it here.
 */
void lt_last_words(void);

/* libc is about to say something that ends with this, or has it in it, and that is captured. */
void lt_last_words_are_captured(const char *text);

#endif
