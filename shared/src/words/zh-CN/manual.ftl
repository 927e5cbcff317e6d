# 命令补全与手册。

help-completions = 输出供 shell 补全 `mmp` 命令行的脚本
help-completions--shell = 哪种 shell
