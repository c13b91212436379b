package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"doudi/fixtures/truth"
)

// writeFlat writes a.csv, the roll of dibao, and b.csv, the register, as one
// flat table each with the true person beside. The cells are those that the night
// published: read, tidied and with codes of places, which is more than another
// linker would start from.
func writeFlat(known *truth.Known, dir, flat string) error {
	root, night := current(dir)
	if err := os.MkdirAll(flat, 0o700); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	persons, err := truth.Published(root, "persons", night, "roll", "file", "sheet", "row",
		"household", "name", "id_no", "sex", "birth", "area_code", "town", "village")
	if err != nil {
		return err
	}
	for _, roll := range []struct{ name, file string }{{"dibao_persons", "a.csv"}, {"register", "b.csv"}} {
		relations, err := truth.Published(root, roll.name, night, "file", "sheet", "row", "relation", "household")
		if err != nil {
			return err
		}
		relation := map[truth.Place]string{}
		for _, r := range relations {
			relation[truth.Place{r[0], r[1], r[2]}] = r[3]
		}
		head := map[string]string{} // household → its head's name
		for _, p := range persons {
			if p[0] == roll.name && relation[truth.Place{p[1], p[2], p[3]}] == "head" {
				head[p[4]] = p[5]
			}
		}
		rows := [][]string{{"unique_id", "person", "household", "name", "id_no", "sex", "birth", "town", "village", "relation", "head_name"}}
		for _, p := range persons {
			at := truth.Place{p[1], p[2], p[3]}
			if p[0] != roll.name || known.Records[at].Person == "" {
				continue
			}
			rows = append(rows, []string{fmt.Sprint(roll.file[:1], len(rows)), known.Records[at].Person, p[4], p[5], p[6], p[7], date(p[8]),
				p[10], p[11], relation[at], head[p[4]]})
		}
		if err := writeCSV(filepath.Join(flat, roll.file), rows); err != nil {
			return err
		}
	}
	return nil
}

// date is a day counted from 1970, as Parquet has it, written out.
func date(days string) string {
	n, err := strconv.Atoi(days)
	if err != nil {
		return "" // not known
	}
	return time.Unix(int64(n)*86400, 0).UTC().Format(time.DateOnly)
}

func writeCSV(path string, rows [][]string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := csv.NewWriter(f).WriteAll(rows); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
