# Interpreters: each has its own way to stderr, and some their own way to syslog.

#: name=python3 packages=python3 quick
python3 - <<'EOF'
import sys, os, logging, warnings, traceback
print("printed", file=sys.stderr)
sys.stderr.write("part "); sys.stderr.write("whole\n")
os.write(2, b"raw write\n")
warnings.warn("careful")
logging.warning("from logging"); logging.error("an %s", "error")
try: 1 / 0
except ZeroDivisionError: traceback.print_exc()
print("no newline at the end", end="", file=sys.stderr)
EOF
python3 -c 'raise SystemExit("exit text")'; python3 -c 'import nothing_here'; python3 -c 'x = ('; python3 nothing.py

#: name=python3-syslog packages=python3 quick
python3 -c 'import syslog; syslog.syslog("plain"); syslog.openlog("ident", syslog.LOG_PID, syslog.LOG_MAIL); syslog.syslog(syslog.LOG_ERR, "100% of it"); syslog.setlogmask(syslog.LOG_UPTO(syslog.LOG_WARNING)); syslog.syslog(syslog.LOG_DEBUG, "masked"); syslog.syslog(syslog.LOG_LOCAL0 | syslog.LOG_CRIT, "critical"); syslog.closelog()'

#: name=python3-threads packages=python3 order=any
python3 - <<'EOF'
import sys, threading, subprocess, os
def work(n):
    for i in range(50): os.write(2, b"thread %d line %d\n" % (n, i))
t = [threading.Thread(target=work, args=(n,)) for n in range(8)]
[x.start() for x in t]; [x.join() for x in t]
subprocess.run(["ls", "/nonexistent"])
subprocess.run("echo shell >&2; exit 3", shell=True)
pid = os.fork()
if pid == 0: os.write(2, b"child\n"); os._exit(0)
os.waitpid(pid, 0)
EOF

#: name=python3-multiprocessing packages=python3 order=any
cat >mp.py <<'EOF'
import multiprocessing, os, sys
def work(n):
    sys.stderr.write("task %d\n" % n); sys.stderr.flush(); return n
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(4) as p: print(sum(p.map(work, range(20))))
    with multiprocessing.get_context("spawn").Pool(2) as p: print(sum(p.map(work, range(5))))
EOF
python3 mp.py

#: name=perl packages=perl quick
perl -we 'warn "careful"; print STDERR "printed\n"; my $x; print "a$x\n"; syswrite(STDERR, "sys\n"); open(my $e, ">&", \*STDERR); print $e "dup\n"; close $e; eval { die "inner\n" }; warn $@; die { 1 => 2 } if 0; die "the end"'
perl -e 'use Nothing::Here;'; perl -e 'if ('; perl nothing.pl; perl -e 'use Carp; sub f { Carp::cluck("stack") } f(1)'

#: name=perl-syslog packages=perl quick note=Sys::Syslog-may-write-to-the-socket-itself
perl -MSys::Syslog=:standard,:macros -e 'openlog("perlish", "ndelay,pid", LOG_DAEMON); syslog(LOG_ERR, "text %s", "here"); syslog("warning", "100%% sure"); closelog()'

#: name=ruby packages=ruby
ruby -rlogger -e 'warn "careful"; $stderr.puts "puts"; STDERR.print "a", "b\n"; $stderr.write("w\n"); l = Logger.new($stderr, formatter: proc { |s, _, _, m| "#{s}: #{m}\n" }); l.error("logged"); Thread.new { warn "in a thread" }.join; raise ArgumentError, "the end"'
ruby -e 'x = ('; ruby nothing.rb; ruby -rsyslog -e 'Syslog.open("rubyish") { |s| s.err("text %s", "x") }'; ruby -w -e 'x = 1'

#: name=node packages=nodejs
node -e 'console.error("error", 1); console.warn("warned"); process.stderr.write("written\n"); process.emitWarning("careful"); setTimeout(() => { throw new Error("the end") }, 10)'
node -e 'Promise.reject(new Error("rejected"))'; node nothing.js; node -e 'x = ('

#: name=lua packages=lua5.4
lua5.4 -e 'io.stderr:write("written\n"); io.stderr:write("part"); io.stderr:write(" two\n"); warn("@on"); warn("careful"); print("out"); error("the end")'
lua5.4 nothing.lua; lua5.4 -e 'x = ('

#: name=tclsh packages=tcl
printf 'puts stderr "line"\nputs -nonewline stderr "part"\nputs stderr " rest"\nexec ls /nonexistent >@stdout 2>@stderr\n' >a.tcl; tclsh a.tcl; echo 'error "the end"' | tclsh; tclsh nothing.tcl

#: name=php packages=php-cli
php -d display_errors=stderr -d log_errors=0 -r 'fwrite(STDERR, "written\n"); error_log("logged"); echo $undefined; trigger_error("careful", E_USER_WARNING); throw new Exception("the end");'
php -r 'openlog("phpish", LOG_PID, LOG_USER); syslog(LOG_ERR, "from php"); closelog();'; php nothing.php; php -r 'x('

#: name=guile packages=guile-3.0
GUILE_AUTO_COMPILE=0 guile -c '(display "to stderr\n" (current-error-port)) (error "the end" 1 2)'; guile nothing.scm

#: name=java packages=default-jre-headless,default-jdk-headless
cat >M.java <<'EOF'
import java.util.logging.*;
public class M { public static void main(String[] a) throws Exception {
	System.err.println("to stderr"); System.err.print("part "); System.err.printf("%d%n", 7);
	Logger.getLogger("x").severe("severe thing");
	Thread t = new Thread(() -> { throw new RuntimeException("in a thread"); }); t.start(); t.join();
	throw new IllegalStateException("the end"); } }
EOF
java -Xint -XX:TieredStopAtLevel=1 M.java; java -version; java Nothing; java -Xbogus

#: name=ocaml packages=ocaml-nox
ocaml -e 'prerr_endline "to stderr"; Printf.eprintf "part "; Printf.eprintf "two\n%!"; failwith "the end"'; echo 'let x = 1 + "a"' >t.ml; ocaml t.ml; ocaml nothing.ml

#: name=sqlite3 packages=sqlite3
sqlite3 :memory: 'select * from nothing'; sqlite3 :memory: 'selec'; sqlite3 /nonexistent/db 'create table t(x)'; echo '.nope' | sqlite3; sqlite3 --nope

#: name=expect packages=expect
expect -c 'send_error "to stderr\n"; spawn sh -c "echo in a pty >&2"; expect eof; nosuch'

#: name=jq packages=jq
jq . nothing; echo '{' | jq .; echo '{}' | jq 'error("stop")'; echo '1' | jq 'stderr'; echo '"a"' | jq '.x'; jq --nope; jq '.['

#: name=xmllint packages=libxml2-utils
echo '<a><b></a>' | xmllint -; xmllint nothing; echo '<a>&x;</a>' >e.xml; xmllint e.xml; xmllint --nope; xmllint --schema nothing e.xml

#: name=vim packages=vim-tiny
vim.tiny -es -u NONE -c 'verbose echo "text"' -c 'nosuchcommand' -c 'qa!' </dev/null; vim.tiny --nope; printf ':q!\n' | vim.tiny -u NONE -es nothing

#: name=gettext packages=gettext-base,gettext
msgfmt nothing; printf 'msgid "a"\nmsgstr\n' >x.po; msgfmt x.po; msgfmt -c --statistics x.po; gettext; xgettext nothing.c; envsubst --nope
