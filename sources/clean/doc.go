// Package clean turns the text of one cell into a typed value: identity
// numbers, names, dates, money, numbers, places and coded words.
//
// Every function here is pure: the same text gives the same value, whatever
// the file, the night, the machine or the order. None reads a clock, a file or
// the network, none returns an error: a cell that cannot be read is answered
// with ok = false, and the caller decides what that means for the record.
// Nothing here ever prints or stores what it was given.
//
// Words and Places hold policy tables; once made they are read-only and may be
// used by any number of goroutines.
package clean
