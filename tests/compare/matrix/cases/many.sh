# Many processes and many threads at once.

#: name=parallel packages=parallel order=any
parallel --will-cite -j4 'echo job {} >&2' ::: 1 2 3 4 5 6 7 8 9 10; parallel --will-cite -j4 --tag 'ls /nonexistent/{}' ::: a b c; parallel --nope

#: name=xargs-storm packages=findutils,coreutils order=any
seq 200 | xargs -P8 -n1 sh -c 'echo "storm $0" >&2'

#: name=shell-jobs packages=bash quick order=any
cat >j.sh <<'EOF'
for i in $(seq 20); do ( for k in $(seq 10); do echo "job $i line $k" >&2; done ) & done; wait
coproc cat >&2; echo "through a coprocess" >&"${COPROC[1]}"; exec {COPROC[1]}>&-; wait
diff <(echo a; echo "in a substitution" >&2) <(echo b)
EOF
bash j.sh

#: name=tmux packages=tmux
tmux -L m -f /dev/null new-session -d 'echo in a pane >&2; sleep 0.2'; tmux -L m nosuch; tmux -L m kill-session -t nothing; sleep 0.5; tmux -L none ls

#: name=fakeroot packages=fakeroot
fakeroot sh -c 'chown 1:1 nothing; touch f; chown 3:3 f; stat -c %u f; ls /nonexistent'; fakeroot -- nosuch

#: name=stdbuf-eatmydata packages=eatmydata,coreutils
eatmydata ls /nonexistent; stdbuf -eL -oL ls /nonexistent; eatmydata sh -c 'echo x >&2'; eatmydata nosuch

#: name=jemalloc packages=libjemalloc2
j=$(ls /usr/lib/*/libjemalloc.so.2 | head -n 1); LD_PRELOAD="$j:$LD_PRELOAD" ls /nonexistent; LD_PRELOAD="$LD_PRELOAD:$j" ls /nonexistent; LD_PRELOAD="$j:$LD_PRELOAD" MALLOC_CONF=bogus:1 sh -c 'echo x >&2'

#: name=chroot-setpriv packages=util-linux,coreutils
setpriv --reuid=65534 --regid=65534 --clear-groups ls /root /nonexistent; chroot / ls /nonexistent; unshare -u ls /nonexistent; nsenter --nope; setsid -w ls /nonexistent; ionice -c3 ls /nonexistent; prlimit --nofile=16:16 ls /nonexistent; prlimit --as=400000000 ls /nonexistent; prlimit --stack=65536:65536 ls /nonexistent; chrt -o 0 ls /nonexistent

#: name=start-stop-daemon packages=dpkg
start-stop-daemon --start --exec /bin/ls -- /nonexistent; start-stop-daemon --stop --pidfile /nonexistent; start-stop-daemon --nope; start-stop-daemon --start --background --make-pidfile --pidfile "$PWD/p" --startas /bin/sh -- -c 'exec sleep 0.1'; sleep 0.3

#: name=daemonised packages=python3
python3 - <<'EOF'
import os, sys, syslog, time
sys.stderr.write("before\n"); sys.stderr.flush()
if os.fork(): os.wait(); sys.exit(0)
os.setsid()
if os.fork(): os._exit(0)
os.closerange(3, 1024)
n = os.open("/dev/null", os.O_RDWR); os.dup2(n, 0); os.dup2(n, 1)
os.write(2, b"still here\n")
syslog.openlog("daemonised", syslog.LOG_PID, syslog.LOG_DAEMON); syslog.syslog(syslog.LOG_NOTICE, "running")
EOF
sleep 0.5
