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
