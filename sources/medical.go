package sources

// medical is medical assistance, one settled bill a row.
var medical = Kind{
	Name: "medical", Title: "医疗救助", Office: "医保局", Persons: true,
	Doc: "One row a settled hospital bill.",
	Columns: person(nil,
		text("claim_no", "The number of the bill.", "结算单号", "单据号", "就诊号"),
		word("aid_class", "The class of assistance.", "救助对象类别", "救助对象类型", "救助类别"),
		text("hospital", "The hospital.", "医疗机构", "医疗机构名称", "就诊医院", "医院名称"),
		date("admitted", "The day of admission.", "入院日期", "入院时间"),
		date("discharged", "The day of discharge.", "出院日期", "出院时间"),
		money("total", "The whole bill.", "总费用", "医疗总费用", "费用总额"),
		money("basic_paid", "Paid by the basic insurance.", "基本医保支付", "基本医疗保险支付"),
		money("serious_paid", "Paid by the insurance for serious illness.", "大病支付", "大病保险支付"),
		money("policy_self_pay", "The patient's own part within the policy's range.", "政策范围内自付", "政策范围内自付费用"),
		money("assistance", "The assistance.", "救助金额", "医疗救助金额"),
		percent("ratio", "The ratio of assistance.", "救助比例"),
		date("settled", "The day of settlement.", "结算日期", "结算时间"),
		money("start_line", "The line from which assistance starts.", "起付线", "起付标准"),
		money("cap_left", "What is left of the year's cap.", "年度限额余额", "年度救助限额余额"),
		text("remark", "The remark; words such as 封顶 count.", "备注", "备注信息").coded(),
	),
}
