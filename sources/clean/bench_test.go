package clean

import "testing"

// The values that rolls are made of, as they mostly come: a night cleans tens of
// millions of them. Figures are per value.

var benchIDs = []string{"990101199003071237", "990102195202291046", "99010119781205004X", "990101196511034586"}

func BenchmarkParseID(b *testing.B) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ParseID(benchIDs[i&3])
	}
}

func BenchmarkParseIDOdd(b *testing.B) {
	odd := []string{"99010119781205004x", "990101900307123", "990101199003071000", "99010119900307123742"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ParseID(odd[i&3])
	}
}

func BenchmarkParseName(b *testing.B) {
	names := []string{"张三", "王小明", "欧阳建国", "李桂英"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ParseName(names[i&3])
	}
}

func BenchmarkParseNameOdd(b *testing.B) {
	names := []string{"張　三", "买买提．吐尔逊", "王？明", "ＪＯＨＮ"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ParseName(names[i&3])
	}
}

func BenchmarkNameLevel(b *testing.B) {
	pairs := [][2]string{{"张三", "张三"}, {"王芳", "王方"}, {"李建国", "李建军"}, {"王小明", "王明"}}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		NameLevel(pairs[i&3][0], pairs[i&3][1])
	}
}

func BenchmarkParseDate(b *testing.B) {
	dates := []string{"20230901", "2023-09-01", "2023年9月", "45170"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ParseDate(dates[i&3])
	}
}

func BenchmarkParseFen(b *testing.B) {
	amounts := []string{"632", "1,234.50", "632.10", "0"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ParseFen(amounts[i&3], YuanFen)
	}
}

func BenchmarkPlacesFind(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		somePlaces.Find("示范县", "青山镇", "石桥村")
	}
}

func BenchmarkWordsCode(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		someWords.Code("register", "relation", "之子")
	}
}

func BenchmarkTables(b *testing.B) {
	for b.Loop() {
		readTables()
	}
}
