# 全屏界面中代替聊天显示的各个视图的文字。

views-back = 返回
views-choose = 选择
views-try-again = 按 Enter 重试

## 按键与命令

views-key-search = 搜索所有说过的内容
views-slash-search = 搜索所有说过的内容

## 搜索

views-search-title = 搜索
views-search-hint = 输入要查找的内容
views-search-how = 可用词语、"短语"、开头*，以及筛选：model: role: after: before: in:
views-search-nothing = 没有找到：减少词语可以找到更多
views-search-open = 打开
views-search-to-newest = 按最新排序
views-search-to-best = 按相关度排序
views-search-you = 你
views-search-answer = 回答

## 列表

views-filter = 筛选
views-filter-hint = 筛选

## 历史

views-key-history = 全部对话：打开、重命名、置顶、归档、删除、导出、分支
views-slash-history = 全部对话，或标题包含指定文字的对话
views-history-title = 历史
views-history-title-pinned = 历史 · 已置顶
views-history-title-archived = 历史 · 已归档
views-history-filter = 按标题筛选
views-history-messages = { $count } 条消息
views-history-empty = 还没有对话：按 Esc 返回，问点什么吧
views-history-no-pinned = 没有置顶的对话：在历史中按 p 置顶
views-history-no-archived = 没有归档的对话：在历史中按 a 归档
views-history-open = 打开
views-history-rename = 重命名
views-history-pin = 置顶
views-history-unpin = 取消置顶
views-history-archive = 归档
views-history-unarchive = 取消归档
views-history-delete = 删除
views-history-export = 导出
views-history-branch = 分支
views-history-kept = 全部、置顶、归档
views-history-renames = 确认重命名
views-history-writes = 写入文件
views-history-deletes = 永久删除
views-history-new-title = 新标题：
views-history-file = 写入文件：
views-history-forms = 文件名以 .md、.json、.jsonl 或 .html 结尾
views-history-delete-sure = 删除“{ $title }”？删除后无法恢复：按 y 删除，按其他键保留
views-history-pinned = 已置顶“{ $title }”
views-history-unpinned = 已取消置顶“{ $title }”
views-history-archived = 已归档“{ $title }”
views-history-unarchived = “{ $title }”已回到历史
views-history-deleted = 对话已删除
views-history-exported = 已写入 `{ $path }`
views-history-branched = 这是副本：在这里说的话不会影响原来的对话
views-history-nothing-said = 这个对话里还没有内容
views-history-export-ending = 不支持导出为 `{ $ending }`：文件名请以 .md、.json、.jsonl 或 .html 结尾
views-history-export-exists = `{ $path }` 已经存在：请换一个名字
views-history-export-failed = 无法写入 `{ $path }`：{ $reason }

## 运行

views-key-runs = 正在进行的回答，不论在哪里发起：跟随或停止
views-slash-runs = 正在进行的回答，不论在哪里发起
views-slash-attach = 从头跟随一次运行
views-runs-title = 运行
views-runs-title-live = 运行 · 进行中
views-runs-empty = 现在没有运行，最近也没有
views-runs-none-live = 现在没有进行中的运行：按 Tab 查看最近的
views-runs-attach = 跟随
views-runs-stop = 停止
views-runs-all = 全部
views-runs-only-live = 只看进行中
views-runs-has-ended = 它已经结束了
views-runs-unsaved = （未保存）
views-runs-running = 进行中 · { $seconds } 秒
views-status-running = 进行中
views-status-complete = 完成
views-status-truncated = 被截断
views-status-filtered = 被过滤
views-status-interrupted = 被中断
views-status-cancelled = 已停止
views-status-failed = 失败

## 比较

views-key-compare = 同时向多个模型提问，并排比较
views-slash-compare = 并排比较多个模型：使用上一个问题，或写在下面几行的问题
views-compare-title = 比较
views-compare-choose = 比较 · 选择两到四个模型
views-compare-how-many = 请标记两到四个模型
views-compare-no-question = 没有可问的内容：请先写一个问题
views-compare-still-comes = 这个回答还没结束
views-compare-says-nothing = 这里没有可以继续的回答
views-compare-marks = 标记
views-compare-asks = 提问
views-compare-takes = 采用并继续
views-scroll = 滚动
views-space = 空格

## 模型

views-key-models = 全部模型：价格、密钥、默认模型、测试
views-slash-models = 全部模型：价格、密钥、默认模型、测试
views-models-takes = 接下来用它回答
views-models-default = 设为默认
views-models-key = 提供商密钥
views-models-test = 测试
views-models-seals = 加密保存密钥
views-models-key-of = { $provider } 的密钥：
views-models-default-set = 未指定模型时由 `{ $model }` 回答
views-models-key-set = `{ $provider }` 的密钥已加密保存
views-models-key-sealed = 密钥已保存
views-models-key-missing = 未保存密钥
views-models-key-not-needed = 不需要密钥
views-models-disabled = 已停用
views-models-testing = 正在测试…
views-models-answered = ✓ { $time } 内作答
views-models-window = 上下文 { $tokens }
views-models-output = 最长回答 { $tokens }
views-models-price = 每百万词元 输入 ${ $input }，输出 ${ $output }
views-models-vision = 图像
views-models-tools = 工具
views-models-reasoning = 思考
views-models-structured = 结构化输出
