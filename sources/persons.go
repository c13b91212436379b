package sources

// What every list of persons has in common. The words are those of layouts.md
// and domain.md §1; where several stand in one file, the first listed wins.

var nameWords = []string{
	"姓名", "名称", "户主姓名", "申请人姓名", "救助对象姓名", "逝者姓名", "人员姓名", "对象姓名",
	"个人姓名", "成员姓名", "客户名称", "申请人", "户主",
}

var idWords = []string{
	"身份证号", "身份证号码", "公民身份号码", "证件号码", "证件号", "公民身份证号", "公民身份证号码",
	"居民身份证号", "居民身份证号码", "身份证件号", "身份证件号码", "身份证", "申请人身份证号",
	"逝者证件号", "逝者证件号码", "户主身份证号", "户主身份证号码",
}

// person is a list of persons: the person's own columns, with the words this
// list prefers for the name, then the list's own columns.
func person(names []string, own ...Column) []Column {
	return personUnder(merged(names, nameWords), idWords, own)
}

// personUnder is person with all words of name and ID given.
func personUnder(names, ids []string, own []Column) []Column {
	return append([]Column{
		text("name", "The person's name, tidied.", names...).required(),
		id("id_no", "The person's ID number, normalised to 18 characters where it holds.", ids...).required(),
	}, common(own)...)
}

// headed is a list of households, each under its head.
func headed(names, ids []string, own ...Column) []Column {
	return append([]Column{
		text("head_name", "The name of the household's head, tidied.", names...).required().inRawAs("name"),
		id("head_id_no", "The head's ID number, normalised to 18 characters where it holds.", ids...).required().inRawAs("id_no"),
	}, common(own)...)
}

// common puts the columns that every list has before the list's own ones. A
// column of the list's own replaces a common one of its name.
func common(own []Column) []Column {
	all := []Column{
		word("sex", "The sex the list gives.", "性别", "逝者性别"),
		date("birth", "The birth date the list gives.", "出生日期", "出生年月日", "生日"),
		text("county", "The county.", "县", "县(市、区、旗)", "所属区", "所属区县", "区县", "县区", "县市区",
			"县(区)", "县(市、区)", "县(市,区)", "区(县)", "所属县", "所在县", "所在区县"),
		text("town", "The town, by the name policy/places.csv gives it where it is known there.",
			"乡", "乡镇", "乡(镇)", "镇街", "所属街", "所属街道", "乡镇(街道)", "乡镇街道", "乡(镇、街道)",
			"镇(街道)", "镇(乡)", "乡镇(街)", "镇", "街道", "镇乡", "街道(乡镇)", "街道乡镇", "所属乡镇", "所在乡镇", "乡镇名称"),
		text("village", "The village or residents' committee, likewise.",
			"村", "行政村", "村(社区)", "村(居)", "所属社", "所属社区", "村居", "村社区", "社区", "村(居委会)",
			"行政村(社区)", "社区(村)", "所属村", "所在村", "村委会", "居委会", "村名", "村名称"),
		text("villager_group", "The villagers' group or hamlet.", "组", "自然村", "村民小组", "小组", "屯", "组别"),
		text("address", "The address.", "住址", "家庭住址", "家庭地址", "户籍地址", "户籍住址", "现住址",
			"居住地址", "家庭详细地址", "户籍所在地", "逝者户籍地址", "地址"),
		text("phone", "The telephone number.", "电话", "联系电话", "手机号", "手机号码", "电话号码", "手机",
			"联系方式", "人联系电话", "户联系电话", "家属电话"),
		text("remark", "The remark.", "备注", "备注信息"),
	}
	kept := all[:0]
	for _, c := range all {
		if !has(own, c.Name) {
			kept = append(kept, c)
		}
	}
	return append(kept, own...)
}

func has(columns []Column, name string) bool {
	for _, c := range columns {
		if c.Name == name {
			return true
		}
	}
	return false
}

// merged appends to first the words it does not have yet.
func merged(first, rest []string) []string {
	all := append([]string(nil), first...)
	seen := map[string]bool{}
	for _, w := range first {
		seen[w] = true
	}
	for _, w := range rest {
		if !seen[w] {
			all = append(all, w)
		}
	}
	return all
}
