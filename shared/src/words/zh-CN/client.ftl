# 客户端说的话。

## 命令行的错误

error-usage-unknown-argument = 这里没有参数 `{ $argument }`
error-usage-unknown-command = 没有命令 `{ $command }`
error-usage-missing-argument = 缺少 `{ $argument }`
error-usage-missing-command = `{ $command }` 后面还需要一个子命令
error-usage-missing-value = `{ $argument }` 需要一个值
error-usage-value = `{ $value }` 不是 `{ $argument }` 可用的值
error-usage-conflict = `{ $argument }` 与 `{ $other }` 不能同时使用
error-usage-not-text = 有一个参数不是有效的 UTF-8
error-usage-other = { $reason }
error-empty-name = 名称为空，或只有点号
hint-usage = `mmp --help` 列出命令，`mmp 命令 --help` 列出它的参数
hint-usage-nearest = 你是不是想写 `{ $near }`？
hint-usage-values = 可用的是：{ $values }
error-no-csv = 这里没有可以输出为 `csv` 的表格
error-prompt-empty = 提示词是空的
hint-prompt = 把它写在命令后面，如 `mmp chat "你好"`，或者用管道输入
error-param = `{ $value }` 不是可用的参数
hint-param = 写成 `--param 键=值`，如 `--param top_p=0.9`

## 文件与输入

error-file-unreadable = 无法读取 `{ $name }`：{ $reason }
error-file-not-text = `{ $name }` 不是有效的 UTF-8
error-input-not-text = `{ $name }` 从第 { $offset } 字节起不是有效的 UTF-8
hint-input-not-text = 提示词必须是文本；`iconv -t UTF-8` 可以转换其他编码
error-input-binary = `{ $name }` 不是文本
error-input-binary-kind = `{ $name }` 是 { $kind } 文件，不是文本
hint-input-binary = 提示词只能包含文本；请先把文件中的文字提取出来
hint-attach-image = 用 `-a { $name }` 作为图片发送
error-folder-files = 文件夹 `{ $name }` 中的文件超过 { $limit } 个
error-folder-bytes = 文件夹 `{ $name }` 中的文件合计超过 { $limit } MiB
hint-folder-large = 请只指定需要的文件或文件夹，或在 `.ignore` 文件中列出不需要的
error-folder-empty = 文件夹 `{ $name }` 中没有文件
hint-folder-empty = 隐藏文件以及 `.gitignore`、`.ignore` 排除的文件只有单独指定时才会加入
error-folder-no-text = 文件夹 `{ $name }` 中没有文本
error-url-too-large = `{ $url }` 的内容超过 { $limit } MiB
hint-url-too-large = 请先下载，再用 `-f` 指定需要的部分
note-folder-left-out = `{ $name }` 中有 { $count } 个文件不是文本，已略过
note-encoding-guessed = `{ $name }` 不是 UTF-8，已按 { $encoding } 读取
shown-image = [图片：{ $name }，{ $kind }，{ $size } KiB]
error-input-too-large = `{ $name }` 超过 { $limit } MiB
error-url-unreadable = 无法下载 `{ $url }`：{ $reason }
error-output = 无法写出结果：{ $reason }
error-system = `{ $what }` 失败：{ $reason }
error-cannot-make = 无法创建 `{ $path }`：{ $reason }
hint-mmp-home = `MMP_HOME=目录` 可以把 mmp 的一切放进你选的目录
note-waiting-for-stdin = 正在等待标准输入结束；用 `--no-stdin` 可以不读取它

## 守护进程

error-host = `{ $host }` 不是守护进程的地址
hint-host-forms = 写成 `unix:///套接字路径`、`http://主机:端口` 或 `https://主机:端口`
hint-host = 检查 `--host`、`MMP_HOST` 和 `mmp config get host`；指定地址的守护进程不会从这里启动
error-nobody-listens = `{ $target }` 没有应答
error-connect = 无法连接 `{ $target }`：{ $reason }
error-answer-broken = 与守护进程的连接中断：{ $reason }
error-answer-lost = 回答到一半时与守护进程的连接结束了
error-answer-began-anew = 守护进程丢失了部分回答并重新开始，前面的部分已经输出
error-answer-not-understood = 守护进程的应答是这个版本无法理解的：{ $reason }
error-answer-status = 守护进程返回了 HTTP 状态 { $status }
hint-versions = `mmp daemon restart` 可以让两者版本一致
hint-history-show = `mmp history show` 可以查看完整的回答
error-daemon-stepping-down = 守护进程正在让位给更新的版本
error-daemon-not-found = `mmp` 旁边和 `PATH` 中都没有守护进程的程序 `mmpd`
hint-daemon-not-found = 把 `mmpd` 放在 `mmp` 旁边
error-daemon-spawn = 无法启动 `{ $path }`：{ $reason }
error-daemon-died = 守护进程在就绪之前就结束了
error-daemon-does-not-end = 守护进程在 { $seconds } 秒内没有结束
error-daemon-elsewhere = 不能从这里启动或停止 `{ $host }` 的守护进程
error-lock-unreadable = `{ $path }` 没有说明由谁持有
hint-daemon-logs = `mmp daemon logs` 可以查看守护进程的日志
hint-daemon-run = `mmp daemon run` 在前台启动它，并显示哪里出了问题
hint-socket-path = 把 `MMP_HOME` 或 `XDG_RUNTIME_DIR` 设为更短的路径
note-daemon-older = 守护进程的版本 { $theirs } 比当前的 { $ours } 旧，而且正忙；等它空闲后会被替换
admin-compacted = 存储原先占用 { $before }，整理后占用 { $after }
note-daemon-stopped = 守护进程 { $pid } 已结束
daemon-runs = 守护进程 { $pid }，版本 { $version }，自 { $at } 起监听 { $socket }；进行中的运行：{ $runs }
daemon-installed = 已写入 `{ $file }`
note-daemon-installed = 先 `mmp daemon stop`，再 `systemctl --user daemon-reload` 和 `systemctl --user enable --now mmp`；`loginctl enable-linger` 让它在你注销后继续运行
error-unit-of-others = `{ $file }` 已存在，且不是由 mmp 写入的
hint-unit-of-others = 请先移走它；`mmp daemon install --print` 显示将写入的内容
error-no-systemd = 这里没有 systemd
daemon-does-not-run = 没有守护进程在运行

## 回答

error-no-conversation = 还没有可以继续的对话
error-nothing-cut = “{ $title }”的最后一条回答没有中断
note-demo = 这个回答来自内置的 `demo`：没有任何 AI 参与
note-retry = 服务商失败（`{ $code }`），再次请求 `{ $model }`
note-fallback = `{ $from }` 失败（`{ $code }`），改为请求 `{ $to }`
note-refusal = 模型拒绝回答：{ $text }
note-tool-call = 模型想调用 `{ $name }`，参数为 { $arguments }
note-length-limit = 回答达到长度上限而被截断
note-filtered = 回答被过滤
note-interrupted = 生成回答时守护进程意外结束；这是保留下来的部分
note-answer-begins-anew = 回答重新开始
dry-run-tokens = 约 { $tokens } 个词元
dry-run-tokens-of = 约 { $tokens } / { $window } 个词元
dry-run-cost = 提示词约 { $input }
dry-run-cost-most = 提示词约 { $input }，连同 { $limit } 个词元的回答最多 { $most }
dry-run-cost-unknown = 价格未知
dry-run-fallbacks = 失败时改用：{ $models }
numbers-tokens = { $prompt } + { $completion } 个词元
numbers-first-token = 首个词元 { $time }
numbers-speed = { $speed } 词元/秒
note-stopped = 已在此处停止
error-code-of-several = `--code` 只输出一个回答中的代码块，而多个 `--model` 会得到多个回答
hint-code-of-several = 只写一个模型

## 列表与条目

note-empty-list = 这里还什么都没有
note-more = 还有更多：`--all` 显示全部，`--cursor { $cursor }` 继续
note-no-default-model = 没有默认模型
note-run-stopped = 运行 `{ $run }` 已停止
note-run-goes-on = 运行 `{ $run }` 仍在继续；`mmp attach { $run }` 可以回来，`mmp runs stop { $run }` 停止它
error-no-run = 还没有任何运行

## 历史

setting-fallback = 模型无法回答时，依次改由这些模型回答
setting-language = 显示所用的语言
setting-model = 没有更具体的指定时使用的模型
setting-retention = 超过此时长没有继续的对话会被删除；置顶的保留
setting-role = 未指定角色的对话所用的角色
setting-temperature = 没有更具体的指定时使用的温度
setting-thinking = 是否显示思考过程
setting-title-model = 为对话起标题的模型；未设置时取开头的文字
note-retention = 从现在起，{ $age }没有继续的对话会被永久删除；置顶的保留
note-renamed = `{ $id }` 现在的标题是“{ $title }”
note-pinned = 已置顶 `{ $id }`（{ $title }）
note-unpinned = 已取消置顶 `{ $id }`（{ $title }）
note-archived = 已归档 `{ $id }`（{ $title }）
note-unarchived = 已取消归档 `{ $id }`（{ $title }）
note-branched = `{ $id }` 将从消息 `{ $message }` 继续；其后的内容保留在另一分支上
note-branched-new = 已新建对话 `{ $id }`，从消息 `{ $message }` 继续
note-picked = `{ $message }` 所在的分支已成为 `{ $id }` 的当前分支
error-nothing-to-rerun = 对话 `{ $id }` 中没有可以重新提问的问题
note-rerun-cut = 共 { $all } 个问题，已重新提问 { $done } 个
note-rerun-branch = 新分支已成为当前分支；`mmp history pick { $message } -C { $id }` 可回到旧分支
rerun-together = 合计：{ $numbers }
question-delete = { $count ->
    [one] 永久删除这个对话吗？
   *[other] 永久删除这 { $count } 个对话吗？
 }
question-delete-all = 永久删除全部对话（包括已归档的）吗？
error-delete-unasked = 删除后无法恢复，而此处无法征求确认
hint-delete-unasked = 加上 `--yes` 表示确认删除
note-role-saved = 角色 `{ $name }` 已保存
question-delete-roles = 永久删除 { $names } 吗？
note-roles-deleted = 已删除：{ $names }
hint-nothing-to-set-of-role = 请指定要设置的内容：`--system`、`--system-file`、`--model`、参数或 `--unset`
note-nothing-deleted = 没有删除任何内容
note-deleted = { $count ->
    [one] 已永久删除 1 个对话
   *[other] 已永久删除 { $count } 个对话
 }
error-import-nothing = `{ $name }` 是空的
error-import-unknown = `{ $name }` 不是可以导入的内容
error-import-unknown-why = `{ $name }` 不是可以导入的内容：{ $reason }
hint-import-forms = 可以导入 mmp 自己的导出文件、ChatGPT 的 `conversations.json`、`llm logs --json` 的输出以及 aichat 的会话文件
import-unknown-record = 无法识别这种记录
import-broken-record = 记录内容有误：{ $reason }
import-cut = 文件在该记录中途结束（第 { $offset } 字节）
import-stray = 第 { $offset } 字节处的内容不是记录
import-record-too-large = 该记录有 { $size } 字节，上限为 { $limit }
import-no-time = 缺少时间（`{ $field }`）
note-import-skipped = 已跳过 { $file } 的第 { $record } 条记录：{ $reason }
note-import-more-skipped = 另有 { $count } 条被跳过
note-import-stopped = 导入中止；已新增 { $added } 个对话，再次运行同一命令即可继续
note-imported = 新增对话 { $added } 个，补充消息的对话 { $extended } 个，已存在 { $present } 个，空对话 { $empty } 个，跳过 { $skipped } 个；新增消息 { $messages } 条
column-meaning = 含义
column-id = 编号
column-updated-at = 更新于
column-created-at = 开始于
column-finished-at = 结束于
column-messages = 消息数
column-model = 模型
column-message-id = 消息
column-snippet = 内容
column-score = 相关度
column-title = 标题
column-status = 状态
column-conversation-id = 对话
column-error = 错误
column-prompt-tokens = 提示词元
column-completion-tokens = 回答词元
column-cost-usd = 费用
column-first-token = 首个词元
column-total = 总时间
column-name = 名称
column-kind = 类型
column-provider = 服务商
column-key = 密钥
column-default = 默认
column-available = 可用
column-context-window = 上下文
column-max-output = 最长回答
column-price = 每百万词元价格
column-aliases = 别名
column-alias = 别名
column-params = 参数
column-system = 系统提示词
column-capabilities = 能力
column-models = 模型数
column-added = 新增
column-removed = 已下线
column-enabled = 可提问
column-listed = 在服务商列表中
column-priced-to = 价格适用至
column-fallback = 备用模型
column-base-url = 基础 URL
column-env = 环境变量
column-default-model = 默认模型
column-origin = 来源
column-value = 值
column-config = 配置
column-data = 数据
column-state = 状态
column-logs = 日志
column-socket = 套接字
speaker-you = 你
word-yes = 是
word-no = 否

## 模型

explained-no-key = 无
explained-unknown = 未知
explained-catalogue = 来自 { $date } 的目录
explained-provider = 来自服务商 { $date } 的列表
explained-admin = 由管理员设置
explained-user = 由你设置
explained-user-detail = 由你设置，{ $detail }
explained-environment = 来自本终端的 { $variable }，用到时封存
explained-key-variable = 用 `mmp providers set` 或 { $variable } 提供
note-no-provider-configured = 没有任何服务商有密钥或设置过地址；也可以直接指定服务商
note-not-refreshed = `{ $provider }` 保留原来的列表：{ $reason }
note-model-enabled = `{ $model }` 已重新启用
note-model-disabled = `{ $model }` 已停用
note-model-saved = 对 `{ $model }` 的设置已保存
note-alias-set = `{ $alias }` 现在代表 `{ $model }`
note-alias-removed = `{ $alias }` 不再代表任何模型
model-answers = `{ $model }` 在 { $time } 内应答
model-answers-for = `{ $model }` 在 { $time } 内应答，费用 { $cost }
error-alias-not-yours = `{ $alias }` 代表 `{ $model }`，但这不是你设置的
hint-aliases = `mmp models alias` 列出所有别名；mmp 自带的名称不能删除
hint-nothing-to-set-of-model = 指定参数（`--temperature`、`--max-tokens`、`--think`、`-p KEY=VALUE`）、限制（`--context-window`、`--max-output`）或价格（`--input-price` 与 `--output-price`）

## 账户

whoami = { $username }（{ $role }），{ $via }识别
role-user = 用户
role-admin = 管理员
via-peer = 通过套接字
via-login = 通过登录
via-token = 通过访问令牌

## 服务商

origin-built-in = mmp 自带
origin-added = 自行添加
provider-answers = `{ $name }` 在 { $time } 内应答，列出 { $count } 个模型；`-v` 列出名称
hint-env-key-differs = 被拒绝的是封存的密钥，而 `{ $variable }` 中是另一个：`mmp providers import-env` 会改为封存环境变量中的密钥
note-no-servers = 本机的常用端口上没有模型服务器应答；`mmp providers add NAME --kind openai --base-url URL` 可以添加别处的服务器
note-servers-elsewhere = 它们运行在守护进程 `{ $host }` 所在的机器上
server-configured = 已配置
question-remove-provider = 删除服务商 `{ $name }` 和它的密钥吗？
question-resume = 上一条回答没有写完就中断了。要接着写吗？
question-choices = [y/N]
question-key = { $name } 的 API 密钥（不显示）：
note-provider-removed = 服务商 `{ $name }` 已删除
note-provider-changed = 服务商 `{ $name }` 已保存；密钥：{ $key }
note-key-sealed = `{ $name }` 的密钥已封存
note-no-keys-in-environment = 环境变量中没有密钥；可以识别的有：{ $names }
error-variable-empty = 环境变量 `{ $name }` 没有设置
error-key-empty = 密钥是空的
error-secret-key-alone = Secret Key 是一对密钥中的第二个
hint-secret-key-alone = 同时指定 API Key：`--api-key-stdin` 或 `--api-key-env`
error-nothing-to-set = 没有要设置的内容
hint-nothing-to-set = 指定 `--base-url`、`--api-key-stdin` 或 `--api-key-env`；在终端上会询问密钥

## 本机设置

error-config-no-such-key = 没有名为 `{ $key }` 的设置
error-config-no-table = 设置文件中的 `{ $name }` 不是表
note-variable-overrules = 环境变量 `{ $variable }` 设置期间优先于 `{ $key }`
note-daemon-restart = 守护进程下次启动时生效：`mmp daemon restart`

error-setting-unset = 设置 `{ $name }` 没有值
hint-settings-list = `mmp settings list` 显示已有的设置

## 备份

admin-backed-up = 备份已写入 { $file }：{ $size }
error-backup-terminal = 备份不能输出到终端
hint-backup-terminal = 请指定文件，或转给别的程序：`mmp admin backup - | …`
error-backup-folder = `{ $path }` 是一个目录
error-backup-name = `{ $file }` 的文件名不是 UTF-8
hint-backup-folder = 请指定一个可写目录中的文件
question-passphrase = 备份中密钥的口令（不显示）：
question-passphrase-again = 再输入一次：
error-passphrases-differ = 两次输入的口令不一致
error-no-passphrase = 没有提供口令
hint-no-passphrase = 加上 `--passphrase-stdin` 并从标准输入提供
question-restore = 用 { $at } 的备份替换存储吗？原来的存储会保留
