# Coreutils and their relatives: error(3), perror(3) and fprintf.

#: name=ls packages=coreutils quick
ls /nonexistent /etc/hostname /root/nothing; ls --no-such-option; ls -l --time-style=nonsense /

#: name=cp-mv-rm packages=coreutils quick
cp nothing here; cp -r / /proc/nowhere; mv a b; rm missing; rm -r /proc/1/task; mkdir /proc/x; rmdir /etc
touch a; cp a a; ln a a; ln -s x y; ln -s x y; cp -v a b

#: name=dd packages=coreutils quick
dd if=/dev/zero of=out bs=512 count=3 status=noxfer
dd if=/nonexistent of=x; dd bs=0; dd if=/dev/zero of=o2 count=2 status=noxfer

#: name=cat-head-tail packages=coreutils quick
cat nothing; head -n x; tail -c 3 nothing; head nothing /etc/hostname; cat /; tac nothing

#: name=sort-cut-tr packages=coreutils
sort nothing; sort -k 0 /etc/passwd; cut -d; tr; echo | sort --parallel=x; seq 100 | sort -R --random-source=/nonexistent; join a

#: name=chmod-chown packages=coreutils
chmod 9 /etc/hostname; chmod +x nothing; chown nouser x; chown root nothing; stat nothing; install nothing x; readlink -v nothing

#: name=timeout-env-nice packages=coreutils quick
timeout 0.2 sleep 5; echo $? >&2; timeout 5 ls /nonexistent; env -i FOO=1 sh -c 'echo "$FOO" >&2'; env nosuch; nice -n 5 ls /nonexistent; nohup ls /nonexistent; stdbuf -oL ls /nonexistent; stdbuf -eL ls /none

#: name=tee-split packages=coreutils
seq 10 | tee /nonexistent/x >/dev/null; seq 10 | split -n 0; seq 10 | split -b 4 - part. --verbose; csplit /etc/passwd /nothere/; echo x | tee /dev/stderr

#: name=df-du packages=coreutils
du nothing; df nothing; du --max-depth=x; date -d nonsense; date --rfc=3; expr 1 / 0; test 1 -foo 2; printf '%d\n' abc; numfmt --to=x 1; factor abc

#: name=sha-checks packages=coreutils
echo hi >f; sha256sum f >sums; echo ho >f; sha256sum -c sums; md5sum nothing; b2sum -c nothing; base64 -d f; cksum nothing; sha1sum -c f

#: name=find packages=findutils quick
find /nonexistent; find . -name; find . -perm zzz; find / -maxdepth 1 -newer nothing; mkdir d; find . -exec ls /nonexistent/{} \; ; find . -ok true {} \; </dev/null; find -D nothing .

#: name=xargs packages=findutils quick order=any
seq 40 | xargs -P4 -n1 sh -c 'echo "worker $0" >&2'
echo a | xargs nosuchcommand; echo "'x" | xargs; seq 3 | xargs -t -n1 echo

#: name=grep packages=grep quick
grep -Z; grep '[' /etc/passwd; grep x nothing; grep -r x /nonexistent; printf 'a\0b\n' | grep a; grep -P '(' /etc/passwd; grep -E 'a{1' /etc/passwd; grep x .

#: name=sed packages=sed quick
sed 's/x' /etc/hostname; sed -n p nothing; sed -i s/a/b/ /nonexistent/x; echo x | sed 'w /dev/stderr'; sed --nope; sed -f nothing; sed 'y/ab/c/' /etc/passwd

#: name=gawk packages=gawk quick
gawk 'BEGIN { print "to stderr" > "/dev/stderr"; print "via cat" | "cat 1>&2"; close("cat 1>&2"); x = 1 / 0 }'
gawk '{'; gawk 1 nothing; gawk --lint 'BEGIN { print y; f(1) } function f(a) { return a }'

#: name=mawk packages=mawk
mawk 'BEGIN { print "to stderr" > "/dev/stderr"; printf "no newline" > "/dev/stderr" }'; mawk '{'; mawk 1 nothing; mawk 'BEGIN { getline x < "/nonexistent"; print x / 0 }'

#: name=diff-patch packages=diffutils,patch
echo a >a; echo b >b; diff a nothing; cmp a b; cmp a nothing; diff3 a b; diff -u a b >p; patch -R <p a; patch <p nothing -f; echo junk | patch; sdiff a

#: name=tar packages=tar quick
tar cf x.tar /nonexistent; tar cvf y.tar /etc/hostname; tar tf y.tar; tar xf /etc/hostname; tar --nope; tar cf; touch -t 203701010000 later; tar cvf z.tar later y.tar; head -c 2000 z.tar | tar tvf -

#: name=gzip packages=gzip quick
gzip nothing; echo x >f; gzip -v f; gzip -d nothing.gz; gzip -t f.gz; head -c 10 f.gz >g.gz; gzip -d g.gz; gzip -t g.gz; zcat /etc/hostname; gunzip -v f.gz

#: name=xz-bzip2-zstd packages=xz-utils,bzip2,zstd
echo x >f; xz -kv f; xz -t nothing; head -c 20 f.xz >g.xz; xz -t g.xz; bzip2 -kv f; bzip2 -t nothing; head -c 20 f.bz2 >g.bz2; bzip2 -tvv g.bz2; zstd -q f; zstd -t nothing; head -c 5 f.zst >g.zst; zstd -d g.zst; lzma -d f

#: name=file-which packages=file,debianutils
file nothing; file -m /nonexistent /etc/passwd; which nothing; run-parts /nonexistent; run-parts --test --regex '[' /etc; tempfile; mktemp /nonexistent/XXXX; mktemp x

#: name=util-linux packages=util-linux,bsdextrautils
kill -0 1234567; mount /nonexistent /mnt; flock -n; getopt -o a: -- -a; getopt -o ab: -- -c -b; mcookie -f nothing; setsid nosuch; cal 13 13 13; hexdump nothing; rev nothing; column nothing; taskset -p 1234567; renice 5 1234567; lsblk /nonexistent; blkid -p /nonexistent; findmnt --nope; su nouser; script -q -c 'ls /nonexistent' typescript

#: name=procps packages=procps
ps -p abc; pgrep; pkill -NOSUCH x; free --nope; sysctl kernel.nothing; sysctl nope.nope; kill 1234567; top -b -n x; watch; vmstat x; pmap 1234567; pidof nothing

#: name=logger packages=bsdutils quick
logger -p user.err "an error for the log"; logger -t myprog -s "both places"; echo "from stdin" | logger -p daemon.warning -t piped; logger -p nosuch.err x; logger -i --id=42 -p local3.debug "with id"

#: name=bc-dc-m4-ed packages=bc,dc,m4,ed
echo '1/0' | bc; echo 'foo(' | bc; echo 'x' | dc; echo '1 0 / p' | dc; echo 'errprint(`to stderr'"'"')errprint(`x'"'"')' | m4; echo 'm4exit(3)' | m4; m4 nothing; printf 'r nothing\nq\n' | ed; printf 'H\nzzz\nq\n' | ed -s
