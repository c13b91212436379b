VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: build run test test-pull lint bench fuzz update

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

# Rewrite the wanted output of the cases, then read what changed.
update:
	go test ./pipeline/model ./cmd/doudi -update
	git diff --stat
