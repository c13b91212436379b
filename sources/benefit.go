package sources

// The columns that the lists of benefits share.

func householdNo() Column {
	return text("household_no", "The number of the household's certificate.",
		"低保证号", "低保(特困)证号", "救助证编号", "困难证号", "低保证编号", "特困证号", "救助证号")
}

func benefit() Column {
	return word("benefit", "Rural or urban; out of the title or the file's name where the list has no such column.",
		"救助类型", "救助类别", "低保类型", "低保类别", "保障类型")
}

func state() Column {
	return word("state", "Whether the benefit is in force.", "状态", "救助状态", "享受状态", "保障状态", "人员状态")
}

func startMonth() Column {
	return month("start_month", "The first month of the benefit.",
		"最初享受月", "最初享受月份", "起始保障年月", "最初享受年月", "开始享受年月", "享受起始年月")
}

func stopMonth() Column {
	return month("stop_month", "The month from which it is no longer paid.",
		"停发年月", "停保年月", "停发月份", "停保月份", "停发时间")
}

func stopReason() Column {
	return word("stop_reason", "Why it was stopped.", "停发原因", "停保原因", "退出原因")
}

func class() Column {
	return word("class", "The class of the household: A, B or C.", "分档类型", "类别", "低保分类", "保障类别")
}

func method() Column {
	return word("method", "How the grant is reckoned: made up to the standard, or by tiers.", "救助金计算方式", "计算方式")
}

func baseMonth() Column {
	return money("base_month", "The household's grant a month, without supplements.",
		"户月保障金额", "月保障金", "户月保障金", "月保障金额")
}

func totalMonth() Column {
	return money("total_month", "The household's grant a month in all.", "合计", "合计金额", "月合计")
}

func certificateNo() Column {
	return text("certificate_no", "The number of the disability certificate.",
		"残疾证号", "残疾证号码", "残疾人证号", "残疾人证号码", "残疾证编号").withLevel()
}

func disabilityClass() Column {
	return word("disability", "The class of disability.", "残疾类别", "残疾类型")
}

func disabilityLevel() Column {
	return word("level", "The level of disability, 1 the gravest.", "残疾等级", "残疾级别")
}
