package sources

// disability is the federation's list of certificates. The number has 20 digits
// (ID, class, level) or 22 (re-issued); where the list has no class or level of
// its own, they are digits 19 and 20 of the number. 有效期 长期 is an open one.
var disability = Kind{
	Name: "disability", Title: "持证残疾人", Office: "残联", Persons: true,
	Doc: "One row a disability certificate.",
	Columns: person([]string{"姓名", "残疾人姓名"},
		certificateNo(), disabilityClass(), disabilityLevel(),
		date("issued", "The day of issue.", "发证日期", "发证时间", "首次发证日期"),
		date("valid_until", "The last day it is valid; null where open.", "有效期", "有效期至", "有效期限", "证件有效期"),
		word("state", "Whether it is in force.", "状态", "证件状态", "持证状态"),
		text("guardian", "The guardian.", "监护人", "监护人姓名").naming(),
		text("remark", "The remark; words such as 工伤护理 count.", "备注", "备注信息").coded(),
	),
}
