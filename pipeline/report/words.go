package report

import "strings"

// side is a direction as officers know it: its sheet, and the sentence that
// says what it holds.
type side struct{ code, name, about string }

var sides = []side{
	{"should_enter", "应保未保", "符合条件而未纳入保障的户、人"},
	{"should_exit", "应退未退", "已不符合条件而仍在保障的户、人"},
	{"should_pay", "应补未补", "应发未发、少发、多发、重发的待遇"},
	{"conflict", "信息不一致", "两边名册互相矛盾的记录"},
	{"data_error", "数据质量", "名册本身需要更正的记录"},
}

const suppressedSheet = "已抑制"

func sideName(code string) string {
	for _, s := range sides {
		if s.code == code {
			return s.name
		}
	}
	return code
}

var stateWords = map[string]string{
	"new": "新增", "changed": "变化", "reopened": "重现", "open": "未销", "gone": "消失",
}

var certaintyWords = map[string]string{
	"A": "记录直接矛盾", "B": "线索较强", "C": "筛查线索",
}

var methodWords = map[string]string{
	"exact_id":    "身份证号一致",
	"repaired_id": "身份证号校正后一致",
	"household":   "同户成员对应",
	"name_place":  "姓名与住址一致",
	"scored":      "多项信息综合比对",
	"decided":     "人工认定",
}

var decisionWords = map[string]string{"linked": "已关联", "review": "待人工核对"}

var householdStates = map[string]string{
	"same": "成员一致", "split": "一户拆为多户", "merged": "多户并为一户", "moved": "住址不同",
	"head_changed": "户主不同", "member_missing": "低保一侧缺成员", "member_extra": "低保一侧多成员",
}

var gateWords = map[string]string{
	"fresh": "名册过期", "volume": "记录数与往晚相差过大", "findings": "疑点新增或消失过多", "columns": "名册少了列",
	"words": "不认识的词过多", "links": "关联比例下降", "totals": "表内合计不符",
}

var statusWords = map[string]string{"read": "已读入", "refused": "拒收", "empty": "无记录"}

// exceptionWords are the exceptions of all rules, as an officer would say why
// a finding needs no check.
var exceptionWords = map[string]string{
	"refused_recently":     "近期申请未获批准",
	"means_found":          "核对有车、房、经商或财政供养",
	"income_outdated":      "收入数据超过12个月",
	"income_above_edge":    "收入高于边缘家庭标准",
	"outside_policy_range": "自付费用不在政策范围内",
	"wish_on_record":       "本人有书面意愿",
	"guardianship_pending": "监护关系待确认",
	"urban":                "城市低保对象",
	"died":                 "已死亡",
	"moved":                "已迁出",
	"grace_running":        "渐退期内",
	"protected":            "家庭成员已有保障",
	"protected_before":     "变故前已在保障",
	"count_reduced":        "已按在世人数发放",
	"single_person_cover":  "单人保",
	"deductions":           "扣除刚性支出后低于标准",
	"disability_vehicle":   "残疾人专用车辆",
	"two_three_wheeler":    "二轮、三轮车辆",
	"sole_livelihood":      "唯一谋生工具",
	"scrapped_or_sold":     "车辆已报废或转出",
	"demolition":           "拆迁安置房",
	"homestead":            "宅基地自建房",
	"cancelled":            "主体已注销或吊销",
	"cooperative_member":   "合作社成员",
	"family_kiosk":         "家庭小店",
	"welfare_post":         "公益性岗位",
	"village_temporary":    "村级临时人员",
	"laid_off":             "已停保",
	"subsidised_post":      "公益性岗位参保",
	"switch_month":         "停旧建新当月",
	"moved_this_month":     "当月转入",
	"lawful_top_up":        "依规补差发放",
	"studies_on":           "继续就读",
	"tekun":                "特困人员",
	"orphan":               "孤儿或事实无人抚养儿童",
	"work_injury_care":     "已有工伤护理待遇",
	"standard_changed":     "标准当月调整",
	"back_pay":             "补发",
	"returned":             "款项退回",
	"employee_insured":     "已参加职工医保",
	"newborn":              "当年新生儿",
	"other_province":       "外省参保",
	"yearly_cap":           "已达年度限额",
	"household_covered":    "同户其他成员已在保障",
	"left_recently":        "近两个月内停保",
	"entered_recently":     "名册导出后才纳入",
	"left_register":        "已从监测名册退出",
	"household_split":      "已分户",
	"not_local":            "成员外出、参军或服刑",
	"guardian":             "监护人代领",
	"institution":          "机构代领",
	"not_sampled":          "未列入抽查",
	"link_under_review":    "是否同一人待核对",
}

// suppressedWord says in Chinese by what a finding is suppressed.
func suppressedWord(by string) string {
	kind, what, _ := strings.Cut(by, ":")
	switch kind {
	case "exception":
		if word := exceptionWords[what]; word != "" {
			return "例外：" + word
		}
		return "例外：" + what
	case "waiver":
		return "豁免：waivers.csv 第" + what + "行"
	case "verdict":
		return "核查结论：不属实（" + what + "）"
	}
	return by
}

// Words of what is published, as officers read them, for whoever shows it
// beside the workbooks: the code itself where there is none.
var (
	SideWord       = sideName
	SuppressedWord = suppressedWord
)

// Sides are the codes of the sides, in the order they are shown.
func Sides() []string {
	var codes []string
	for _, s := range sides {
		codes = append(codes, s.code)
	}
	return codes
}

// StateWord is the word of findings.state.
func StateWord(code string) string { return word(stateWords, code) }

// CertaintyWord is the word of findings.certainty.
func CertaintyWord(code string) string { return word(certaintyWords, code) }

// MethodWord is the word of links.method.
func MethodWord(code string) string { return word(methodWords, code) }

// word looks a code up and gives the code itself where there is no word.
func word(words map[string]string, code string) string {
	if w := words[code]; w != "" {
		return w
	}
	return code
}
