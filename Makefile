VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: build run test test-pull lint bench fuzz spark release update

build:
	go build -ldflags "-X main.program=$(VERSION)" -o bin/doudi ./cmd/doudi

run: build
	test -e demo || bin/doudi demo demo
	bin/doudi -C demo run

test:
	go test -timeout 14m ./...

# Fetching from real servers, which the tests install (Debian, root) and start
# on loopback; where that cannot be, they say SKIPPED.
test-pull:
	DOUDI_TEST_PULL=1 go test -timeout 14m -count=1 -v -run TestPull ./sources/fetch/...

lint:
	test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	go vet ./...
	go tool staticcheck ./...

# Figures of speed and memory, as ratios in one run; see bench/main.go.
bench: build
	go run ./bench

# Every fuzz target for a while each: make fuzz FOR=10m
FOR ?= 1m
fuzz:
	go run ./bench/fuzz -for $(FOR)

# Binaries for Linux that need nothing of the machine, not even a C library, and
# their hashes: amd64, and arm64 where its C compiler and lld are at hand. The
# linker warns of what a static program can do only with the glibc it was linked
# with: nothing here is ever called. At the end one runs a night in a bare root.
#
# arm64's glibc reaches its data through the first 4096 entries of a table that
# DuckDB alone fills: GNU's linkers give up, lld fills it in the order of what it
# is given, so the C library goes first, whole (and what gcc gives it, twice).
STATIC = go build -trimpath -tags netgo,osusergo,timetzdata
STATICLD = -s -w -X main.program=$(VERSION) -linkmode external
ARM64CC ?= aarch64-linux-gnu-gcc
ARM64CXX ?= aarch64-linux-gnu-g++
ARM64LD = $(ARM64CC) -fuse-ld=lld -Wl,--allow-multiple-definition -Wl,--whole-archive -lc -lm -Wl,--no-whole-archive

release:
	rm -rf dist && mkdir dist
	GOOS=linux GOARCH=amd64 CGO_ENABLED=1 $(STATIC) -ldflags "$(STATICLD) -extldflags -static" -o dist/doudi-linux-amd64 ./cmd/doudi
	if command -v $(ARM64CC) && command -v $(ARM64CXX) && command -v ld.lld; then \
		GOOS=linux GOARCH=arm64 CGO_ENABLED=1 CC=$(ARM64CC) CXX=$(ARM64CXX) $(STATIC) \
			-ldflags "$(STATICLD) -extld '$(ARM64LD)' -extldflags '-static -Wl,--gc-sections'" -o dist/doudi-linux-arm64 ./cmd/doudi; \
	else echo "arm64 is left out: it takes $(ARM64CC), $(ARM64CXX) and ld.lld"; fi
	cd dist && sha256sum doudi-linux-* > SHA256SUMS
	DOUDI_TEST_RELEASE=$(CURDIR)/dist go test -count 1 -run '^TestRelease$$' -v ./cmd/doudi

# Every model of sql/normal, sql/link and sql/finding on Spark, its rows against
# DuckDB's: Java 17, Python 3 with venv; PySpark is fetched once, 490 MB.
spark:
	.spark/bin/python -c 'import pyspark' 2>/dev/null || { python3 -m venv .spark && .spark/bin/pip install --quiet pyspark==4.3.0; }
	go run ./bench/spark

# Rewrite the wanted output of the cases, then read what changed.
update:
	go test ./pipeline/model ./cmd/doudi -update
	git diff --stat
