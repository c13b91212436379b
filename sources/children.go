package sources

// children is the roll of orphans and of children whom in fact nobody brings up.
var children = Kind{
	Name: "children", Title: "孤儿和事实无人抚养儿童", Office: "民政局", Persons: true,
	Doc: "One row a child under guarantee.",
	Columns: personUnder(merged([]string{"儿童姓名"}, nameWords), merged([]string{"身份证号", "儿童身份证号"}, idWords), []Column{
		word("kind", "Orphan, or in fact without upbringing.", "类型", "儿童类型", "儿童类别", "类别"),
		word("father", "What became of the father.", "父亲情形", "父亲情况", "父亲状况", "父/情形"),
		word("mother", "What became of the mother.", "母亲情形", "母亲情况", "母亲状况", "母/情形"),
		text("guardian", "The guardian.", "监护人", "监护人姓名").naming(),
		word("care_mode", "Whether the child lives in a home or in a family.", "养育方式", "安置方式"),
		money("standard_month", "The standard a month.", "标准", "保障标准", "基本生活费标准"),
		money("amount_month", "What is paid a month.", "补差额", "发放金额", "补差金额"),
		word("state", "Whether it is in force.", "状态", "保障状态"),
	}),
}
