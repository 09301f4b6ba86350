#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Delivers 200,000 lines of unmodified programs to real receivers: rsyslog, systemd-journal-remote, and an
# OTLP receiver on OpenTelemetry's own decoder; and to json: and file:. All at a time, by one collector. Then
# once more, with everything killed by turns. What arrived is compared line by line; RESULTS.md gets it.
#
#   run.sh [LINES]     in all, 200000; needs root, for installing what is missing
. "$(dirname "$0")/../../scripts/lib/common.sh"

HERE=$ROOT/tests/collect
BUILD=${LOGTAP_BUILD:-$ROOT/build}
LOGTAP=$BUILD/bin/logtap
TOTAL=${1:-200000}
NPM_PACKAGE=@opentelemetry/otlp-transformer@0.212.0
WORK=$(mktemp -d "${TMPDIR:-/tmp}/logtap-collect.XXXXXX")
OTLP_PORT=14318 JOURNAL_PORT=19532 SYSLOG_PORT=10514
declare -A pids=()
rows=() failed=0

stop_all() {
	local name
	for name in "${!pids[@]}"; do
		kill -9 "${pids[$name]}" 2>/dev/null || true
	done
	rm -rf "$WORK"
}
trap stop_all EXIT

install_receivers() {
	local packages=(rsyslog systemd-journal-remote perl python3)
	# Other packages of node bring npm along, and don't go together with Debian's.
	command -v npm >/dev/null || packages+=(nodejs npm)
	need_packages "the receivers" "${packages[@]}"
	if [[ ! -d $BUILD/tests/npm/node_modules ]]; then
		say "Installing $NPM_PACKAGE"
		mkdir -p "$BUILD/tests/npm"
		(cd "$BUILD/tests/npm" && npm install --no-audit --no-fund "$NPM_PACKAGE" >npm.log 2>&1) ||
			die "npm could not install $NPM_PACKAGE ($BUILD/tests/npm/npm.log)"
	fi
}

start_otlp() {
	node "$HERE/otlp_server.js" "$OTLP_PORT" "$WORK/otlp.jsonl" "$BUILD/tests/npm" &
	pids[otlp]=$!
}

# Each start has a file of its own: one that was killed is not closed in order.
journals=0
start_journal() {
	journals=$((journals + 1))
	/lib/systemd/systemd-journal-remote --listen-http="127.0.0.1:$JOURNAL_PORT" --split-mode=none \
		-o "$WORK/$journals.journal" >"$WORK/journal-remote.log" 2>&1 &
	pids[journal]=$!
}

start_syslog() {
	cat >"$WORK/rsyslog.conf" <<-END
		module(load="imptcp")
		input(type="imptcp" address="127.0.0.1" port="$SYSLOG_PORT" supportOctetCountedFraming="on" ruleset="keep")
		template(name="message" type="string" string="%msg%\n")
		ruleset(name="keep") { action(type="omfile" file="$WORK/syslog.txt" template="message") }
	END
	rsyslogd -n -f "$WORK/rsyslog.conf" -i "$WORK/rsyslog.pid" >"$WORK/rsyslog.log" 2>&1 &
	pids[syslog]=$!
}

start_collect() {
	"$LOGTAP" collect -o "$WORK/spool" --to="json:$WORK/out.json" --to="file:$WORK/out.log" \
		--to="otlp:http://127.0.0.1:$OTLP_PORT" --to="journal:http://127.0.0.1:$JOURNAL_PORT" \
		--to="syslog:127.0.0.1:$SYSLOG_PORT" --rotate-size=1G "unix:$WORK/socket" 2>>"$WORK/collect.log" &
	pids[collect]=$!
	until [[ -S $WORK/socket ]]; do sleep 0.05; done
}

programs() {
	"$LOGTAP" run -q --sink="unix:$WORK/socket" sh "$HERE/say.sh" $((TOTAL / 8)) 2>/dev/null
}

wanted() {
	local name
	for name in perl1 perl2 python1 python2 bash1 bash2 awk1 awk2; do
		seq -f "$name line %.0f" $((TOTAL / 8))
	done
}

# delivered KIND: how many the destination has acknowledged.
delivered() {
	sed -n 's/^delivered \([0-9]*\).*/\1/p' "$WORK"/spool.to-"$1".???????? 2>/dev/null
}

# Until all are at the end of the spool: none moves for some seconds.
wait_until_quiet() {
	local before= now quiet=0
	while ((quiet < 8)); do
		sleep 1
		now=$(cat "$WORK"/spool.to-*.???????? 2>/dev/null)
		[[ $now == "$before" ]] && quiet=$((quiet + 1)) || quiet=0
		before=$now
	done
}

stop() {
	kill -TERM "${pids[$1]}" 2>/dev/null || true
	wait "${pids[$1]}" 2>/dev/null || true
	unset "pids[$1]"
}

gather() {
	local one
	sed -n 's/^.*: <[a-z]*> //p' "$WORK/out.log" >"$WORK/file.txt"
	for one in "$WORK"/*.journal; do
		journalctl --file "$one" -o cat --no-pager 2>/dev/null
	done >"$WORK/journal.txt"
}

# row TITLE KIND FILE FORM FROM
row() {
	local cells status=0
	cells=$(python3 "$HERE/compare.py" "$WORK/wanted" "$3" "$4" "$5") || status=1
	rows+=("| $1 | $2 | $cells |")
	[[ $status -eq 0 ]] || failed=$((failed + 1))
	say "$1, $2: arrived, missing, told, twice, foreign: $cells"
}

# compare_all TITLE FROM
compare_all() {
	gather
	row "$1" "json" "$WORK/out.json" json "$2"
	row "$1" "file" "$WORK/file.txt" text "$2"
	row "$1" "otlp: OpenTelemetry's decoder" "$WORK/otlp.jsonl" json "$2"
	row "$1" "journal: systemd-journal-remote" "$WORK/journal.txt" text "$2"
	row "$1" "syslog: rsyslog" "$WORK/syslog.txt" text "$2"
}

clean() {
	rm -rf "$WORK"/spool* "$WORK"/out.* "$WORK"/*.journal "$WORK"/*.txt "$WORK"/otlp.jsonl "$WORK/socket"
}

# Nobody is harmed.
run_quiet() {
	local begun
	say "$TOTAL lines of eight programs, to five destinations"
	start_otlp; start_journal; start_syslog; start_collect
	begun=$SECONDS
	programs
	wait_until_quiet
	note "programs and delivery took about $((SECONDS - begun - 8)) s; the collector said: $(cat "$WORK/collect.log")"
	stop collect; stop syslog; stop journal; stop otlp
	wanted >"$WORK/wanted"
	compare_all "all well" programs
	clean
}

# kill -9 of whoever it is; the collector with its forwarders, as when a machine goes down.
kill_one() {
	if [[ $1 == collect ]]; then
		kill -STOP "${pids[collect]}"
		pkill -9 -P "${pids[collect]}" || true
	fi
	kill -9 "${pids[$1]}"
	wait "${pids[$1]}" 2>/dev/null || true
	sleep 0.5
	"start_$1"
}

# The spool is what must arrive: while no collector is there, programs lose lines, and count them.
run_killed() {
	local name programs_pid
	say "Once more, with kill -9 of the collector and of each receiver while it goes on"
	start_otlp; start_journal; start_syslog; start_collect
	programs &
	programs_pid=$!
	for name in collect otlp journal syslog collect otlp journal collect; do
		sleep 2
		note "kill -9 of $name"
		kill_one "$name"
	done
	wait "$programs_pid"
	wait_until_quiet
	stop collect; stop syslog; stop journal; stop otlp
	"$LOGTAP" view -o cat "$WORK/spool" 2>/dev/null | sort -u >"$WORK/wanted"
	note "$(wc -l <"$WORK/wanted") lines reached the spool"
	compare_all "kill -9 of all by turns ($(wc -l <"$WORK/wanted") in the spool)" spool
	clean
}

write_results() {
	{
		cat <<-END
			# Real receivers

			By \`tests/collect/run.sh\` on $(date +%F): $TOTAL lines of eight unmodified programs (perl, python3, bash,
			awk) through \`logtap collect\` to five destinations at a time, compared line by line. rsyslog
			$(dpkg-query -W -f='${Version}' rsyslog), systemd-journal-remote $(dpkg-query -W -f='${Version}' systemd-journal-remote),
			$NPM_PACKAGE on node $(node --version).

			What programs say faster than the collector reads is lost and told by events; with kill -9, what is wanted is
			what reached the spool, as no collector is there for some moments.

			| | destination | arrived | missing | told to be lost | twice | foreign |
			|---|---|---|---|---|---|---|
		END
		printf '%s\n' "${rows[@]}"
	} >"$HERE/RESULTS.md"
}

[[ -x $LOGTAP ]] || die "build it first: scripts/build.sh"
install_receivers
run_quiet
run_killed
write_results
say "$HERE/RESULTS.md: $failed rows with something missing"
[[ $failed -eq 0 ]]
