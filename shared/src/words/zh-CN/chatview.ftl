# 全屏界面中聊天视图的文字。

## 选中的消息

chatview-hint-reading = ↑↓ 选消息 · ←→ 换版本 · r 重新提问 · e 修改 · c 复制 · b 复制代码 · Esc 返回
chatview-hint-beside = 将替换原来的问题，原问题会保留在旁边 · 按 Esc 改为在末尾提问
chatview-note-copied-block = 已复制第 { $place } 个代码块，共 { $count } 个
chatview-note-one-branch = 这条消息只有一个版本：按 r 重新提问，按 e 修改
chatview-note-not-kept = 这里没有已保存的问题
chatview-help-reading = 选中消息时
chatview-key-read = 选择消息；输入框为空时按 Tab 也可以
chatview-key-earlier = 上一条消息
chatview-key-later = 下一条消息
chatview-key-branch-before = 上一个版本（有多个版本时）
chatview-key-branch-after = 下一个版本
chatview-key-again = 用当前选择的模型重新提问
chatview-key-edit = 修改问题并重新提问
chatview-key-copy = 复制消息原文
chatview-key-copy-code = 复制第一个代码块；再按一次复制下一个
chatview-key-half-up = 向上翻半页
chatview-key-half-down = 向下翻半页
chatview-key-first = 第一条消息
chatview-key-last = 最后一条消息
chatview-key-leave = 回到输入框
chatview-slash-continue = 接着写中断的回答
chatview-note-cut = 这条回答没有写完。/continue 可以接着写。
chatview-note-nothing-cut = 上一条回答没有中断。
