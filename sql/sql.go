// Package sql holds what is true of the rolls, one select a file: the path is
// the table's name. normal/ is one table a thing, link/ who is who,
// finding/<side>/ one table a rule, report/ what is published.
package sql

import "embed"

// Files are the models.
//
//go:embed normal link finding report
var Files embed.FS
