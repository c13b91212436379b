package sources

// deaths is what funeral homes, police or health offices report: a merged title
// over twelve columns, ID numbers missing or mistyped. 火化日期 and 死亡日期 are two
// dates.
var deaths = Kind{
	Name: "deaths", Title: "死亡人员", Office: "民政局（殡葬）、公安局（户籍注销）、卫健局（死亡证明）", Persons: true,
	Doc: "One row a death.",
	Columns: person([]string{"姓名", "逝者姓名", "死者姓名", "死亡人员姓名"},
		date("died", "The day of death.", "死亡日期", "死亡时间", "去世日期").required(),
		date("cremated", "The day of cremation.", "火化日期", "火化时间"),
		text("cause", "The cause of death.", "死亡原因", "死因"),
		text("certificate_no", "The number of the certificate of cremation.", "火化证件编号", "火化证号", "火化证编号"),
	),
}
