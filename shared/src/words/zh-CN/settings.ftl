# 用户读到的文字，简体中文。与 en.ftl 的键一一对应；值放在反引号里，建议单独放在 `hint-` 里。

## 数量

count-messages = { $count } 条消息

count-models = { $count } 个模型

## 设置

config-host = 守护进程的监听地址：`unix:///路径` 或 `http://主机:端口`
config-model = 未指定模型时由哪个模型回答
config-lang = 提示信息的语言
config-color = 终端是否使用颜色
config-import-env = 是否使用环境变量中的密钥，如 `OPENAI_API_KEY`
config-show-thinking = 是否显示模型的思考过程
config-daemon-idle-exit = 守护进程空闲多久后自行结束；`0s` 表示一直运行
config-daemon-store-url = 使用哪种存储：`sled:` 保存在磁盘上，`memory:` 结束即忘
config-daemon-store-cache = 存储缓存最多使用的内存
config-daemon-store-durability = 已确认的修改能经受什么：断电（`power`）或进程退出（`process`）
config-daemon-backup-every = 守护进程自动备份的间隔，如 `24h`；`0s` 表示不备份
config-daemon-backup-keep = 保留多少份自动备份
config-daemon-backup-folder = 自动备份的目录；未设置时为状态目录中的 `backups`
config-daemon-vault-key-store = 保险库的主密钥保存在哪里
config-daemon-vault-keyring-timeout = 等待系统密钥环应答的最长时间
config-daemon-auth-registration = 谁可以注册账户：只有通过套接字连接的守护进程本人的系统用户（`closed`）、受邀者（`invite`）或所有人（`open`）
config-daemon-auth-peer = 是否凭套接字另一端的系统用户即可识别调用者
config-daemon-auth-access-lifetime = 登录所得的访问令牌在刷新之前的有效期
config-daemon-auth-login-lifetime = 登录在不刷新的情况下保留多久
config-daemon-routing-attempts = 一次回答最多尝试的次数，所有模型合计
config-daemon-routing-time = 一次回答开始后多久之内可以重试
config-daemon-runs-keep = 已结束的运行的事件保留多久
config-daemon-runs-reader-timeout = 读取方多久没有进展就会被断开
config-daemon-runs-stop-timeout = 守护进程停止时等待运行结束的最长时间
config-daemon-upstream-connect-timeout = 连接服务商的最长等待时间
config-daemon-upstream-first-event-timeout = 等待服务商第一个事件的最长时间
config-daemon-upstream-event-timeout = 服务商两个事件之间的最长间隔
config-daemon-upstream-total-timeout = 一次回答最长可用的时间
config-daemon-upstream-largest-event = 接受服务商单个事件的最大尺寸
config-daemon-upstream-largest-answer = 接受服务商一次回答的最大尺寸
config-daemon-discover-ports = 在本机的哪些端口上寻找模型服务器；没有设置时为常用端口
config-daemon-limits-prompt = 提示词的最大尺寸
config-daemon-limits-images = 一次提问中所有图片的总大小上限
config-daemon-limits-account-rate = 一个账户在所有连接上可以发出的请求数
config-daemon-limits-token-rate = 一个访问令牌可以用于的请求数
config-daemon-limits-source-rate = 一个地址可以通过 TCP 发出的请求数
config-daemon-listen-unix-access = 哪些系统用户可以连接 Unix 套接字：守护进程自己的用户、一个组的成员、所有人
config-daemon-listen-tcp = 监听 TCP 的地址和端口；不设置则不监听
config-daemon-listen-tls-certificate = TLS 证书链的文件（PEM）；改变时重新读取
config-daemon-listen-tls-key = 证书私钥的文件（PEM）
config-daemon-listen-hosts = 通过 TCP 访问守护进程时使用的主机名，用逗号分隔；地址和 `localhost` 不必列出
config-daemon-listen-origins = 允许其网页通过 TCP 访问的来源，用逗号分隔
config-daemon-listen-connections = TCP 同时连接的最大数量
config-daemon-listen-header-timeout = 通过 TCP 接收请求头的最长时间
config-daemon-listen-body-timeout = 接收请求正文的最长时间
config-daemon-log-level = 守护进程记录日志的详细程度
config-daemon-log-days = 日志保留的天数

## 设置的错误

error-config-flag = `{ $value }` 不是 `{ $key }` 可用的值；可用的是：{ $expected }
error-config-variable = `{ $variable }` 中的 `{ $value }` 不是可用的值；可用的是：{ $expected }
error-config-syntax = `{ $path }` 第 { $line } 行：{ $reason }
error-config-type = `{ $path }` 第 { $line } 行：`{ $key }` 的值是 { $value }；可用的是：{ $expected }
error-config-unknown-key = `{ $path }` 第 { $line } 行：没有名为 `{ $key }` 的设置
hint-nearest-key = 你是不是想写 `{ $key }`？
hint-config-list = `mmp config list` 会列出所有设置
