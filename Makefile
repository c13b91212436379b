.PHONY: build run test lint bench

build:
	go build -o bin/doudi ./cmd/doudi
