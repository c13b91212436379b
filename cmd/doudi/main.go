// Command doudi reconciles the dibao rolls with the poverty registers every
// night and publishes the gaps.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
