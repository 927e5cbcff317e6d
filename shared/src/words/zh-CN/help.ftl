# `--help` 说的话：`help-命令` 是命令，`help-命令--名称` 是它的参数，`help-any--名称` 是在各处含义相同的参数。

help-heading-usage = 用法：
help-heading-commands = 命令
help-heading-command-value = 命令
help-heading-arguments = 参数
help-heading-options = 选项
help-heading-everywhere = 通用选项

help-mmp = 在终端里与多种模型对话
help-mmp--version = 显示版本

help-any--host = 要连接的守护进程：`unix:///路径` 或 `http(s)://主机:端口`
help-any--color = 何时使用颜色
help-any--output = 输出方式：文本、JSON、每行一个 JSON、逗号分隔的值
help-any--json = 等同于 `--output json`
help-any--quiet = stderr 上只显示错误
help-any--verbose = stderr 上显示更多
help-any--yes = 不询问，一律同意
help-any--lang = 提示信息的语言：`en` 或 `zh-CN`
help-any--help = 显示这份帮助
help-any--limit = 显示多少行；默认 50
help-any--all = 显示所有行
help-any--cursor = 从上一次列表结束的地方继续
help-any--think = 模型先思考多少
help-any--param = 按服务商自己的名称设置参数
help-any--temperature = 回答的随机程度
help-any--max-tokens = 回答最多的词元数
help-any--run = 运行，用它的编号或编号的末尾

help-chat = 向模型提问；回答写到 stdout
help-chat--prompt = 要说的话；空一行后接标准输入，`-` 表示必须读取它
help-chat--model = 要问的模型
help-chat--system = 放在对话之前的指示
help-chat--continues = 继续上一个对话
help-chat--conversation = 继续这个对话
help-chat--file = 加入一个文件、一个 URL，或用 `-` 加入标准输入
help-chat--code = 只输出第一个代码块的内容
help-chat--no-stream = 回答完整之后再输出
help-chat--no-save = 什么都不保存
help-chat--dry-run = 只显示请求，不发送
help-chat--show-thinking = 在 stderr 上显示模型的思考
help-chat--hide-thinking = 不显示模型的思考
help-chat--no-fallback = 这个模型失败时不改问其他模型
help-chat--timeout = 整个回答最长可用的时间：`30s`、`5m`
help-chat--no-stdin = 从不读取标准输入

help-history = 以往的对话
help-history-list = 列出对话，最近的在前
help-history-show = 显示一个对话，默认是最后一个
help-history-show--conversation = 对话，用它的编号、编号的末尾或标题
help-history-search = 搜索消息：词语、"短语"、词首*，以及 model: role: after: before: in:
help-search = 搜索消息：词语、"短语"、词首*，以及 model: role: after: before: in:
help-any--query = 要搜索的内容；消息必须全部包含
help-any--newest = 最新的在前，而不按相关度

help-runs = 回答的生成过程
help-runs-list = 列出运行，最近的在前
help-runs-show = 显示一个运行
help-runs-stop = 停止一个运行；已生成的部分会保留

help-models = 可以提问的模型
help-models-list = 列出模型
help-models-show = 显示一个模型、提问时会用到的设置及其来源
help-models-show--name = 模型，用它的任何一个名称
help-models-default = 显示或设置默认模型
help-models-default--name = 要设为默认的模型
help-models-list--provider = 只列出这个服务商的模型
help-models-refresh = 向服务商查询它们自己的模型列表并保存
help-models-refresh--providers = 要查询的服务商；不指定时查询所有有密钥或设置过地址的服务商
help-models-test = 向模型问一个小问题
help-models-test--name = 模型，用它的任何一个名称
help-models-enable = 重新启用模型
help-models-disable = 停用模型
help-models-alias = 列出模型的别名，显示一个别名，或设置别名
help-models-set = 设置模型的默认参数、限制和价格
help-models-unset = 撤销对模型的设置；没有指定时撤销全部
help-any--model = 模型，用它的任何一个名称
help-any--models = 一个或多个模型，用它们的任何一个名称
help-any--alias = 代表模型的别名
help-any--remove = 删除这个别名
help-any--context-window = 提示与回答合计的最多词元数
help-any--max-output = 回答的最多词元数
help-any--input-price = 提示每百万词元的价格（美元）
help-any--cached-price = 提示中命中缓存的部分每百万词元的价格（美元）
help-any--output-price = 回答每百万词元的价格（美元）
help-models-unset--param = 要撤销的参数名称
help-models-unset--context-window = 撤销上下文长度
help-models-unset--max-output = 撤销最长回答
help-models-unset--price = 撤销价格

help-admin = 管理员为所有人所做的设置
help-admin-models = 对所有人生效的模型设置
help-admin-models-enable = 为所有人重新启用模型
help-admin-models-disable = 为所有人停用模型
help-admin-models-alias = 列出模型的别名，显示一个别名，或为所有人设置别名
help-admin-models-set = 为所有人设置模型的默认参数、限制和价格
help-admin-models-unset = 撤销为所有人所做的模型设置；没有指定时撤销全部
help-admin-models-unset--param = 要撤销的参数名称
help-admin-models-unset--context-window = 撤销上下文长度
help-admin-models-unset--max-output = 撤销最长回答
help-admin-models-unset--price = 撤销价格

help-providers = 向谁的模型提问，用哪个密钥
help-providers-list = 列出服务商
help-providers-show = 显示一个服务商
help-providers-add = 添加服务商
help-providers-set = 修改服务商；在终端上不带选项时会询问密钥
help-providers-unset = 撤销设置；没有指定时撤销全部
help-providers-unset--api-key = 撤销密钥
help-providers-unset--base-url = 撤销基础 URL
help-providers-remove = 删除自行添加的服务商
help-providers-test = 向服务商查询它的模型
help-providers-discover = 在守护进程所在的机器上寻找模型服务器
help-providers-import-env = 封存环境变量中的所有密钥
help-any--name = 服务商的名称
help-any--kind = 使用谁的 API：openai、deepseek、wenxin，或 mmp 自带的任一服务商的名称
help-any--base-url = API 的 URL，到 `/chat/completions` 之前为止：通常是 `…/v1`
help-any--api-key-stdin = 从标准输入读取密钥
help-any--api-key-env = 从这个环境变量读取密钥，只读一次
help-any--secret-key-stdin = 用于文心的旧版 API：从标准输入读取 Secret Key，位于密钥的下一行
help-any--secret-key-env = 用于文心的旧版 API：从这个环境变量读取 Secret Key，只读一次

help-whoami = 显示守护进程认为你是谁

help-settings = 守护进程为你的所有终端保存的设置
help-settings-list = 列出已有的设置
help-settings-get = 显示一项设置
help-settings-set = 修改一项设置
help-settings-unset = 取消一项设置
help-any--setting = 设置项：`model`（未指定模型时由谁回答），`fallback`（无法回答时依次由谁回答，用逗号分隔）
help-settings-set--value = 新的值

help-config = 本机的设置
help-config-list = 列出所有设置和来源
help-config-get = 显示一个设置
help-config-set = 修改文件中的设置
help-config-unset = 从文件中去掉设置
help-config-path = 显示各种文件的位置
help-any--key = 设置的名称
help-config-set--value = 新的值

help-daemon = 真正干活的守护进程
help-daemon-start = 启动它，如果还没有运行
help-daemon-stop = 等它的运行结束后停止它
help-daemon-restart = 停止并重新启动它
help-daemon-status = 显示它是否在运行以及在哪里
help-daemon-run = 在前台运行它
help-daemon-logs = 显示日志的末尾
help-daemon-logs--lines = 显示多少行；默认 50

help-doctor = 找出哪里有问题以及如何解决
