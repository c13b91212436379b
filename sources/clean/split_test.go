package clean

import (
	"slices"
	"testing"
)

func TestSplitNames(t *testing.T) {
	for _, c := range []struct {
		cell string
		want []string
	}{
		{"张三", []string{"张三"}},
		{"张三、李四", []string{"张三", "李四"}},
		{"张三，李四,王五；赵六;钱七/孙八", []string{"张三", "李四", "王五", "赵六", "钱七", "孙八"}},
		{"张三\n李四\r\n王五", []string{"张三", "李四", "王五"}},
		{"张三 李四　王五", []string{"张三", "李四", "王五"}},
		{"张　三", []string{"张三"}},
		{"张 三、李 四", []string{"张三", "李四"}},
		{"张 三 李四", []string{"张三", "李四"}},
		{"张三、", []string{"张三"}},
		{"买买提·吐尔逊、李四", []string{"买买提·吐尔逊", "李四"}},
		{"", nil},
		{" 、 ", nil},
	} {
		if got := SplitNames(c.cell); !slices.Equal(got, c.want) {
			t.Errorf("SplitNames(%q) = %q, want %q", c.cell, got, c.want)
		}
	}
}

func TestSplitIDs(t *testing.T) {
	const a, b = "990101199003071237", "99010119781205004X"
	for _, c := range []struct {
		cell string
		want []string
	}{
		{a, []string{a}},
		{a + "、" + b, []string{a, b}},
		{a + "；\n" + b, []string{a, b}},
		{a + " " + b, []string{a, b}},
		{a + b, []string{a, b}},
		{"990101 19900307 1237", []string{a}},
		{"无、" + b, []string{"无", b}},
		{a + "/", []string{a}},
		{"", nil},
	} {
		if got := SplitIDs(c.cell); !slices.Equal(got, c.want) {
			t.Errorf("SplitIDs(%q) = %q, want %q", c.cell, got, c.want)
		}
	}
}
