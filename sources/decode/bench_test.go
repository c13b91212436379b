package decode

import (
	"bytes"
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// csvRows is a list of 16 columns as the offices send them.
func csvRows(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("姓名,身份证号,性别,出生日期,乡镇,村,与户主关系,低保证号,救助类型,状态,最初享受月,类别,健康状况,劳动能力,合计,备注\n")
	for i := range rows {
		fmt.Fprintf(&b, "示范%04d,9901011990%08d,男,1990-01-01,城关镇,第%d村,户主,DB%08d,农村低保,正常,2020-01,A类,健康,普通劳动力,%d.50,\n", i%10000, i, i%300, i, i%900)
	}
	return b.Bytes()
}

func benchmarkText(b *testing.B, content []byte, rows int) {
	m := file(b, "a.csv", content)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	start := cpuSeconds(b)
	for b.Loop() {
		book, err := Open(context.Background(), m)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for chunk, err := range book.Chunks(context.Background(), 0, 2, 16) {
			if err != nil {
				b.Fatal(err)
			}
			for r := range chunk.Records() {
				if r.Reject != "" {
					b.Fatal(r.Reject)
				}
				n++
			}
		}
		if n != rows {
			b.Fatalf("%d rows", n)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/(cpuSeconds(b)-start), "rows/cpu-s")
}

// cpuSeconds is what this process has used: the figure that counts where a
// machine is shared.
func cpuSeconds(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

const benchRows = 200_000

// BenchmarkUTF8 cuts and splits on one goroutine. The budget is 3 M rows/s.
func BenchmarkUTF8(b *testing.B) { benchmarkText(b, csvRows(benchRows), benchRows) }

// BenchmarkGB18030 does the same of GB18030. The budget is 1.5 M rows/s.
func BenchmarkGB18030(b *testing.B) {
	content, err := simplifiedchinese.GB18030.NewEncoder().Bytes(csvRows(benchRows))
	if err != nil {
		b.Fatal(err)
	}
	benchmarkText(b, content, benchRows)
}
