package clean

import (
	"strings"
	"testing"
)

var somePlaces = NewPlaces([]PlaceRow{
	{"990101100", "青山镇", "990101"}, {"990101101", "白水镇", "990101"}, {"990101200", "石门乡", "990101"},
	{"990101201", "青山乡", "990101"}, {"990101001", "城关街道", "990101"}, {"990101100", "青山工业园区", "990101"},
	{"990101100001", "石桥社区", "990101100"}, {"990101100201", "石桥村", "990101100"}, {"990101100202", "柳河村民委员会", "990101100"},
	{"990101101201", "石桥村", "990101101"}, {"990101101202", "杨庄", "990101101"}, {"990101101202", "杨家庄村", "990101101"},
	{"990101001001", "东关社区居委会", "990101001"}, {"990101200201", "南村", "990101200"},
	{"", "无码", ""}, {"990101300", "", ""},
}, "990101")

func TestPlacesFind(t *testing.T) {
	for _, c := range []struct {
		name, county, town, village string
		want                        Place
	}{
		{"both", "示范县", "青山镇", "石桥村", Place{"990101100201", "青山镇", "石桥村", true}},
		{"the same village of another town", "", "白水镇", "石桥村", Place{"990101101201", "白水镇", "石桥村", true}},
		{"community of the same stem", "", "青山镇", "石桥社区", Place{"990101100001", "青山镇", "石桥社区", true}},
		{"community by its committee", "", "青山镇", "石桥居委会", Place{"990101100001", "青山镇", "石桥社区", true}},
		{"stem alone, two of it", "", "青山镇", "石桥", Place{"990101100", "青山镇", "石桥", false}},
		{"stem alone, one of it", "", "白水镇", "石桥", Place{"990101101201", "白水镇", "石桥村", true}},
		{"committee", "", "青山镇", "石桥村委会", Place{"990101100201", "青山镇", "石桥村", true}},
		{"committee in the table", "", "青山镇", "柳河村", Place{"990101100202", "青山镇", "柳河村民委员会", true}},
		{"bare in the table", "", "白水镇", "杨庄村", Place{"990101101202", "白水镇", "杨庄", true}},
		{"alias", "", "白水镇", "杨家庄村", Place{"990101101202", "白水镇", "杨庄", true}},
		{"town's alias", "", "青山工业园区", "石桥村", Place{"990101100201", "青山镇", "石桥村", true}},
		{"group behind", "", "青山镇", "石桥村三组", Place{"990101100201", "青山镇", "石桥村", true}},
		{"town's stem alone, two of it", "", "青山", "石桥村", Place{"990101", "青山", "石桥村", false}},
		{"town's stem alone, one of it", "", "白水", "石桥村", Place{"990101101201", "白水镇", "石桥村", true}},
		{"another kind of town", "", "白水乡", "石桥村", Place{"990101", "白水乡", "石桥村", false}},
		{"office", "", "城关街道办事处", "东关社区", Place{"990101001001", "城关街道", "东关社区居委会", true}},
		{"blanks and width", "", " 青山 镇", "石桥村　", Place{"990101100201", "青山镇", "石桥村", true}},
		{"village alone", "", "", "石桥村", Place{"990101", "", "石桥村", false}},
		{"both in the village's cell", "", "", "青山镇石桥村", Place{"990101100201", "青山镇", "石桥村", true}},
		{"both in the town's cell", "", "青山镇石桥村", "", Place{"990101100201", "青山镇", "石桥村", true}},
		{"town before the village", "", "青山镇", "青山镇石桥村", Place{"990101100201", "青山镇", "石桥村", true}},
		{"codes", "", "990101100", "990101100201", Place{"990101100201", "青山镇", "石桥村", true}},
		{"town alone", "", "青山镇", "", Place{"990101100", "青山镇", "", true}},
		{"unknown village", "", "青山镇", "乌有村", Place{"990101100", "青山镇", "乌有村", false}},
		{"unknown town", "", "乌有镇", "石桥村", Place{"990101", "乌有镇", "石桥村", false}},
		{"a village called 村", "", "石门乡", "南村", Place{"990101200201", "石门乡", "南村", true}},
		{"county before the town", "", "示范县青山镇", "石桥村", Place{"990101100201", "青山镇", "石桥村", true}},
		{"province and all", "", "示范省示范市示范县青山镇石桥村", "", Place{"990101100201", "青山镇", "石桥村", true}},
		{"all in the village's cell", "", "", "示范县青山镇石桥村", Place{"990101100201", "青山镇", "石桥村", true}},
		{"nothing but the county", "", "示范县", "", Place{"990101", "示范县", "", false}},
		{"nothing", "", "", "", Place{"990101", "", "", true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := somePlaces.Find(c.county, c.town, c.village); got != c.want {
				t.Errorf("Find(%q, %q, %q)\n got %+v\nwant %+v", c.county, c.town, c.village, got, c.want)
			}
		})
	}
}

// Above a county the county decides between towns of one name.
func TestPlacesOfAPrefecture(t *testing.T) {
	p := NewPlaces([]PlaceRow{
		{"990101", "示范县", "9901"}, {"990102", "样板县", "9901"},
		{"990101100", "青山镇", "990101"}, {"990102100", "青山镇", "990102"}, {"990102101", "白水镇", "990102"},
	}, "9901")
	for _, c := range []struct {
		county, town, code string
		known              bool
	}{
		{"示范县", "青山镇", "990101100", true},
		{"样板县", "青山镇", "990102100", true},
		{"", "白水镇", "990102101", true},
		{"", "样板县青山镇", "990102100", true},
		{"样板", "青山", "990102100", true},
		{"", "青山镇", "9901", false},
		{"示范县", "", "990101", true},
		{"示范县", "白水镇", "990101", false},
	} {
		if got := p.Find(c.county, c.town, ""); got.Code != c.code || got.Known != c.known {
			t.Errorf("Find(%q, %q) = %+v, want %s %v", c.county, c.town, got, c.code, c.known)
		}
	}
}

func FuzzPlaces(f *testing.F) {
	f.Add("示范县", "青山镇", "石桥村三组")
	f.Add("", "青山镇石桥村", "")
	f.Add("", "990101100", "990101100201")
	f.Fuzz(func(t *testing.T, county, town, village string) {
		p := somePlaces.Find(county, town, village)
		if !strings.HasPrefix(p.Code, "990101") || p.Known && (len(p.Code) == 6) != (p.Town == "" && p.Village == "") {
			t.Fatalf("Find(%q, %q, %q) = %+v", county, town, village, p)
		}
		if again := somePlaces.Find(county, p.Town, p.Village); p.Known && again != p {
			t.Fatalf("Find(%q, %q, %q) = %+v, again %+v", county, town, village, p, again)
		}
	})
}
