# 全屏界面的文字。

error-no-terminal = 全屏界面的输入和输出都必须是终端
error-flag-before-command = `{ $flag }` 写在了命令前面；请写在命令后面
error-dumb-terminal = 当前终端（`TERM`）无法显示全屏界面
hint-no-terminal = `mmp chat "你好"` 不需要终端，也能读取管道；`mmp --help` 列出其他命令

## 界面上的文字

screen-welcome = 想问什么，直接输入即可
screen-welcome-commands = 命令
screen-placeholder = 输入问题，按 Enter 发送
screen-new-conversation = 新对话
screen-default-model = 默认模型
screen-conversations = 对话
screen-no-conversations = 还没有对话
screen-nothing-fits = 没有匹配项
screen-loading = 正在加载…
screen-filter = 输入以筛选
screen-models-title = 模型
screen-models-keys = ↑↓ 选择 · Enter 确定 · Esc 关闭
screen-no-key = 没有密钥
screen-help = 帮助
screen-help-title = 按键与命令
screen-help-close = ↑↓ 滚动 · 其他任意键关闭
screen-help-keys = 按键
screen-help-commands = 命令
screen-asking = 正在提问…
screen-thinking = 思考中…
screen-thought = 思考过程
screen-stopping = 正在停止…
screen-stops = 停止
screen-waiting = 等待中 · { $seconds } 秒
screen-speed = { $speed } 词元/秒
screen-tokens = { $tokens } 词元
screen-disconnected = ✗ 与守护进程的连接已断开，正在重试…
screen-more-below = 下方还有内容 · { $key }
screen-more-lines = …… 还有 { $count } 行
screen-truncated = 回答被截断
screen-stopped = 已停止
screen-failed = 出错，没有得到回答
screen-age-now = 刚刚
screen-age-minutes = { $count } 分钟
screen-age-hours = { $count } 小时
screen-age-days = { $count } 天

## 短暂显示的提示

screen-note-quit = 再按一次 Ctrl+C 退出；正在写的内容会保留
screen-note-still-answering = 回答还没结束：按 Esc 停止
screen-note-goes-on = 回答会在后台继续；打开该对话即可查看
screen-note-copied = 已复制
screen-note-nothing-to-copy = 没有可复制的内容
screen-too-large-to-copy = 内容太大，终端的剪贴板放不下
screen-note-model = 接下来由 `{ $model }` 回答
screen-note-renamed = 标题已改为“{ $title }”
screen-note-rename-how = 请在后面写上标题：/rename 标题
screen-note-no-conversation = 还没有对话
screen-note-think = 思考程度：{ $how }
screen-note-think-how = 请写明程度：/think off、on、low、medium 或 high
screen-note-mouse-ours = 滚轮可以滚动；按住 Shift 可选择文字
screen-note-mouse-theirs = 鼠标已交给终端，可以随意选择文字
screen-unknown-command = 没有命令 `{ $command }`：输入 / 查看全部命令

## 按键

screen-key-send = 发送；确定选中的项
screen-key-break-line = 换行
screen-key-interrupt = 停止回答；关闭弹出的窗口；回到末尾
screen-key-stop-or-quit = 按一次停止回答，按两次退出
screen-key-quit-when-empty = 输入框为空时退出
screen-key-help = 显示本帮助；输入框为空时按 `?` 也可以
screen-key-pick-model = 选择模型
screen-key-conversations = 对话列表：筛选、打开；再按一次隐藏
screen-key-new = 开始新对话
screen-key-thinking = 显示或隐藏模型的思考过程
screen-key-copy = 复制最后一个回答
screen-key-complete = 补全命令
screen-key-page-up = 向上翻一页；也可以用滚轮
screen-key-page-down = 向下翻一页
screen-key-line-up = 向上一行
screen-key-line-down = 向下一行
screen-key-top = 跳到开头
screen-key-bottom = 跳到末尾并保持在末尾
screen-key-up = 光标上移；输入框为空时调出上一个问题
screen-key-down = 光标下移；调出下一个问题
screen-key-back = 光标左移
screen-key-forward = 光标右移
screen-key-word-back = 向左移动一个词
screen-key-word-forward = 向右移动一个词
screen-key-line-start = 移到行首
screen-key-line-end = 移到行尾
screen-key-delete-back = 删除光标前的字符
screen-key-delete-forward = 删除光标后的字符
screen-key-delete-word-back = 删除到词首
screen-key-delete-word-forward = 删除到词尾
screen-key-delete-to-start = 删除到行首
screen-key-delete-to-end = 删除到行尾
screen-key-yank = 放回最后删除的内容
screen-key-redraw = 重绘屏幕
screen-key-suspend = 回到 shell；`fg` 返回

## 命令

screen-slash-new = 开始新对话
screen-slash-model = 选择模型，或直接使用指定的模型
screen-slash-resume = 继续以前的对话
screen-slash-rename = 给对话改标题
screen-slash-copy = 复制最后一个回答，或其中第一个代码块
screen-slash-think = 模型先思考多少
screen-slash-mouse = 把鼠标交给终端，或收回
screen-slash-help = 全部按键与命令
screen-slash-quit = 退出
