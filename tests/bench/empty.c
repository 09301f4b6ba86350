/* SPDX-License-Identifier: MIT */
/* A preload library that does nothing: what loading any library costs. */
extern int bench_empty;
int bench_empty;
