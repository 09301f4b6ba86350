# For aarch64: with Debian's cross compiler, or, where that isn't there (Debian doesn't install it beside
# gcc-multilib), with clang and the libc of libc6-dev-arm64-cross.
set(LOGTAP_CROSS_TRIPLE aarch64-linux-gnu)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
include(${CMAKE_CURRENT_LIST_DIR}/cross.cmake)
