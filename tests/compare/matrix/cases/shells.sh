# Shells: most of what they say on stderr goes through dup2(2, 1) and a write to 1.

#: name=dash packages=dash,coreutils quick
dash -c 'echo to stderr >&2; nosuchcommand; cd /nonexistent; echo out; printf "no newline" >&2'

#: name=bash packages=bash quick
cat >job.sh <<'EOF'
echo "starting" >&2
warn() { printf 'warn: %s\n' "$*" >&2; }
warn one two
for i in 1 2 3; do echo "step $i"; echo "step $i done" >&2; done
(echo "from a subshell" >&2; exit 3)
echo "rc $?" >&2
exec 3>&2; echo "through descriptor 3" >&3; exec 3>&-
{ echo "in a group"; echo "and an error" >&2; } 2>>stderr.elsewhere | sed 's/^/piped: /' >&2
nosuchcommand
[ x -eq 1 ]
unset x; set -u; echo "$x"
EOF
bash job.sh

#: name=bash-xtrace packages=bash quick
bash -xc 'a=1; for i in 1 2; do a=$((a+i)); done; echo $a; exec 9>trace.txt; BASH_XTRACEFD=9; true'

#: name=zsh packages=zsh
zsh -f -c 'print -u2 "from print -u2"; echo x >&2; nosuchcommand; cd /nonexistent; foo=(1 2); print ${foo[3]:?unset}'

#: name=mksh packages=mksh
mksh -c 'print -u2 "print -u2"; echo x >&2; nosuchcommand; cd /nonexistent; typeset -i n; n=abc'

#: name=ksh93 packages=ksh93u+m
ksh93 -c 'print -u2 "print -u2"; echo x >&2; nosuchcommand; cd /nonexistent'

#: name=tcsh packages=tcsh
tcsh -f -c 'echo out; nosuchcommand; cd /nonexistent'
tcsh -f -c 'set'  >/dev/null; tcsh -f -c 'echo $undefined'

#: name=fish packages=fish
HOME=$PWD fish --no-config -c 'echo x >&2; nosuchcommand; cd /nonexistent; math 1 +'

#: name=posix-pipeline packages=dash,coreutils quick
(echo one >&2; ls /nonexistent; echo two >&2) | cat
sh -c 'kill -TERM $$'; echo "rc $?" >&2
sh -c 'trap "echo trapped >&2" EXIT; exit 4'; echo "rc $?"
