package sources

// approvals is the ledger of applications with the five steps: 调查, 听证, 公示,
// 抽查, 审批.
var approvals = Kind{
	Name: "approvals", Title: "救助审批", Office: "民政局", Persons: true,
	Doc: "One row an application.",
	Columns: person([]string{"申请人姓名", "申请人", "姓名"},
		text("application_no", "The number of the application.", "申请编号", "申请号"),
		word("benefit", "What was applied for.", "申请救助类型", "救助类型", "申请类别"),
		date("applied", "The day of application.", "申请日期", "申请时间"),
		date("surveyed", "The day of the visit.", "入户调查日期", "调查日期", "入户调查时间"),
		date("heard", "The day of the hearing.", "民主听证日期", "听证日期", "民主听证时间"),
		date("published", "The day of publication.", "公示日期", "公示时间"),
		date("sampled", "The day of the sample check.", "抽查日期", "抽查时间"),
		date("decided", "The day of decision.", "审批日期", "审批时间"),
		word("result", "The decision.", "审批结果"),
		text("refusal", "Why it was refused.", "不予批准原因", "不批准原因"),
		word("wish", "What the applicant wishes.", "申请人意愿", "本人意愿"),
	),
}
