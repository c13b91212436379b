package sources

// register is the poverty register: persons of 脱贫户 and 监测对象, as the national
// system of 2022–23 exports them (one or two title rows, header on the second or
// third, up to 110 columns in any order), and the older forms of 建档立卡 (贫困户属性,
// 领取低保金, 五保金). 证件号码 has 15, 18, 20 (a disability certificate) or 22
// characters (a re-issued one). The dead and departed stay in it with a state.
// 风险是否已消除0 stands beside 风险是否已消除 and is another column.
var register = Kind{
	Name: "register", Title: "脱贫人口和监测对象", Office: "农业农村局（乡村振兴）", Persons: true,
	Doc: "One row a person of the poverty register.",
	Columns: personUnder(nameWords, merged([]string{"证件号码"}, idWords), []Column{
		text("household_no", "The household's number in the register.", "户编号"),
		text("person_no", "The person's number in the register.", "人编号"),
		word("id_kind", "The kind of document.", "证件类型").inRawAs("document_kind"),
		count("people", "How many the household is.", "人数", "家庭人口", "家庭人口数", "家庭人数"),
		word("relation", "How the person is related to the head.", "与户主关系", "与户主的关系"),
		word("state", "Whether the person is still there.", "人员状态", "状态"),
		word("left_reason", "Why the person left.", "减少原因", "自然减少原因"),
		word("health", "The state of health.", "健康状况"),
		word("labour", "The capacity for work.", "劳动技能", "劳动能力"),
		word("pupil", "What school the person is at.", "在校生状况", "在校生情况"),
		word("household_kind", "The kind of household.", "户类型", "贫困户属性", "农户类型"),
		word("lifted", "Whether the household is lifted out of poverty.", "脱贫属性"),
		word("watch", "The class of watch the household is under.",
			"监测对象类别", "易返贫致贫户(监测对象)类型", "监测类别", "监测对象类型"),
		yes("cleared", "Whether the risk is cleared.", "风险是否已消除", "风险是否消除"),
		date("watch_from", "The day the risk was seen.", "风险识别时间", "识别时间"),
		date("cleared_on", "The day the risk was cleared.", "风险消除时间"),
		risk("1", "致贫/返贫风险", "主要致贫原因"), risk("2", "其他致贫原因"), risk("3"), risk("4"), risk("5"),
		money("income_head_year", "The household's income a head and year, assistance included.", "人均纯收入", "家庭人均纯收入"),
		money("transfer_year", "The household's transfers a year.", "转移性收入"),
		money("dibao_income_year", "Dibao money among them.", "低保金", "领取低保金"),
		money("tekun_income_year", "Tekun money among them.", "特困人员救助供养金", "五保金", "特困供养金", "领取五保金"),
		word("flag_dibao", "Whether the register holds the person to be on dibao.",
			"享受低保政策情况", "是否享受农村居民最低生活保障"),
		word("flag_tekun", "Whether the register holds the person to be on tekun.", "享受特困供养政策情况"),
		text("measures", "The measures of social protection, several in one cell.", "综合保障").severalWords(),
		yes("no_labour_household", "Whether the whole household has no labour capacity.", "整户无劳动能力兜底保障户"),
		yes("insured", "Whether the person is in the residents' medical insurance.", "是否参加城乡居民基本医疗保险"),
		word("away", "Where the person is: at work elsewhere, in the army, in prison.", "去向", "人员去向", "外出状态"),
	}),
}

func risk(n string, more ...string) Column {
	return word("risk_"+n, "Risk "+n+" of falling into poverty.", append([]string{
		"致贫/返贫风险" + n, "致贫返贫风险" + n, "返贫风险" + n, "致贫风险" + n, "致贫原因" + n, "致贫/返贫风险/" + n}, more...)...)
}
