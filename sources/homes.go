package sources

// homes is the lists of residents of 敬老院 and 福利院. A home without residents
// may stand in it with its places alone.
var homes = Kind{
	Name: "homes", Title: "供养机构入住人员", Office: "民政局（供养机构）", Persons: true, Nameless: true,
	Doc: "One row a resident of a home.",
	Columns: optional(personUnder(
		[]string{"姓名", "入住人姓名", "供养对象姓名", "人员姓名", "老人姓名"}, idWords, []Column{
			text("home", "The home.", "机构名称", "名称", "供养机构", "供养机构名称", "敬老院名称").required().naming(),
			count("places", "How many beds it has.", "床位数", "核定床位", "核定床位数"),
			date("moved_in", "The day the resident moved in.", "入住日期", "入住时间"),
			word("resident_kind", "What the resident is.", "人员类别", "人员类型", "入住人员类别"),
		})),
}

// optional lets a list do without the person's own columns.
func optional(columns []Column) []Column {
	for i := range columns[:2] {
		columns[i].Required = false
	}
	return columns
}
