package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"doudi/pipeline"
	"doudi/pipeline/workspace"
)

// usage is a command line that cannot be understood.
type usage struct{ what string }

func (u *usage) Error() string { return u.what }

// refused is an outcome that ends with exit code 1 and needs no explanation
// beyond its text.
type refused struct{ what string }

func (r *refused) Error() string { return r.what }

// exit prints an error and gives the exit code of the contract: 0 finished ·
// 1 refused or held · 2 usage, configuration or internal error · 130
// interrupted.
func (a *app) exit(ctx context.Context, err error) int {
	if err == nil {
		return 0
	}
	var (
		held    *pipeline.Held
		asked   *pipeline.Refused
		no      *refused
		config  *workspace.ConfigError
		mistake *usage
	)
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(a.stderr, "已中断；上一次发布的结果不变")
		return 130
	case errors.As(err, &held):
		fmt.Fprintln(a.stderr, "今晚未发布，上一次发布的结果不变：")
		for _, reason := range held.Reasons {
			fmt.Fprintln(a.stderr, "  · "+reason)
		}
		return 1
	case errors.As(err, &asked), errors.As(err, &no), errors.Is(err, pipeline.ErrNothingPublished):
		fmt.Fprintln(a.stderr, err)
		return 1
	case errors.As(err, &config):
		fmt.Fprintln(a.stderr, "配置有误：")
		for _, line := range strings.Split(err.Error(), "\n") {
			fmt.Fprintln(a.stderr, "  · "+line)
		}
		return 2
	case errors.As(err, &mistake), isUsage(err):
		fmt.Fprintf(a.stderr, "%v\n用 doudi --help 查看用法\n", err)
		return 2
	}
	text, _, _ := strings.Cut(err.Error(), "\n\nStack Trace") // DuckDB's, of its own inside
	if diskFull(err) {
		fmt.Fprintf(a.stderr, "磁盘已满，没有写完；已发布的结果不变。请腾出空间后再运行（%s）\n", text)
		return 2
	}
	fmt.Fprintln(a.stderr, "程序内部错误：", text)
	return 2
}

// diskFull knows a full disk, DuckDB's words for it among it.
func diskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || strings.Contains(strings.ToLower(err.Error()), "no space left on device")
}

// isUsage tells cobra's own words for a verb that does not exist and for a
// flag that is missing.
func isUsage(err error) bool {
	return strings.HasPrefix(err.Error(), "unknown command") || strings.HasPrefix(err.Error(), "required flag")
}
