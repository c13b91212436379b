package sources

// dibaoPersons is the civil-affairs export of persons on 低保 (农村低保人员查询_*.xlsx,
// 城市低保人员查询_*.xlsx): header in the first row, cut by the column width
// (所属社 for 所属社区), 帐 for 账. 户主身份证号 is often empty on the head's own
// row. The household's money stands on every member's row again; who takes it
// takes it once. The families' file of the same export looks much the same: it
// has 家庭人口 or 保障人口 and no 与户主关系 (see dibao_families.go).
var dibaoPersons = Kind{
	Name: "dibao_persons", Title: "低保人员", Office: "民政局", Persons: true,
	Doc:     "One row a person of a household on dibao, covered or not.",
	Columns: benefitPersons(),
}

// benefitPersons are the columns of the persons' exports of dibao, and of
// tekun, edge and rigid_spending, which come out of the same system.
func benefitPersons(more ...Column) []Column {
	own := []Column{
		id("head_id_no", "The ID number of the household's head; empty on the head's own row is normal.",
			"户主身份证号", "户主身份证号码", "户主证件号码"),
		word("relation", "How the person is related to the head.", "与户主关系", "与低保户主关系", "与申请人关系", "与户主的关系"),
		householdNo(),
		benefit(),
		yes("covered", "Whether the person is covered.", "是否保障对象", "是否享受", "是否保障人口", "是否保障"),
		state(),
		startMonth(), stopMonth(), stopReason(),
		class(), method(),
		yes("single_person", "Whether the person is covered alone (单人保).", "是否单人保", "单人保"),
		word("health", "The state of health.", "健康状况", "身体状况"),
		text("illness", "The illness.", "患病病种", "所患疾病"),
		word("labour", "The capacity for work.", "劳动能力", "劳动技能"),
		yes("is_disabled", "Whether the person is disabled.", "是否残疾", "是否残疾人"),
		certificateNo(), disabilityClass(), disabilityLevel(),
		word("marital", "The marital status.", "婚姻状况"),
		yes("registered", "Whether civil affairs holds the person to be on the poverty register.",
			"是否建档立卡扶贫对象", "是否脱贫人口", "是否建档立卡", "是否建档立卡贫困户"),
		text("school", "The school.", "在读学校名称", "在读学校", "就读学校"),
		word("school_kind", "The kind of school.", "在读学校性质", "学校性质"),
		date("school_from", "The day school began.", "在读学校入学时间", "入学时间"),
		date("school_until", "The day school ends.", "毕业时间", "预计毕业时间"),
		word("employment", "The employment.", "就业状况"),
		money("income_year", "The person's income a year.", "年收入", "个人年收入"),
		baseMonth(),
		money("supplement_month", "The person's classified supplement a month.",
			"合计分类施保金额", "人员分类施保金额", "分类施保金额"),
		totalMonth(),
		text("bank", "The bank.", "开户银行", "开户行"),
		text("account_holder", "Who holds the account.", "银行账户名称", "账户名称", "开户人"),
		text("account", "The account.", "银行账号", "一卡通账号", "一卡通账户", "账号", "银行卡号", "开户账号"),
		word("insurance_kind", "The kind of medical insurance.", "参保类型"),
		yes("relative", "Whether the person is a near relative of an official.", "是否近亲属", "近亲属"),
		yes("relative_filed", "Whether that was filed.", "近亲属是否备案", "是否近亲属备案", "近亲属备案"),
		text("remark", "The remark; words such as 升学 count.", "备注", "备注信息").coded(),
	}
	for _, c := range more {
		if i := indexOf(own, c.Name); i >= 0 {
			own[i] = c
		} else {
			own = append(own, c)
		}
	}
	// The head's ID is a column of its own here, and never the person's.
	ids := without(idWords, "户主身份证号", "户主身份证号码")
	return personUnder(nameWords, ids, own)
}

func indexOf(columns []Column, name string) int {
	for i, c := range columns {
		if c.Name == name {
			return i
		}
	}
	return -1
}

func without(words []string, not ...string) []string {
	var kept []string
	for _, w := range words {
		keep := true
		for _, n := range not {
			keep = keep && w != n
		}
		if keep {
			kept = append(kept, w)
		}
	}
	return kept
}
