package sources

// insurance is the medical insurance of residents and who paid for it.
var insurance = Kind{
	Name: "insurance", Title: "参保与资助", Office: "医保局", Persons: true,
	Doc: "One row a person's medical insurance of a year.",
	Columns: person(nil,
		count("year", "The year insured.", "年度", "参保年度", "缴费年度").required(),
		word("scheme", "Residents' or employees' scheme.", "险种", "险种类型", "参保险种"),
		word("subsidy_class", "The class by which the premium is subsidised.", "资助类别", "资助对象类别"),
		money("subsidy", "The subsidy.", "资助金额", "资助额"),
		money("own_pay", "What the person paid.", "个人缴费", "个人缴费金额", "个人缴纳"),
		text("place", "Where the person is insured.", "参保地", "参保地区"),
	),
}
