package sources

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"doudi/sources/clean"
)

// BenchmarkRead reads a dibao roll of 16 columns: decoding, cleaning and raw
// Parquet together. The figure that counts is rows/s; the brief asks for
// 500,000 on two cores.
func BenchmarkRead(b *testing.B) {
	const rows = 300_000
	for _, encoding := range []string{"utf-8", "gb18030"} {
		path := filepath.Join(b.TempDir(), encoding+".csv")
		writeRoll(b, path, rows, encoding == "gb18030")
		info, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/rows=%d/workers=%d", encoding, rows, workers), func(b *testing.B) {
				b.SetBytes(info.Size())
				b.ReportAllocs()
				for b.Loop() {
					into := b.TempDir()
					receipts, err := Read(context.Background(), Input{Kind: "dibao_persons", Path: path, Name: "inbox/a.csv"},
						Settings{Words: someWords(), Places: somePlaces(), Workers: workers, Scratch: b.TempDir()}, into)
					if err != nil {
						b.Fatal(err)
					}
					if got := receipts[0].Sheets[0].Accepted; got != rows {
						b.Fatalf("%d rows accepted, %s", got, receipts[0].Note)
					}
				}
				b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				b.ReportMetric(float64(m.Sys)/(1<<20), "MB-sys")
			})
		}
	}
}

// someWords is a small table of words, as policy/words.csv has them.
func someWords() *clean.Words {
	return clean.NewWords([]clean.WordRow{
		{Column: "*.relation", Word: "户主", Code: "head"}, {Column: "*.relation", Word: "配偶", Code: "spouse"},
		{Column: "*.relation", Word: "之子", Code: "son"}, {Column: "*.relation", Word: "之女", Code: "daughter"},
		{Column: "*.labour", Word: "普通劳动力", Code: "able"}, {Column: "*.labour", Word: "无劳动力", Code: "none"},
		{Column: "*.health", Word: "健康", Code: "healthy"}, {Column: "*.health", Word: "长期慢性病", Code: "chronic"},
		{Column: "*.benefit", Word: "农村低保", Code: "rural"}, {Column: "*.benefit", Word: "城市低保", Code: "urban"},
		{Column: "*.state", Word: "正常", Code: "active"}, {Column: "*.state", Word: "停发", Code: "stopped"},
		{Column: "*.sex", Word: "男", Code: "male"}, {Column: "*.sex", Word: "女", Code: "female"},
		{Column: "dibao_payments.state", Word: "成功", Code: "paid"},
		{Column: "register.measures", Word: "低保", Code: "dibao"}, {Column: "register.measures", Word: "特困供养", Code: "tekun"},
		{Column: "vehicles.remark", Word: "唯一谋生工具", Code: "sole_livelihood"},
		{Column: "*.disability", Word: "肢体", Code: "limb"}, {Column: "*.level", Word: "二级", Code: "2"},
	})
}

// somePlaces is a county of two towns with a village each.
func somePlaces() *clean.Places {
	return clean.NewPlaces([]clean.PlaceRow{
		{Code: "990101101", Name: "青山镇", Parent: "990101"}, {Code: "990101101201", Name: "石桥村", Parent: "990101101"},
		{Code: "990101201", Name: "白水乡", Parent: "990101"}, {Code: "990101201201", Name: "柳树村", Parent: "990101201"},
	}, "990101")
}

// writeRoll writes a made-up roll of 16 columns.
func writeRoll(tb testing.TB, path string, rows int, gb bool) {
	tb.Helper()
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	var line []byte
	put := func(s string) {
		if !gb {
			w.WriteString(s)
			return
		}
		out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err != nil {
			tb.Fatal(err)
		}
		w.WriteString(out)
	}
	put("姓名,身份证号,户主身份证号,与户主关系,性别,出生日期,乡镇,村,低保证号,健康状况,劳动能力,最初享受月,年收入,合计,银行账号,联系电话\n")
	r := rand.New(rand.NewPCG(7, 7))
	head := ""
	for i := range rows {
		id := madeID(r)
		if i%3 == 0 {
			head = id
		}
		name := string(rune(0x4E00+r.IntN(3000))) + string(rune(0x4E00+r.IntN(6000))) + string(rune(0x5200+r.IntN(4000)))
		line = line[:0]
		line = fmt.Appendf(line, "%s,%s,%s,%s,%s,%s-%s-%s,%s,%s,%012d,%s,%s,20%02d-%02d,%d,%d.00,62%017d,13%09d\n",
			name, id, head, pick(r, "户主", "配偶", "之子", "之女"), pick(r, "男", "女"), id[6:10], id[10:12], id[12:14],
			"青山镇", "石桥村", 990101000000+i/3, pick(r, "健康", "长期慢性病"), pick(r, "普通劳动力", "无劳动力"),
			10+r.IntN(15), 1+r.IntN(12), r.IntN(9000), 300+r.IntN(600), r.Int64N(1e16), r.Int64N(1e9))
		put(string(line))
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
}

func pick(r *rand.Rand, of ...string) string { return of[r.IntN(len(of))] }

// madeID is a valid number of the made-up area 9901.
func madeID(r *rand.Rand) string {
	s := "9901" + pick(r, "01", "02") + strconv.Itoa(1940+r.IntN(80)) +
		fmt.Sprintf("%02d%02d%03d", 1+r.IntN(12), 1+r.IntN(28), r.IntN(1000))
	return s + string(clean.CheckChar(s))
}
