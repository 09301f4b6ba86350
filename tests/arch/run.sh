#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds logtap for another architecture and runs its tests in a folder with that architecture's programs:
# i386 natively on x86_64, arm64 under qemu. The last line is the sum.
#
#   run.sh i386|arm64 [--short] [PATTERN...]     PATTERN: names of tests, as regular expressions
#
# Needs root; for i386 gcc-multilib, for arm64 qemu-user-static and a cross compiler (scripts/cross). The
# machine stays as it is: what starts arm64's programs is registered in a user namespace (Linux 6.7), unless
# the machine starts them anyway.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
architecture=${1-}
[ $# -gt 0 ] && shift
short=
if [ "${1-}" = --short ]; then
	short=yes
	shift
fi
patterns=("$@")
build=$source/build-$architecture
say() { printf '==> %s\n' "$*"; }

# skip WHY: one line, and a sum.
skip() {
	printf 'SKIPPED: %s: %s\n0 passed, 0 failed, 1 skipped\n' "$architecture" "$1"
	exit 0
}

can_compile() {
	printf '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n' |
		"$@" -x c -o /dev/null - 2>/dev/null
}

case $architecture in
i386)
	[ "$(uname -m)" = x86_64 ] || skip "32-bit programs are x86_64's"
	can_compile gcc -m32 || skip "gcc -m32 has no libc here: apt-get install gcc-multilib"
	;;
arm64)
	command -v qemu-aarch64-static >/dev/null || skip "apt-get install qemu-user-static"
	compgen -G '/usr/bin/aarch64-linux-gnu-gcc*' >/dev/null ||
		can_compile clang --target=aarch64-linux-gnu ||
		skip "no cross compiler: apt-get install libc6-dev-arm64-cross libgcc-12-dev-arm64-cross binutils-aarch64-linux-gnu, for clang"
	;;
*)
	sed -n 's/^# \{0,3\}//;4,9p' "$0" >&2
	exit 2
	;;
esac
[ "$EUID" = 0 ] || skip "tests in another root take root"

packages=(libc6 dash bash coreutils python3 perl grep sed mawk findutils diffutils util-linux procps gzip tar binutils
	libc6-dev libgcc-12-dev libstdc++-12-dev libcriterion-dev libtracefs-dev libtraceevent-dev libelf-dev
	libzstd-dev zlib1g-dev libtracecmd-dev)
root=$("$here/root.sh" "$architecture" bookworm "${packages[@]}") || skip "its packages can't be had"

unit='unit-.*'
known='preload-(exports|behaviour|transparency|syslog|logs|handed|assembly|vanishing)|coverage.*'
programs='e2e-.*'
if [ ${#patterns[@]} -gt 0 ]; then
	:
elif [ -n "$short" ]; then
	patterns=('unit-preload-(?!.*threads).*' 'unit-encoder-(golden|builder|plain|transports)' preload-exports)
else
	patterns=("$unit" "$known" "$programs")
fi

say "Building for $architecture into ${build#"$source"/}/"
log=$build/build.log
mkdir -p "$build"
# Destinations over HTTP need more libraries, and know no processor.
cmake --preset "$architecture" -S "$source" -G Ninja -DLOGTAP_WERROR=ON -DLOGTAP_TOOLS=ON -DLOGTAP_TESTS=ON \
	-DLOGTAP_HTTP=OFF -DLOGTAP_OTLP=OFF -DLOGTAP_SYSROOT="$root" >"$log" 2>&1 && cmake --build "$build" -j "$(nproc)" >>"$log" 2>&1 || {
	grep -E -m 20 -A 3 'error|Error|FAILED' "$log" || tail -n 20 "$log"
	echo "FAILED: the build for $architecture (whole log: $log)"
	echo "0 passed, 1 failed, 0 skipped"
	exit 1
}
ctest --test-dir "$build" --show-only=json-v1 >"$build/tests.json"

# What happens in namespaces of its own: $1 root, $2 source, then the patterns.
inside='
	set -euo pipefail
	root=$1 source=$2 build=$3 view=$4
	shift 4
	if [ -n "${LOGTAP_MAGIC-}" ]; then
		mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
		printf %s "$LOGTAP_MAGIC" >/proc/sys/fs/binfmt_misc/register
	fi
	mount -t tmpfs none "$view"
	mkdir "$view/upper" "$view/work" "$view/root"
	mount -t overlay none -o "lowerdir=$root,upperdir=$view/upper,workdir=$view/work" "$view/root"
	cd "$view/root"
	mount -t tmpfs none tmp
	mkdir -p "./$source"
	mount --rbind "$source" "./$source"
	mount -t proc proc proc
	mount --rbind /dev dev
	mount --rbind /sys sys
	exec chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		/usr/bin/python3 -B "$source/tests/arch/inside.py" "$build/tests.json" "$@"
'
magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
view=$(mktemp -d "${TMPDIR:-/tmp}/logtap-arch.XXXXXX")
trap 'rmdir "$view" 2>/dev/null || true' EXIT
arguments=(- "$root" "$source" "$build" "$view" "${patterns[@]}")

say "Running its tests"
if "$root/usr/bin/true" 2>/dev/null; then
	unshare --mount --pid --fork bash -c "$inside" "${arguments[@]}"
	exit
fi
# Root in a user namespace with all its numbers, where binfmt_misc is the namespace's own.
export LOGTAP_MAGIC=":logtap:M::$magic:$mask:$(command -v qemu-aarch64-static):F"
mkfifo "$view/go" && exec 9<>"$view/go"
unshare --user bash -c 'read -r <&9; exec 9<&-; exec unshare --mount --pid --fork "$@"' - \
	bash -c "$inside" "${arguments[@]}" &
child=$!
until [ "$(readlink "/proc/$child/ns/user")" != "$(readlink /proc/self/ns/user)" ]; do :; done
echo "0 0 65536" >"/proc/$child/uid_map"
echo "0 0 65536" >"/proc/$child/gid_map"
echo >&9
exec 9<&-
rm "$view/go"
wait "$child"
