# 全屏程序的命令面板、编辑器与按键。

palette-title = 全部操作
palette-hint = 输入想做的事
palette-runs = 执行
palette-key-palette = 列出可做的一切，从中选择
palette-key-editor = 用自己的编辑器书写（`$VISUAL`、`$EDITOR`）
palette-editor-unchanged = 在编辑器里没有改动
palette-editor-none = 没有指定编辑器
palette-editor-none-hint = 请设置 `VISUAL` 或 `EDITOR`，例如 `export EDITOR=vim`
palette-editor-absent = 找不到编辑器 `{ $editor }`；所写内容保持原样
palette-editor-failed = 编辑器 `{ $editor }` 出错；所写内容保持原样
palette-editor-busy = 终端正忙，请再试一次
palette-keys-no-action = config.toml 的 `[keys]`：没有操作 `{ $action }`
palette-keys-no-key = config.toml 的 `[keys]`：`{ $key }` 不能作为 `{ $action }` 的按键
palette-keys-twice = config.toml 的 `[keys]`：`{ $action }` 的 `{ $key }` 已被占用
palette-keys-needed = config.toml 的 `[keys]` 没有给 `{ $action }` 留下按键
palette-theme-unknown = 没有主题 `{ $name }`，可用：{ $names }
palette-slash-role = 之后新建的对话所用的角色；`-` 表示不用
palette-slash-rerun = 再问一遍上个问题，与原来的并列；可另选模型
palette-slash-branch = 复制到目前为止的对话，在副本中继续
palette-slash-export = 把对话写入文件：.md、.json、.jsonl 或 .html
palette-slash-cost = 本对话到目前为止的用量与费用
palette-slash-theme = 配色，对你的所有终端生效
palette-note-role = 之后新建的对话使用角色 `{ $name }`
palette-note-role-none = 之后新建的对话不使用角色
palette-note-roles = 角色：{ $names }
palette-note-no-roles = 还没有角色：用 `mmp roles set` 新建
palette-note-export-how = 请在后面写上文件名：/export talk.md
palette-note-cost = 到目前为止：{ $figures }
palette-note-cost-none = 到目前为止没有用量
palette-note-theme = 该主题已对你的所有终端生效
palette-note-theme-how = 请指定一个：/theme { $names }
setting-theme = 全屏程序的配色：终端自身的颜色、适合深色（`dark`）或浅色（`light`）背景，或不用颜色（`mono`）
