#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the packages as one would ship them, and lives with them in a bare Debian 12 root: installed,
# used, upgraded under running programs, removed; not one file, line or mode of the root differs then.
#
#   run.sh             writes RESULTS.md
#   run.sh --quick     without the second build, which shows that a build elsewhere gives the same bytes
#
# Needs root, debootstrap, lintian, devscripts, ninja and python3; rpm for the RPMs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
quick=no
[[ ${1-} != --quick ]] || quick=yes

work=$(mktemp -d "${TMPDIR:-/tmp}/logtap-packages.XXXXXX")
mounted=
finish() {
	[[ -z $mounted ]] || umount "$work/root/proc"
	rm -rf "$work"
}
trap finish EXIT

failed=0
results=()
say() { printf '%s\n' "$*" >&2; }
# result WHAT COMMAND...: one row of the table.
result() {
	local what=$1 log=$work/log
	shift
	if "$@" >"$log" 2>&1; then
		results+=("| $what | passed |")
		say "passed  $what"
	else
		results+=("| $what | **failed** |")
		failed=$((failed + 1))
		say "FAILED  $what"
		sed 's/^/    | /' "$log" | tail -n 40 >&2
	fi
}

# build FOLDER: the tree as it is committed and changed, copied there and built.
build() {
	mkdir -p "$work/$1"
	git -C "$source" ls-files -z --cached --others --exclude-standard |
		(cd "$source" && xargs -0 cp --parents -t "$work/$1" 2>/dev/null) || true
	(cd "$work/$1" && cmake --preset release -G Ninja -DLOGTAP_TESTS=OFF &&
		cmake --build build && cmake --build build --target package) >"$work/$1.log" 2>&1 || {
		tail -n 20 "$work/$1.log" >&2
		exit 1
	}
}

same_bytes() {
	diff <(cd "$work/one/build/packages" && sha256sum ./*.deb ./*.ddeb) \
		<(cd "$work/a second folder/build/packages" && sha256sum ./*.deb ./*.ddeb)
}

lints() {
	lintian --fail-on error,warning --allow-root "$work"/one/build/packages/*.deb
}

hardened() {
	local file said
	for file in bin/logtap lib/libevh.so lib/libevh-decode.so; do
		said=$(hardening-check --nocfprotection "$work/one/build/$file" || true)
		echo "$said"
		grep -q 'Stack protected: yes' <<<"$said" && grep -q 'Fortify Source functions: yes' <<<"$said" &&
			grep -q 'Immediate binding: yes' <<<"$said" && grep -q 'Read-only relocations: yes' <<<"$said" ||
			return 1
	done
}

# The RPMs hold the files of the Debian packages, but for what is Debian's own.
same_files() {
	local debian
	debian=$(for file in "$work"/one/build/packages/*.deb; do
		dpkg-deb -c "$file" | awk '!/^d/ { print substr($6, 2) }'
	done | grep -v '/lintian/' | sort)
	diff <(echo "$debian") <(rpm -qlp "$work"/one/build/packages/*.rpm 2>/dev/null |
		grep -v '/.build-id' | while read -r file; do
			grep -qxF "$file" <<<"$debian" && echo "$file"
		done | sort)
}

# Every file of the root with its mode, owner and bytes; without what packages' tools keep for themselves.
listing() {
	(cd "$work/root" && find . -xdev \( -path ./proc -o -path ./var/cache -o -path ./var/lib/apt -o -path ./var/lib/dpkg \
		-o -path ./var/log -o -path ./tmp -o -path ./packages \) -prune -o \
		! -name ld.so.cache -printf '%p %y %m %U %G %l\n' | sort
	find . -xdev \( -path ./proc -o -path ./var/cache -o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./var/log \
		-o -path ./tmp -o -path ./packages \) -prune -o -type f ! -name ld.so.cache -print0 | sort -z | xargs -0 sha256sum)
}

inside() { chroot "$work/root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }

# The library's package has the number of its SONAME in its name.
library() {
	local file=("$work"/root/packages/libevh[0-9]*_*.deb)
	basename "${file[0]}" | cut -d_ -f1
}

installed() { inside apt-get install -y --no-install-recommends /packages/logtap_*.deb "/packages/$(library)_*.deb"; }

captures() {
	inside logtap record -q -o /tmp/x.data sh -c 'echo "error: from inside" >&2; env' >"$work/env" 2>/dev/null
	grep -qx LD_PRELOAD=/usr/lib/x86_64-linux-gnu/logtap/liblogtap.so "$work/env" &&
		[[ $(inside logtap view --output=cat --level=err /tmp/x.data) == 'error: from inside' ]]
}

# A program whose loader reads the library while it is replaced says nothing but its own words.
upgraded() {
	local folder=$work/newer said stop=$work/stop
	dpkg-deb -R "$(echo "$work"/one/build/packages/logtap_*.deb)" "$folder"
	sed -i 's/^Version: .*/Version: 99/' "$folder/DEBIAN/control"
	printf x >>"$(echo "$folder"/usr/lib/*/logtap/liblogtap.so)"
	dpkg-deb --root-owner-group -b "$folder" "$work/root/packages/newer.deb"
	rm -f "$stop"
	(while [[ ! -e $stop ]]; do
		inside LD_PRELOAD=/usr/lib/x86_64-linux-gnu/logtap/liblogtap.so /bin/true
	done) >"$work/said" 2>&1 &
	inside dpkg -i /packages/newer.deb
	touch "$stop"
	wait $!
	said=$(<"$work/said")
	echo "$said"
	[[ -z $said ]]
}

removed() {
	inside apt-get purge -y --autoremove logtap "$(library)"
	rm -f "$work/root/tmp/x.data"
	listing >"$work/after"
	diff "$work/before" "$work/after"
}

say "building the packages"
build one
if [[ $quick == no ]]; then
	say "building them again in another folder"
	build "a second folder"
	result "built twice, in folders of different names: the same bytes" same_bytes
fi
result "lintian: no error, no warning without a reason" lints
result "command and libraries: bindnow, relro, stack protector, fortify" hardened
command -v rpm >/dev/null && result "the RPMs hold the same files" same_files

say "a bare Debian 12 root"
debootstrap --variant=minbase bookworm "$work/root" >"$work/debootstrap.log" 2>&1 || {
	tail -n 5 "$work/debootstrap.log" >&2
	exit 1
}
mount -t proc proc "$work/root/proc"
mounted=yes
mkdir "$work/root/packages"
cp "$work"/one/build/packages/*.deb "$work/root/packages/"
inside apt-get update -q >/dev/null 2>&1
listing >"$work/before"
result "installed by apt-get, with what they depend on" installed
result "captures, by the installed command and library" captures
result "upgraded while programs start: nobody's loader complains" upgraded
result "captures after it" captures
result "removed: not one file, line or mode of the root differs from before" removed

if [[ $quick == no ]]; then
	{
		echo "# Packages in a bare Debian 12 root"
		echo
		echo "By \`tests/packages/run.sh\` on $(date -u +%F)."
		echo
		echo "| what | |"
		echo "|---|---|"
		printf '%s\n' "${results[@]}"
	} >"$here/RESULTS.md"
fi
say "$((${#results[@]} - failed)) passed, $failed failed"
[[ $failed -eq 0 ]]
