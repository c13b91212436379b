package main

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"doudi/pipeline"

	"github.com/spf13/cobra"
)

// schedule is `doudi schedule`: what the scheduler of the machine needs, on
// stdout. It installs nothing.
func (a *app) schedule() *cobra.Command {
	return &cobra.Command{
		Use:   "schedule [systemd|cron]",
		Short: "打印定时任务所需的配置：systemd 的 service 与 timer（默认），或 cron 的一行",
		Args: func(_ *cobra.Command, given []string) error {
			if len(given) > 1 || len(given) == 1 && given[0] != "systemd" && given[0] != "cron" {
				return &usage{"用法：doudi schedule [systemd|cron]"}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, given []string) error {
			dir, zone, err := pipeline.Place(a.dir)
			if err != nil {
				return err
			}
			program, err := os.Executable()
			if err != nil {
				return err
			}
			if program, err = filepath.EvalSymlinks(program); err != nil {
				return err
			}
			for _, path := range []string{program, dir} {
				if strings.ContainsAny(path, "\n\r") {
					return &usage{"路径里有换行，定时任务写不了，请换一个路径"}
				}
			}
			if len(given) == 1 && given[0] == "cron" {
				fmt.Fprint(a.stdout, cronLine(program, dir, zone))
				return nil
			}
			who, err := user.Current()
			if err != nil {
				return err
			}
			fmt.Fprint(a.stdout, systemdUnits(program, dir, zone, who.Username))
			return nil
		},
	}
}

// systemdUnits are a service that sees the system read-only and writes into the
// workspace alone, and its timer. The journal keeps and rotates the log.
func systemdUnits(program, dir, zone, user string) string {
	return fmt.Sprintf(`# /etc/systemd/system/doudi.service
[Unit]
Description=doudi: 低保与监测名册每晚对账
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=%[4]s
ExecStart=%[1]s -C %[6]s --log json run
# doudi.yaml 里 ${名} 的值，一行一个 名=值，文件 0600：
# EnvironmentFile=/etc/doudi.env
UMask=0077
Nice=10
MemoryMax=50%%
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths=%[2]s
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes

# /etc/systemd/system/doudi.timer
[Unit]
Description=doudi: 每晚 %02[5]d:00

[Timer]
OnCalendar=*-*-* %02[5]d:00:00 %[3]s
Persistent=true

[Install]
WantedBy=timers.target

# 装好后：systemctl daemon-reload && systemctl enable --now doudi.timer
# 日志：journalctl -u doudi.service（由 journald 轮转）
`, unitQuote(program), unitQuote(dir), zone, user, pipeline.RunHour, strings.ReplaceAll(unitQuote(dir), "$", "$$"))
}

// unitQuote quotes a path in a systemd unit, where % means something; as an
// argument of a command $ does too.
func unitQuote(path string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "%", "%%").Replace(path) + `"`
}

// cronLine runs the night and hands its log to syslog, which rotates it.
func cronLine(program, dir, zone string) string {
	return fmt.Sprintf(`# crontab -e；doudi.yaml 里 ${名} 的值在这里写成 名=值
CRON_TZ=%s
0 %d * * * %s -C %s --log json run 2>&1 | logger -t doudi
`, zone, pipeline.RunHour, cronQuote(program), cronQuote(dir))
}

// cronQuote quotes a path for the shell in a crontab, where % ends the command.
func cronQuote(path string) string {
	return strings.ReplaceAll("'"+strings.ReplaceAll(path, "'", `'\''`)+"'", "%", `\%`)
}
