package main

import (
	"fmt"

	"doudi/pipeline"

	"github.com/spf13/cobra"
)

// version is `doudi version`.
func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "程序、DuckDB 和模型的版本",
		Args:  args(),
		RunE: func(c *cobra.Command, _ []string) error {
			engine, models, err := pipeline.Versions(c.Context())
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "doudi %s\nDuckDB %s\nmodels %s\n", program, engine, models)
			return nil
		},
	}
}
