package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// program is the version that is published; the build sets it.
var program = "dev"

// app is what every verb shares.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	dir            string
	quiet          bool
	logFormat      string
}

// run runs one command line and gives its exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return a.exit(ctx, root.ExecuteContext(ctx))
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "doudi",
		Short: "兜底：每晚把低保名册与建档立卡（监测对象）名册对账，列出疑点",
		Long: `doudi（兜底）每晚读取低保、建档立卡（监测对象）等名册，认出两边是谁，
列出应保未保、应退未退、应补未补、信息不一致和数据质量五类疑点。
疑点只是线索，须入户核查后由人决定；程序不停发任何人的钱。`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.CompletionOptions.DisableDefaultCmd = true
	flags := root.PersistentFlags()
	flags.StringVarP(&a.dir, "workspace", "C", ".", "工作区：含 doudi.yaml 的文件夹")
	flags.BoolVar(&a.quiet, "quiet", false, "不显示进度和日志，只显示结果和错误")
	flags.StringVar(&a.logFormat, "log", "text", "日志格式：text 或 json")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usage{err.Error()} })
	for _, verb := range []func() *cobra.Command{
		a.initVerb, a.demo, a.generate, a.check, a.fetch, a.run, a.sql, a.explain, a.report, a.clauses, a.whatIf, a.status, a.schedule, a.verify, a.version,
	} {
		root.AddCommand(verb())
	}
	return root
}

// log is where steps report; never with a person's data in it.
func (a *app) log() (*slog.Logger, error) {
	level := slog.LevelInfo
	if a.quiet {
		level = slog.LevelError
	}
	options := &slog.HandlerOptions{Level: level}
	switch a.logFormat {
	case "text":
		if a.onTerminal() {
			options.Level = slog.LevelWarn // the progress line speaks instead
		}
		return slog.New(slog.NewTextHandler(a.stderr, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(a.stderr, options)), nil
	}
	return nil, &usage{"--log 只能是 text 或 json"}
}

// onTerminal says whether progress may be drawn.
func (a *app) onTerminal() bool {
	f, ok := a.stderr.(*os.File)
	return ok && !a.quiet && a.logFormat == "text" && term.IsTerminal(int(f.Fd()))
}

// args wants exactly the named arguments.
func args(names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, given []string) error {
		if len(given) != len(names) {
			return &usage{"用法：doudi " + c.Use}
		}
		return nil
	}
}

// parseNight reads a flag's date.
func parseNight(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	night, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, &usage{"日期请写成 2026-11-20 的样子"}
	}
	return night, nil
}
