# 守护进程的服务、路由和启动过程说的话。

## 启动与停止

error-already-running = 守护进程（pid { $pid }）已经占用 `{ $folder }`
hint-already-running = `mmp daemon status` 可查看，`mmp daemon stop` 可停止
error-config-unreadable = 无法读取 `{ $path }`：{ $reason }
error-folder = 无法使用 `{ $path }`：{ $reason }
hint-folder = 给当前用户写权限，或把 `MMP_HOME` 设为可写的目录
error-folder-not-ours = `{ $path }` 属于别人，或别人可以进入
hint-runtime-folder = 删除它，或设置 `XDG_RUNTIME_DIR` 或 `MMP_HOME`
error-no-home = 当前用户没有主目录
hint-no-home = 把 `MMP_HOME` 设为供 mmp 使用的目录
error-socket-path-too-long = 套接字路径 `{ $path }` 有 { $length } 字节；本系统最多 { $limit } 字节
hint-shorter-home = 把 `MMP_HOME` 设为更短的路径
error-stopping = 守护进程正在停止
error-stepping-down = 这个守护进程即将结束，由下一个来回答

## 请求

error-internal = mmp 内部出错；守护进程的日志里有详情
error-unauthenticated = 无法识别调用者
error-unknown-os-user = 系统用户 `{ $user }` 在这里没有账户
error-admins-only = 只有管理员可以这样做
error-body = 请求体不符合此路由的要求：{ $reason }
error-body-cut = 请求体没有发送完整
error-body-too-large = 请求体超过 { $limit } 字节
error-query = 查询参数不符合此路由的要求：{ $reason }
error-path = 路径不符合此路由的要求：{ $reason }
error-last-event-id = `Last-Event-ID` 不是整数
error-no-such-route = 没有路由 `{ $path }`
error-no-such-method = 路由 `{ $path }` 不支持方法 `{ $method }`

## 对话

error-empty-prompt = 提示词（`content`）是空的
hint-empty-prompt = 写在 `mmp chat` 后面，或用管道传入
error-prompt-too-large = 提示词有 { $size } 字节；上限是 { $limit }
hint-body-too-large = 减少内容，或调高 `daemon.limits.prompt`，图片则调高 `daemon.limits.images`
hint-prompt-too-large = 缩短内容，或调高 `daemon.limits.prompt`
error-images-too-large = 图片共 { $size } 字节，上限是 { $limit } 字节（`daemon.limits.images`）
hint-images-too-large = 减少图片或缩小尺寸，或调高 `daemon.limits.images`
error-image-kind = `{ $name }` 是 { $kind } 文件，不能作为图片发给模型
error-image-unknown = `{ $name }` 不是可识别的图片
hint-image-kinds = 图片可以是 { $kinds }
error-model-blind = `{ $model }` 看不了图片
hint-models-that-see = 你可以用的模型中，这些能看图片：{ $models }
hint-no-model-sees = 你可以用的模型中，没有已知能看图片的；`mmp providers set` 为服务商设置密钥
notice-images_left_out = 之前的 { $count } 张图片没有发送：`{ $model }` 看不了图片
error-content-part = 提问（`content`）只接受类型为 `text`、`image` 和 `tool_result` 的部分
error-too-many-models = 指定了 { $count } 个模型（`models`），上限为 { $limit } 个
error-dry-run-several = 试运行（`dry_run`）只针对一个模型，而这里指定了多个（`models`）
error-model-twice = 模型 `{ $model }` 被指定了两次（`models`）
hint-model-twice = 每个模型只写一次
error-parent-alone = `parent_id` 指定了消息，但没有用 `conversation_id` 指定会话
error-beside-alone = `beside_id` 指定了消息，但没有用 `conversation_id` 指定会话
error-parent-and-beside = `parent_id` 与 `beside_id` 不能同时使用
error-resume-says = 使用 `resume_id` 时不提新问题：请去掉 `content`
error-resume-alone = `resume_id` 需要同时给出该回答的 `conversation_id`
error-resume-elsewhere = `resume_id` 不能与 `parent_id`、`beside_id` 同时使用
error-resume-several = 续写一条回答只能用一个模型
error-resume-unsaved = 续写的回答总会保存：不能关闭 `save`
error-not-cut = `{ $id }` 不是中断的回答
hint-not-cut = 只有在结束前停下、且已有内容的回答才能续写
error-resumed-already = 它的问题此刻正在回答
hint-resumed-already = 可用 `mmp attach` 跟随
notice-seam = 接着写中断的回答
error-two-conversations = 路径和 `conversation_id` 指定了不同的会话
error-detach-unsaved = `detach` 需要保存回答，而 `save` 是关闭的
error-timeout-zero = `timeout_ms` 为 0，没有时间回答
error-temperature = `temperature` 是 { $value }；可用范围是 0 到 2
error-max-tokens = `max_tokens` 是 0；至少为 1
error-reserved-param = 参数 `{ $name }` 由 mmp 自己设置
error-keys-elsewhere = 密钥只能通过自己守护进程的 Unix 套接字传递
hint-keys-elsewhere = 在那台机器上用 `mmp providers set NAME --api-key-stdin` 封存密钥
error-interrupted = 守护进程在生成回答时结束了

## 不存在的东西

error-no-such-conversation = 没有会话 `{ $reference }`
error-several-conversations = 有多个会话叫 `{ $reference }`
error-no-such-message = 会话中没有消息 `{ $reference }`
hint-no-such-message = 用 `mmp history show --tree { $id }` 查看全部消息；用 `-C` 指定别的对话
error-several-messages = 有多条消息以 `{ $reference }` 结尾
error-two-branches = `leaf_id` 与 `pick` 都在指定当前分支，请只写其中一个
error-empty-title = 标题（`title`）为空
error-long-title = 标题（`title`）有 { $length } 个字符，最多 { $limit } 个
error-conversation-busy = 该对话一直在变动，未能删除，请再试一次
error-import-format = 无法识别的对话格式：`{ $format }`，版本 { $version }
error-import-twice = 消息 `{ $message }` 在对话中出现了两次
error-import-leaf = 当前分支的最后一条消息 `{ $message }` 不在对话中
error-import-no-leaf = 对话没有说明当前分支的最后一条消息（`leaf_id`）
error-import-circle = 消息 `{ $message }` 的父级绕回了它自己
error-import-parent = 消息 `{ $message }` 被当作父级，却不在对话中
hint-import-too-large = 请减少一次发送的对话数量
error-context-too-long = 最新的消息和系统提示约有 { $tokens } 个词元，`{ $model }` 的上下文为 { $window }，其中 { $answer } 留给回答
hint-context-too-long = 缩短内容，换用上下文更长的模型（`mmp models list`），或用 `--max-tokens` 减少留给回答的部分
notice-context_trimmed = 最早的 { $dropped_messages } 条消息没有发送：`{ $model }` 的上下文为 { $window } 个词元
error-no-such-run = 没有运行 `{ $reference }`
error-several-runs = 有多个运行以 `{ $reference }` 结尾
hint-candidates = 请指定其中之一：{ $candidates }
error-bad-cursor = 游标不属于此列表的任何一页
hint-bad-cursor = 原样使用上一页的 `next_cursor`
error-no-such-role = 没有角色 `{ $name }`
hint-nearest-roles = 是不是 { $names }？
hint-roles-list = `mmp roles list` 列出你的角色；`mmp roles set NAME --system TEXT` 新建一个
error-role-name = `{ $name }` 不能用作角色名
hint-role-name = 可用文字、数字、`-`、`_` 和 `.`，以文字或数字开头，最多 { $limit } 个字符
error-role-empty = 角色 `{ $name }` 将没有任何内容
hint-role-empty = 请给它系统提示词、模型或参数；`mmp roles delete` 删除角色
error-role-too-large = 系统提示词有 { $size } 字节，角色的上限是 { $limit } 字节
hint-role-too-large = 很长的系统提示词请随每次提问给出：`mmp chat -s` 或 `-f`
error-roles-too-many = 已有 { $limit } 个角色，不能再增加
hint-roles-too-many = 用 `mmp roles delete` 删除一些
error-setting-value = `{ $name }` 不能设为 `{ $value }`
hint-setting-value = 可取的值例如：{ $example }
error-unknown-setting = 没有设置 `{ $name }`
hint-settings = 可用的设置：{ $names }
error-username-taken = 名称 `{ $username }` 已属于另一个账户

## 模型与服务商

error-model-not-found = 没有模型 `{ $model }`
hint-nearest-models = 你是不是想写 { $models }？
hint-models-list = `mmp models list` 列出已有的模型；`PROVIDER/NAME` 可以使用服务商的任何其他模型
error-model-disabled = 模型 `{ $model }` 已停用
hint-model-enable = `mmp models enable { $model }` 重新启用它
hint-model-disabled-by-admin = 管理员停用了它；`mmp models list` 列出其他模型
error-models-disabled = `{ $provider }` 的所有已知模型都已停用
error-alias = `{ $alias }` 不能作为别名
hint-alias = 别名为 1 到 { $limit } 个字符，不含空格和逗号，不以 `-` 开头
error-alias-taken = `{ $alias }` 已经代表 `{ $model }`
hint-alias-taken = 换一个别名；自己的别名可以直接改给另一个模型
error-too-many-aliases = 一个模型最多有 { $limit } 个别名
error-limit-zero = `{ $field }` 至少为 1
error-price = `{ $field }` 不能是 { $value }：价格是每百万词元的美元数，不能小于 0
error-params = 参数不合理：{ $reason }
error-no-models = `{ $provider }` 没有列出任何模型
hint-name-a-model = 指定一个：`{ $provider }/MODEL`
hint-name-a-model-or-place = `-m { $provider }/MODEL` 指定一个模型；如果基础 URL 不对，`mmp providers set { $provider } --base-url URL` 可以修改
error-no-such-provider = 没有服务商 `{ $name }`
hint-providers = 已有：{ $names }；`mmp providers add NAME --kind KIND` 可以添加
error-provider-exists = 服务商 `{ $name }` 已经存在
hint-provider-set = `mmp providers set { $name }` 可以修改它
error-provider-built-in = `{ $name }` 是 mmp 自带的，不能删除
hint-provider-unset = `mmp providers unset { $name }` 会忘掉它的密钥和基础 URL
error-provider-name = `{ $name }` 不能用作服务商名称
hint-provider-name = 名称由 1 到 64 个 a-z、0-9、`-`、`_`、`.` 组成，以字母或数字开头
error-provider-kind = 没有服务商类型 `{ $kind }`
hint-provider-kinds = 可用的类型（`--kind`）：{ $kinds }
error-base-url = `{ $url }` 不是基础 URL
hint-base-url = 写 `http://` 或 `https://`、主机，以及 `/chat/completions` 之前的路径，通常是 `…/v1`；不要写用户名和密码
error-no-key = `{ $provider }` 需要密钥，但没有封存的密钥
hint-no-key = 用 `mmp providers set { $provider } --api-key-stdin` 封存一个，或设置 `{ $variable }`
hint-no-key-added = 用 `mmp providers set { $provider } --api-key-stdin` 封存一个
error-empty-key = `{ $provider }` 的密钥是空的
hint-bad-key = 重新复制一次：密钥是由字母、数字和符号组成的一个词
error-bad-key = `{ $provider }` 的密钥（{ $length } 字节）含有密钥不会有的字符
notice-env_key_sealed = `{ $variable }` 中的密钥已为 `{ $provider }` 封存
notice-key_trimmed = `{ $provider }` 的密钥前后的空白已去掉
notice-master_key_made = 已为你的服务商密钥生成主密钥（{ $key_store }：{ $location }）

error-fallback-demo = 演示不能用作后备：它不是 AI
error-fallback-cycle = 后备链又回到了 `{ $model }`
notice-fallback_skipped = 后备链中的 `{ $model }` 无法使用（{ $reason }）

## 保险库

vault-unreachable = 保险库已锁定：无法取得主密钥（{ $key_store }）：{ $reason }
vault-wrong-key = 保险库已锁定：`{ $location }` 处的内容不是它的主密钥
vault-exposed = 保险库已锁定：别人也能读取它的主密钥 `{ $location }`
hint-vault-exposed = `chmod 600 '{ $location }'` 使它只属于你；如果可能已被人读取，请在服务商处更换密钥
vault-does-not-open = 为 `{ $provider }` 封存的密钥无法打开
vault-no-randomness = 保险库已锁定：系统没有提供随机数
vault-raced = 另一个请求同时生成了主密钥
hint-vault-locked = 解锁密钥环或放回密钥文件后重试；`mmp providers set NAME --api-key-stdin` 可以重新封存密钥

## 存储

error-store-conflict = 同时被别人修改了
error-store-full = 磁盘已满，没有做任何修改：{ $reason }
hint-store-full = 腾出空间后重试
error-store-locked = 另一个进程占用着存储：{ $reason }
hint-store-locked = `mmp daemon status` 显示正在运行的守护进程
error-store-read-only = 无法写入存储：{ $reason }
error-store-damaged = 存储已损坏：{ $reason }
hint-store-damaged-backup = 最近一份完好的备份来自 { $at }：`mmp admin restore '{ $file }'` 会换上它并保留现有的存储
error-backup-no-room = `{ $folder }` 中没有足够的空间存放备份
hint-store-damaged = `mmp admin restore FILE` 会换上备份并保留现有的存储；没有备份时，把数据目录（`mmp config path` 显示它的位置）中的 `store` 移走，从头开始
error-store-newer = 存储由更新版本的 mmp 写入：{ $reason }
hint-store-newer = 运行那个版本，或把数据目录中的 `store` 换成备份；`mmp config path` 显示它的位置
error-store-failed = 存储出错：{ $reason }
hint-store-failed = 详情见 `mmp daemon logs`

error-search-too-long = 搜索内容有 { $size } 个字符，上限是 { $limit }
hint-search-too-long = 只搜原文中的几个词，不必搜全文
error-search-nothing = `{ $query }` 里没有可以搜索的词
hint-search-nothing = 请写一个词、一个带引号的短语，或一个过滤条件：`model:`、`role:`、`after:`、`before:`、`in:`；标点符号不参与搜索
error-search-role = 没有消息的角色是 `{ $value }`
hint-search-role = 角色有 { $roles }
error-search-time = `{ $filter }:` 看不懂时间 `{ $value }`
hint-search-time = 请写日期，如 `2026-01-31`，或时间，如 `2026-01-31T12:00:00Z`
error-search-failed = 搜索索引无法使用：{ $reason }
hint-search-failed = 对话没有受损；磁盘可写之后，索引会自动重建
notice-index_catching_up = 搜索索引正在更新：约有 { $behind } 条消息暂时搜不到
notice-search_best_only = 按相关度最多列出 { $count } 条消息；请多写几个词，或改为从新到旧

## 备份

error-backup-memory = 只在内存中的存储无法备份
error-passphrase-empty = 口令为空
error-backup-foreign = `{ $file }` 不是 mmp 的备份
error-backup-newer = `{ $file }` 由更新版本的 mmp 生成：{ $made }
error-backup-cut = `{ $file }` 不完整：文件中途结束
error-backup-damaged = `{ $file }` 已损坏：{ $reason }
error-backup-engine = 备份来自 `{ $theirs }:` 存储，而这里是 `{ $ours }:`
error-backup-key = 这份备份的主密钥不在本机；它原先位于 { $location }
error-backup-key-damaged = 备份所带的密钥无法读取
error-backup-locked = 备份所带的密钥受口令保护
error-backup-passphrase = 口令打不开备份所带的密钥
hint-backup-foreign = `mmp admin backup FILE` 可生成备份
hint-backup-newer = 请用那个版本或更新版本的 mmp 恢复
hint-backup-damaged = 请换一份备份；这份备份没有恢复任何内容
hint-backup-key = 把那把密钥放回原处，或改用以 `--with-key` 生成的备份，或加上 `--without-key`：之后需要重新输入各服务商的密钥
hint-backup-locked = 加上 `--passphrase-stdin` 并从标准输入提供口令，或加上 `--without-key`
hint-backup-passphrase = 请重试，或加上 `--without-key`：之后需要重新输入各服务商的密钥
backup-is-whole = 备份完整，由版本 { $version } 于 { $at } 生成
admin-restored = 已恢复版本 { $version } 于 { $at } 生成的备份
admin-restore-kept = 原来的存储保留在 { $path }
admin-restore-lost-key = 需要重新输入：{ $user } 用于 { $provider } 的密钥
