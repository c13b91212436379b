package sources

// A Field is one column of a raw table.
type Field struct{ Name, SQL string }

// RawColumns is the whole schema of raw.<kind> as its Parquet files have it, in
// order. First where the record came from, then the person, then every column
// of the kind with its raw twin. The view over the files adds record and as_of.
func (k Kind) RawColumns() []Field {
	fields := []Field{
		{"file", "VARCHAR"}, {"sheet", "VARCHAR"}, {"sheet_no", "INTEGER"},
		{"row", "BIGINT"}, {"part", "INTEGER"},
	}
	for _, c := range k.Columns {
		fields = append(fields, c.rawFields()...)
	}
	return fields
}

// rawFields are what one column becomes in raw: the cleaned value, what the
// cleaner read out of it, and the cell as it came.
func (c Column) rawFields() []Field {
	fields := []Field{{c.RawName(), c.Type.SQL()}}
	add := func(name, sql string) { fields = append(fields, Field{name, sql}) }
	switch {
	case c.isOwnName():
		add("name_raw", "VARCHAR")
		add("name_fold", "VARCHAR")
		add("name_sound", "VARCHAR")
		add("surname", "VARCHAR")
	case c.isOwnID():
		add("id_raw", "VARCHAR")
		add("id_kind", "VARCHAR")
		add("id_key", "BIGINT")
		add("id_birth", "DATE")
		add("id_sex", "VARCHAR")
		add("id_disability", "VARCHAR")
		add("id_level", "VARCHAR")
	case c.Type == ID:
		add(c.TwinName(), "VARCHAR")
		add(keyName(c), "BIGINT")
	case c.Name == "village":
		// The place is one: its code and where it was read stand after its last name.
		add(c.TwinName(), "VARCHAR")
		add("area_code", "VARCHAR")
		add("place_from", "VARCHAR")
	default:
		add(c.TwinName(), "VARCHAR")
	}
	if c.Naming {
		add(c.Name+"_fold", "VARCHAR")
	}
	if c.Coded {
		add(c.CodeName(), "VARCHAR")
	}
	if c.Level {
		add("certificate_level", "VARCHAR")
	}
	return fields
}

// keyName is the name of an ID's 17 digits as an integer: head_id_no → head_id_key.
func keyName(c Column) string {
	return c.Name[:len(c.Name)-len("_no")] + "_key"
}
