# Clients and version control: progress bars, verbose traces and refusals.

#: name=curl packages=curl,python3
python3 -m http.server --bind 127.0.0.1 8090 >/dev/null 2>>stderr.elsewhere & p=$!
wait_port 8090; curl -sSv -o got http://127.0.0.1:8090/; curl -sS -o /nonexistent/x http://127.0.0.1:8090/; curl http://127.0.0.1:1/; curl bogus://x; curl --nope; curl -sS http://nosuch.invalid/; kill $p

#: name=wget packages=wget,python3
echo content >file; python3 -m http.server --bind 127.0.0.1 8091 >/dev/null 2>>stderr.elsewhere & p=$!
wait_port 8091; wget -O got http://127.0.0.1:8091/file; wget -nv http://127.0.0.1:8091/missing; wget -q http://127.0.0.1:1/; wget --nope; wget --progress=dot -O got2 http://127.0.0.1:8091/file; kill $p

#: name=ssh packages=openssh-client
ssh -o BatchMode=yes -p 1 127.0.0.1 true; ssh -vvv -o BatchMode=yes -p 1 x@127.0.0.1 true; ssh nosuch.invalid; ssh -Z; ssh-keygen -l -f nothing; scp nothing x@127.0.0.1:/; sftp -b nothing x; ssh-add nothing

#: name=git packages=git quick
export HOME=$PWD GIT_CONFIG_NOSYSTEM=1; git init -q r; cd r; git commit -m x; git config user.email a@example.invalid; git config user.name a; echo 1 >f; git add f; git commit -q -m one; git checkout nothing; git checkout -b b; echo 2 >f; git commit -qam two; git checkout -q -; echo 3 >f; git commit -qam three; git merge b; git push; git clone /nonexistent x; git clone --progress . ../copy; git --nope; git nosuch; git log nothing; git fsck

#: name=rsync packages=rsync
mkdir a; echo 1 >a/f; rsync nothing x; rsync -a a/ /nonexistent/d/e/; rsync --nope; rsync -av a/ b/; rsync -a x@127.0.0.1::nothing . ; rsync -a --info=progress2 a/ c/

#: name=openssl packages=openssl
openssl x509 -in nothing; openssl nosuch; openssl genrsa -out k 1024; openssl req -x509 -new -key k -subj /CN=x -out c; openssl verify c; openssl s_client -connect 127.0.0.1:1; openssl enc -d -aes-128-cbc -k x -in c; openssl rsa -in c; openssl dgst -bogus

#: name=gpg packages=gnupg
export GNUPGHOME=$PWD/g; mkdir -m 700 g; gpg --batch --list-keys nobody; gpg --batch --verify nothing; echo x | gpg --batch --yes -d; gpg --batch --import nothing; gpg --nope; echo hi | gpg --batch --pinentry-mode loopback --passphrase x -c -o e.gpg; gpg --batch --pinentry-mode loopback --passphrase wrong -d e.gpg; gpgconf --kill all

#: name=dig packages=bind9-dnsutils,bind9-host
dig +time=1 +tries=1 @127.0.0.1 -p 1 x.test; dig -Z; host -W 1 x.test 127.0.0.1; nslookup -timeout=1 x.test 127.0.0.1; delv @127.0.0.1 -p 1 x.test; nsupdate nothing

#: name=ldap-smb-ftp packages=ldap-utils,lftp
ldapsearch -x -H ldap://127.0.0.1:1; ldapsearch -Z; lftp -c 'set net:max-retries 1; open -p 1 127.0.0.1; ls'; lftp -c bogus

#: name=subversion packages=subversion
svn info; svnadmin create r; svn checkout -q "file://$PWD/r" w; cd w; echo 1 >f; svn add f; svn commit -q -m x; svn update nothing; svn nosuch; svn diff -r 9; svnadmin verify ../r; svn checkout file:///nonexistent

#: name=mercurial packages=mercurial
export HGPLAIN=1 HGRCPATH=; hg init r; cd r; echo 1 >f; hg add f; hg commit -u a -m x; hg update nothing; hg nosuch; hg push; hg clone /nonexistent x; hg log -r 99; hg verify

#: name=apt-dpkg packages=apt,dpkg
apt-get install nosuchpackage; apt-get --nope; apt-cache show nosuch; dpkg -i nothing.deb; dpkg -l nosuch; dpkg-deb -I /etc/hostname; dpkg --compare-versions a; apt-config dump --nope; apt list nosuch; dpkg-query -W nosuch; dpkg --nope

#: name=sudo packages=sudo
sudo -n -u nouser true; sudo --nope; sudo -n true; visudo -c -f /nonexistent; echo bogus >s; visudo -c -f s

#: name=su-login packages=login,passwd
su nouser -c true; useradd -Z; useradd ''; userdel nouser; passwd -S nouser; chage -l nouser; groupadd root; usermod nouser; newgrp nogroup1 </dev/null; useradd -m tester && su tester -c 'echo as tester >&2'; userdel tester
