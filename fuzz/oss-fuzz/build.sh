#!/bin/bash -eu
# SPDX-License-Identifier: MIT
# What OSS-Fuzz and ClusterFuzzLite run: the targets, their corpora, options and
# dictionaries, the scenarios that fuzz_play plays, and the libraries that they
# link go to $OUT. CC, CFLAGS, LIB_FUZZING_ENGINE, SRC, WORK and OUT are given.
cmake -S "$SRC/pop3spec" -B "$WORK/build" -G Ninja \
	-DCMAKE_C_FLAGS="$CFLAGS" -DBUILD_TESTING=OFF -DPOP3SPEC_FUZZ=ON \
	-DPOP3SPEC_FUZZ_ENGINE="$LIB_FUZZING_ENGINE" \
	-DCMAKE_EXE_LINKER_FLAGS="-Wl,-rpath,'\$ORIGIN/lib'" \
	-DCMAKE_BUILD_WITH_INSTALL_RPATH=ON
cmake --build "$WORK/build" --target fuzzers

python3 -B "$SRC/pop3spec/fuzz/seeds.py" "$WORK/seeds"
mkdir -p "$OUT/lib"
cp -r "$SRC/pop3spec/scenarios" "$OUT"
for source in "$SRC"/pop3spec/fuzz/fuzz_*.c; do
	target=$(basename "$source" .c)
	name=${target#fuzz_}
	cp "$WORK/build/fuzz/$target" "$OUT"
	cp "$SRC/pop3spec/fuzz/$target".{dict,options} "$OUT"
	inputs=("$SRC/pop3spec/fuzz/corpus/$name"/*)
	[ ! -d "$WORK/seeds/$name" ] || inputs+=("$WORK/seeds/$name"/*)
	python3 - "$OUT/${target}_seed_corpus.zip" "${inputs[@]}" <<-'PACK'
	import os, sys, zipfile
	with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
	    for path in sys.argv[2:]:
	        archive.write(path, os.path.basename(path)) \
	            if os.path.basename(path) not in archive.namelist() else None
	PACK
	ldd "$OUT/$target" | awk '/lib(jansson|crypto|crypt|uv|gsasl|idn|ntlm|gssglue)\./ { print $3 }' |
		xargs -r cp -n -t "$OUT/lib"
done
