# Media, documents and databases of files: programs that say almost everything on stderr.

#: name=ffmpeg packages=ffmpeg
ffmpeg -hide_banner -nostdin -f lavfi -i testsrc=size=64x48:rate=5:duration=1 -c:v mpeg4 -threads 1 -y v.avi; ffmpeg -hide_banner -nostdin -i nothing.mp4 out.avi; ffprobe -hide_banner v.avi; ffmpeg -hide_banner -nope; ffmpeg -hide_banner -nostdin -i v.avi -f null -

#: name=imagemagick packages=imagemagick
convert -size 8x8 xc:red r.png; convert nothing.png x.png; identify nothing; identify -verbose r.png >/dev/null; convert r.png -bogus x.png; compare -metric AE r.png r.png null:; mogrify nothing

#: name=sox packages=sox
sox -n -r 8000 s.wav synth 0.1 sine 440; sox nothing.wav x.wav; sox -V3 s.wav t.wav; soxi nothing; sox s.wav -n stat; sox --nope; sox s.wav t.wav bogus

#: name=graphviz packages=graphviz
echo 'digraph { a -> b' | dot -Tsvg; echo 'digraph { a -> b }' | dot -Tbogus; dot nothing; echo 'digraph { a [shape=nosuch] }' | dot -Tdot >x; dot -Z

#: name=ghostscript packages=ghostscript
gs -q -dBATCH -dNOPAUSE -sDEVICE=nullpage nothing.ps; echo '(unbalanced' | gs -q -dBATCH -dNOPAUSE -sDEVICE=nullpage -; echo '/x undefinedop' | gs -q -dBATCH -dNOPAUSE -sDEVICE=nullpage -; gs -sDEVICE=bogus

#: name=poppler-qpdf packages=poppler-utils,qpdf
echo junk >x.pdf; pdftotext x.pdf; pdfinfo nothing; qpdf --check x.pdf; qpdf nothing out.pdf; qpdf --empty e.pdf; pdfinfo e.pdf; qpdf --nope; pdftoppm nothing

#: name=netpbm-jpeg packages=libjpeg-turbo-progs,netpbm
printf 'P3 2 2 255 1 2 3 4 5 6 7 8 9 10 11 12\n' >a.ppm; cjpeg a.ppm >a.jpg; djpeg nothing; head -c 100 a.jpg | djpeg >b.ppm; pnmtopng nothing; pnmscale 2 a.ppm >c.ppm; echo junk | cjpeg; pnmcut

#: name=zip packages=zip,unzip
echo x >f; zip a.zip f nothing; unzip -t a.zip; unzip nothing; head -c 60 a.zip >b.zip; unzip -o b.zip; zip; zip -T a.zip; unzip -Z nothing; zip b.zip nothing

#: name=cpio-rsync-tools packages=cpio,sharutils
echo nothing | cpio -o >x.cpio; echo /etc/hostname | cpio -o >y.cpio; cpio -i <nothing; head -c 50 y.cpio | cpio -t; cpio -tv <y.cpio; uuencode nothing x; echo junk | uudecode

#: name=groff-man packages=groff-base,man-db
printf '.bogus\n.TH X\n.\\" \n\\[nosuch]\n' >x.1; groff -ww -Tascii x.1 >out; man nothing; man ./x.1 >out2; groff nothing; nroff -Z nothing; tbl nothing; apropos --nope; mandb --nope

#: name=texinfo packages=texinfo
printf '\\input texinfo\n@node Top\n@bogus\n@ref{nowhere}\n@bye\n' >x.texi; makeinfo --plaintext x.texi -o x.txt; makeinfo nothing; makeinfo --nope
