package clean

import "testing"

func TestFoldHeader(t *testing.T) {
	for raw, want := range map[string]string{
		"姓名": "姓名", " 姓 名\n": "姓名", "家庭年总收入（元）": "家庭年总收入", "合计(元/月)": "合计", "补贴标准（元/人/月）": "补贴标准", "人均纯收入（万元）": "人均纯收入",
		"人均纯收入元": "人均纯收入", "救助金额:元": "救助金额", "发放合计【元】": "发放合计", "银行帐号": "银行账号", "乡(镇)": "乡(镇)", "乡（镇）": "乡(镇)",
		"县(市、区、旗)": "县(市、区、旗)", "村（社区）": "村(社区)", "务工时间（月）": "务工时间", "建筑面积（㎡）": "建筑面积", "建筑面积（平方米）": "建筑面积",
		"1.姓名": "姓名", "（1）姓名": "姓名", "一、姓名": "姓名", "*姓名": "姓名", "姓名：": "姓名", "易返贫致贫户(监测对象)类型": "易返贫致贫户(监测对象)类型",
		"致贫/返贫风险1": "致贫/返贫风险1", "风险是否已消除0": "风险是否已消除0", "低保（特困）证号": "低保(特困)证号", "单元": "单元", "元": "元", "1": "1", "1.5": "1.5",
		"ID_NO": "id_no", "救助金/元": "救助金", "户月保障金额（元）：": "户月保障金额", "": "", "（元）": "(元)", "三": "三",
	} {
		if got := FoldHeader(raw); got != want {
			t.Errorf("FoldHeader(%q) = %q, want %q", raw, got, want)
		}
	}
}

func TestHeaderUnit(t *testing.T) {
	for raw, want := range map[string]int64{
		"合计（元）": YuanFen, "合计(元/月)": YuanFen, "总费用（万元）": WanYuanFen, "单位：万元": WanYuanFen, "单位: 元": YuanFen, "填表单位：元 日期": YuanFen,
		"金额元": YuanFen, "合计": 0, "单元号": 0, "": 0,
	} {
		if got := HeaderUnit(raw); got != want {
			t.Errorf("HeaderUnit(%q) = %d, want %d", raw, got, want)
		}
	}
}
