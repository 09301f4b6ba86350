# Servers, each for a short life of its own: started, asked something, stopped by its pid.
# They run as root in a network of their own; port numbers need not be free elsewhere.

#: name=nginx packages=nginx-light,curl
mkdir -p /var/log/nginx /var/lib/nginx /run; printf 'daemon off; pid %s/n.pid; error_log stderr notice; events {} http { access_log off; server { listen 127.0.0.1:8080; root /nonexistent; } }\n' "$PWD" >n.conf
nginx -t -c "$PWD/n.conf"; nginx -c "$PWD/n.conf" & p=$!
wait_port 8080; curl -s -o page http://127.0.0.1:8080/missing; kill $p; wait $p; echo 'bogus {' >b.conf; nginx -t -c "$PWD/b.conf"

#: name=apache2 packages=apache2-bin,curl
mkdir -p logs; printf 'ServerName x\nListen 127.0.0.1:8081\nPidFile %s/a.pid\nErrorLog /dev/stderr\nLogLevel info\nDefaultRuntimeDir %s\nLoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\nLoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so\nUser www-data\nGroup www-data\nStartServers 1\nThreadsPerChild 4\nMaxRequestWorkers 4\nDocumentRoot /var\n' "$PWD" "$PWD" >a.conf
apache2 -t -f "$PWD/a.conf"; apache2 -X -f "$PWD/a.conf" & p=$!
wait_port 8081; curl -s -o page http://127.0.0.1:8081/missing; kill $p; wait $p; echo Bogus >b.conf; apache2 -t -f "$PWD/b.conf"

#: name=lighttpd packages=lighttpd,curl
printf 'server.document-root="/tmp"\nserver.port=8082\nserver.bind="127.0.0.1"\nserver.errorlog="/dev/stderr"\n' >l.conf
lighttpd -tt -f l.conf; lighttpd -D -f l.conf & p=$!
wait_port 8082; curl -s -o page http://127.0.0.1:8082/missing; kill $p; wait $p; echo 'bogus' >b.conf; lighttpd -tt -f b.conf

#: name=haproxy packages=haproxy
printf 'global\n log /dev/log local0\ndefaults\n mode tcp\n timeout client 1s\n timeout connect 1s\n timeout server 1s\nlisten l\n bind 127.0.0.1:8083\n server s 127.0.0.1:1\n' >h.cfg
haproxy -c -f h.cfg; haproxy -f nothing; echo bogus >b.cfg; haproxy -c -f b.cfg

#: name=sshd packages=openssh-server,openssh-client
mkdir -p /run/sshd; ssh-keygen -q -t ed25519 -N '' -f key; /usr/sbin/sshd -t -f /nonexistent
/usr/sbin/sshd -D -e -p 2222 -h "$PWD/key" -o ListenAddress=127.0.0.1 -o PidFile="$PWD/pid" & p=$!
wait_port 2222; ssh -p 2222 -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile="$PWD/kh" nouser@127.0.0.1 true; sleep 0.3; kill $p; wait $p

#: name=sshd-syslog packages=openssh-server,openssh-client
mkdir -p /run/sshd; ssh-keygen -q -t ed25519 -N '' -f key
/usr/sbin/sshd -D -p 2223 -h "$PWD/key" -o ListenAddress=127.0.0.1 -o PidFile="$PWD/pid" & p=$!
wait_port 2223; ssh -p 2223 -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile="$PWD/kh" nouser@127.0.0.1 true; sleep 0.3; kill $p; wait $p

#: name=redis packages=redis-server,redis-tools
redis-server --port 6380 --bind 127.0.0.1 --save '' --logfile '' >redis.out & p=$!
wait_port 6380; redis-cli -p 6380 set a b; redis-cli -p 6380 nosuch; redis-cli -p 1 ping; kill $p; wait $p; redis-server /nonexistent.conf; redis-server --bogus x

#: name=redis-syslog packages=redis-server,redis-tools
redis-server --port 6381 --bind 127.0.0.1 --save '' --logfile '' --syslog-enabled yes --syslog-ident matrixredis >redis.out & p=$!
wait_port 6381; redis-cli -p 6381 set a b; kill $p; wait $p

#: name=memcached packages=memcached
memcached -u root -l 127.0.0.1 -p 11311 -vv & p=$!
wait_port 11311; printf 'set a 0 0 1\r\nb\r\nget a\r\nquit\r\n' | nc_once 11311 >answer; kill $p; wait $p; memcached -Z x; memcached -l 256.1.1.1 -u root

#: name=postgres packages=postgresql-15
b=/usr/lib/postgresql/15/bin; mkdir d && chown postgres d && chmod 755 .; mkdir -p /run/postgresql; chown postgres /run/postgresql
setpriv --reuid=postgres --regid=postgres --clear-groups $b/initdb -D d >initdb.out
setpriv --reuid=postgres --regid=postgres --clear-groups $b/postgres -D d -c listen_addresses=127.0.0.1 -c port=5433 & p=$!
wait_port 5433; psql -h 127.0.0.1 -p 5433 -U postgres -c 'select * from nothing' -c "do \$\$ begin raise warning 'careful'; end \$\$"; psql -h 127.0.0.1 -p 1 -c 'select 1'; kill -INT $p; wait $p

#: name=mariadb packages=mariadb-server,mariadb-client
mkdir d; mariadb-install-db --no-defaults --datadir="$PWD/d" --user=root --auth-root-authentication-method=normal >install.out
mariadbd --no-defaults --datadir="$PWD/d" --user=root --port=3307 --bind-address=127.0.0.1 --socket="$PWD/s" --pid-file="$PWD/pid" & p=$!
wait_port 3307; mariadb --no-defaults -h 127.0.0.1 -P 3307 -u root -e 'select * from nothing.here'; mariadb --no-defaults -h 127.0.0.1 -P 1 -e 'select 1'; kill $p; wait $p; mariadbd --no-defaults --user=root --datadir=/nonexistent

#: name=nginx-syslog packages=nginx-light,curl
mkdir -p /var/log/nginx /var/lib/nginx /run; printf 'daemon off; pid %s/n.pid; error_log syslog:server=unix:/dev/log,tag=web notice; events {} http { access_log syslog:server=unix:/dev/log,nohostname,severity=debug; server { listen 127.0.0.1:8090; root /nonexistent; } }\n' "$PWD" >n.conf
nginx -c "$PWD/n.conf" & p=$!
wait_port 8090; curl -s -o page http://127.0.0.1:8090/missing; kill $p; wait $p

#: name=haproxy-syslog packages=haproxy,curl
printf 'global\n log /dev/log local0\n log /dev/log format rfc5424 local1 notice\ndefaults\n mode http\n log global\n option httplog\n timeout connect 1s\n timeout client 1s\n timeout server 1s\nfrontend f\n bind 127.0.0.1:8091\n http-request return status 204\n' >h.cfg
haproxy -db -f h.cfg & p=$!
wait_port 8091; curl -s http://127.0.0.1:8091/x; sleep 0.3; kill $p; wait $p

#: name=python-sysloghandler packages=python3 quick
python3 -c '
import logging, logging.handlers
l = logging.getLogger("x"); h = logging.handlers.SysLogHandler("/dev/log"); l.addHandler(h)
l.error("from the handler"); l.warning("two\nlines"); h.ident = "app[7]: "; l.critical("with an ident")
try: 1 / 0
except ZeroDivisionError: l.exception("caught")'

#: name=journal-api packages=python3,libsystemd0 quick journal
python3 -c '
import ctypes, os
lib = ctypes.CDLL("libsystemd.so.0")
lib.sd_journal_print(3, b"printed %d", 1); lib.sd_journal_send(b"MESSAGE=sent", b"PRIORITY=%i", 4, b"X=%s", b"y", None)
lib.sd_journal_send(b"MESSAGE=two\nlines", None); lib.sd_journal_perror(b"perror")
fd = lib.sd_journal_stream_fd(b"stream", 6, 1); os.write(fd, b"<4>a line\nanother\nno end")'

#: name=systemd-cat packages=systemd,bsdutils quick journal
systemd-cat -t backup -p warning sh -c 'echo out; /bin/echo "<3>from echo"; ls /; cat <<EOF
several
lines
EOF'
echo piped | systemd-cat -t pipe; printf 'MESSAGE=by logger\nPRIORITY=2\nX=1\n' | logger --journald

#: name=dnsmasq packages=dnsmasq-base,bind9-dnsutils
dnsmasq --test -C /nonexistent; dnsmasq -d -p 5353 --listen-address=127.0.0.1 --bind-interfaces --no-resolv --no-hosts --address=/x.test/10.0.0.1 --log-queries --user=root & p=$!
sleep 0.5; dig +short +time=1 +tries=1 @127.0.0.1 -p 5353 x.test; kill $p; wait $p; dnsmasq --bogus

#: name=dnsmasq-syslog packages=dnsmasq-base
dnsmasq -k -p 5354 --listen-address=127.0.0.1 --bind-interfaces --no-resolv --no-hosts --user=root --pid-file= & p=$!
sleep 0.5; kill $p; wait $p

#: name=bind packages=bind9,bind9-dnsutils varies=automatic.interface.scanning
mkdir -p w; printf 'options { directory "%s/w"; listen-on port 5355 { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none; recursion no; session-keyfile none; };\ncontrols {};\nzone "x" { type primary; file "nothing"; };\n' "$PWD" >n.conf
named-checkconf n.conf; named -g -n 1 -c n.conf & p=$!
sleep 1.5; dig +short +time=1 +tries=1 @127.0.0.1 -p 5355 x.test; kill $p; wait $p; echo 'bogus' >b.conf; named-checkconf b.conf

#: name=cron packages=cron
echo '* * * * * root echo hello' >/etc/cron.d/x; chmod 600 /etc/cron.d/x; cron -f -L 7 & p=$!
sleep 0.7; kill $p; wait $p; crontab nothing; echo 'bogus line' | crontab -; cron -Z

#: name=postfix packages=postfix
postconf -e 'inet_interfaces=127.0.0.1' 'maillog_file=/dev/stdout'; postconf nosuchparameter; postconf -n bogus=; postalias nothing; postmap nothing; echo 'a b' >m; postmap m; postqueue -p; sendmail -bogus

#: name=rsyslogd packages=rsyslog log=own
printf 'module(load="imuxsock" SysSock.Name="%s/log")\n*.* action(type="omfile" file="%s/all.txt")\nbogus(\n' "$PWD" "$PWD" >r.conf
rsyslogd -N1 -f r.conf; printf 'module(load="imuxsock" SysSock.Use="off")\n*.* action(type="omfile" file="%s/all.txt")\n' "$PWD" >g.conf
rsyslogd -n -f g.conf -i "$PWD/pid" & p=$!
sleep 0.7; kill $p; wait $p; rsyslogd -Z

#: name=dbus-daemon packages=dbus
mkdir -p /run/dbus; dbus-daemon --session --address=unix:path="$PWD/bus" --nofork --print-address=1 >address & p=$!
sleep 0.4; dbus-send --bus=unix:path="$PWD/bus" --print-reply --dest=no.such / no.such.Method; kill $p; wait $p; dbus-daemon --config-file=/nonexistent; dbus-send

#: name=stunnel packages=stunnel4,openssl
openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -subj /CN=x 2>>stderr.elsewhere; cat k.pem c.pem >both.pem; chmod 600 both.pem
printf 'foreground=yes\npid=\nsyslog=no\n[x]\naccept=127.0.0.1:8443\nconnect=127.0.0.1:1\ncert=%s/both.pem\n' "$PWD" >s.conf; stunnel4 s.conf & p=$!
wait_port 8443; kill $p; wait $p; stunnel4 nothing

#: name=inetutils-syslogd-clients packages=inetutils-ping,inetutils-telnet
ping -c 1 nosuch.invalid; ping -Z; telnet 127.0.0.1 1; telnet nosuch.invalid

#: name=socat-nc packages=socat,netcat-openbsd
socat - TCP:127.0.0.1:1; socat bogus -; socat -d -d -u EXEC:'echo hi' - ; nc -z -v 127.0.0.1 1; nc nosuch.invalid 1

#: name=python-httpd packages=python3,curl quick varies=Terminated
python3 -u -m http.server --bind 127.0.0.1 8085 >out & p=$!
wait_port 8085; curl -s -o page http://127.0.0.1:8085/missing; kill $p; wait $p
