#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the packages as one would ship them, and lives with them in a bare Debian 12 root: installed,
# used, upgraded under running programs, removed; not one file, line or mode of the root differs then.
#
#   run.sh             writes RESULTS.md
#   run.sh --quick     without the second build, which shows that a build elsewhere gives the same bytes
#
# Needs root, debootstrap, lintian, devscripts, ninja and python3; rpm for the RPMs. The root is made
# once and kept, as tests/lib/debian-root.sh says.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
quick=no
[[ ${1-} != --quick ]] || quick=yes
# One time for both builds: a copy of the tree has no commit to take it from.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$source" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

work=$(mktemp -d "${TMPDIR:-/tmp}/logtap-packages.XXXXXX")
root=$work/root
mounted=
finish() {
	[[ -z $mounted ]] || umount "$root/proc"
	rm -rf "$work"
}
trap finish EXIT

. "$source/tests/lib/results.sh"

# build FOLDER: the tree as it is committed and changed, copied there and built.
build() {
	mkdir -p "$work/$1"
	git -C "$source" ls-files -z --cached --others --exclude-standard |
		(cd "$source" && xargs -0 cp --parents -t "$work/$1" 2>/dev/null) || true
	(cd "$work/$1" && cmake --preset release -G Ninja -DLOGTAP_TESTS=OFF &&
		cmake --build build && umask 022 && cmake --build build --target package) >"$work/$1.log" 2>&1 || {
		tail -n 20 "$work/$1.log" >&2
		exit 1
	}
}

same_bytes() {
	local one=$work/one/build/packages two="$work/a second folder/build/packages"
	ls "$one"/*.deb "$one"/*.ddeb
	diff <(cd "$one" && sha256sum ./*.deb ./*.ddeb) <(cd "$two" && sha256sum ./*.deb ./*.ddeb)
}

lints() {
	lintian --fail-on error,warning --allow-root "$work"/one/build/packages/*.deb
}

hardened() {
	local file said
	for file in bin/logtap lib/libevh.so lib/libevh-decode.so; do
		said=$(hardening-check --nocfprotection "$work/one/build/$file" || true)
		echo "$said"
		grep -q 'Stack protected: yes' <<<"$said"
		grep -q 'Fortify Source functions: yes' <<<"$said"
		grep -q 'Immediate binding: yes' <<<"$said"
		grep -q 'Read-only relocations: yes' <<<"$said"
	done
}

# The RPMs hold the files of the Debian packages, but for what is Debian's own.
same_files() {
	diff <(for file in "$work"/one/build/packages/*.deb; do
		dpkg-deb -c "$file" | awk '!/^d/ { print substr($6, 2) }'
	done | sort) <(rpm -qp --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' "$work"/one/build/packages/*.rpm |
		sed -n '/^d/d; /\/\.build-id/d; s/^[^ ]* //p' | sort)
}

# What `cmake --install` put somewhere, the target `uninstall` takes away, folders of its own too; and
# a component installs its own files alone.
uninstalls() {
	local staged=$work/staged build=$work/one/build
	DESTDIR=$staged cmake --install "$build" --component libevh
	[[ -z $(find "$staged" ! -type d ! -name 'libevh.so.*' ! -path '*/share/*') ]]
	rm -rf "$staged"
	DESTDIR=$staged cmake --install "$build"
	find "$staged" -name liblogtap.so | grep .
	DESTDIR=$staged cmake --build "$build" --target uninstall
	[[ -z $(find "$staged" ! -type d -o -name '*logtap*' -o -name '*evh*') ]]
}

# Without what packages' tools keep for themselves, but for their list of packages.
whole() {
	listing "$root" ./proc ./var/cache ./var/lib/apt ./var/lib/dpkg ./var/log ./packages
	inside dpkg-query -W
}

inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }

# packages NAME...: the packages' files, as they are called inside.
packages() {
	local name
	for name; do
		# shellcheck disable=SC2086 # a pattern
		(cd "$root/packages" && printf '/packages/%s\n' ${name}_*.deb)
	done
}

# changed SIGN: the files whose bytes are other ones than before, or (`^> `) new.
changed() {
	diff "$work/before" "$work/installed" | sed -n "s/$1[0-9a-f]\\{64\\}  \\.\\(\\/.*\\)/\\1/p"
}

# The two that one needs to capture, and what they depend on. The loader's cache is the only file that
# was there before and differs; everything new is a package's, so that nothing was switched on.
installed() {
	local files
	mapfile -t files < <(packages logtap 'libevh[0-9]*')
	inside apt-get install -y --no-install-recommends "${files[@]}"
	whole >"$work/installed"
	changed '^< ' | grep -vxF /etc/ld.so.cache && return 1
	cat "$root"/var/lib/dpkg/info/*.list | sed 's,^/lib,/usr/lib,' >"$work/owned"
	changed '^> ' | grep -vxF -e /etc/ld.so.cache -f "$work/owned" && return 1
	inside ldconfig -p | grep -F libevh.so.
}

captures() {
	inside logtap record -q -o /tmp/x.data sh -c 'echo "error: from inside" >&2; env' >"$work/env" 2>/dev/null
	grep -x 'LD_PRELOAD=/usr/lib/[a-z0-9_-]*/logtap/liblogtap.so' "$work/env"
	[[ $(inside logtap view --output=cat --level=err /tmp/x.data) == 'error: from inside' ]]
}

# A program whose loader reads the library while it is replaced says nothing but its own words.
upgraded() {
	local folder=$work/newer said stop=$work/stop library starter
	dpkg-deb -R "$root$(packages logtap)" "$folder"
	sed -i 's/^Version: .*/Version: 99/' "$folder/DEBIAN/control"
	library=$(cd "$folder" && echo usr/lib/*/logtap/liblogtap.so)
	printf x >>"$folder/$library"
	dpkg-deb --root-owner-group -b "$folder" "$root/packages/newer.deb"
	(while [[ ! -e $stop ]]; do
		inside "LD_PRELOAD=/$library" /bin/true && echo >>"$work/starts"
	done) >"$work/said" 2>&1 &
	starter=$!
	while [[ ! -s $work/starts ]]; do sleep 0.1; done
	inside dpkg -i /packages/newer.deb || said=failed
	touch "$stop"
	wait "$starter"
	cmp "$folder/$library" "$root/$library"
	wc -l "$work/starts" "$work/said"
	said=${said-}$(<"$work/said")
	echo "$said"
	[[ -z $said ]]
}

removed() {
	inside apt-get purge -y --autoremove logtap 'libevh[0-9]*'
	rm -f "$root/tmp/x.data" "$root/tmp/x.data.old"
	whole >"$work/after"
	diff "$work/before" "$work/after"
}

# In braces, so that the shell reads it as a whole: an edit of this file meanwhile must not reach it.
{
	say "building the packages"
	build one
	if [[ $quick == no ]]; then
		say "building them again in another folder"
		(umask 077 && export TZ=Asia/Tokyo LC_ALL=C && build "a second folder")
		result "built twice, in folders of different names, by users of other umasks and time zones: the same bytes" \
			same_bytes
	fi
	result "lintian: no error, no warning without a reason" lints
	result "command and libraries: bindnow, relro, stack protector, fortify" hardened
	if command -v rpm >/dev/null; then
		result "the RPMs hold the same files" same_files
	else
		say "SKIPPED: rpm is not installed: no RPMs were made"
	fi
	result "a component installs its own files, and \`uninstall\` leaves none" uninstalls

	say "a bare Debian 12 root"
	made=$("$source/tests/lib/debian-root.sh" packages bookworm)
	cp -a "$made" "$root"
	mount -t proc proc "$root/proc"
	mounted=yes
	mkdir "$root/packages"
	cp "$work"/one/build/packages/*.deb "$root/packages/"
	inside apt-get update -q >/dev/null 2>&1 || say "apt-get update failed inside; going on with the lists that are there"
	inside ldconfig
	whole >"$work/before"
	result "installed by apt-get, with what they depend on; nothing is switched on" installed
	result "captures, by the installed command and library" captures
	result "upgraded while programs start: nobody's loader complains" upgraded
	result "captures after it" captures
	result "removed: not one file, line or mode of the root differs from before" removed

	[[ $quick == yes ]] || write_results "$here/RESULTS.md" "Packages in a bare Debian 12 root" \
		"By \`tests/packages/run.sh\` on $(date -u +%F)."
	end_results
	exit
}
