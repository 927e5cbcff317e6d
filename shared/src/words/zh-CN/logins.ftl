# 客户端关于账户、登录和访问令牌说的话。

## 身份

error-host-in-the-clear = `{ $host }` 是另一台机器，而且没有加密：发往那里的内容可能在途中被读取
hint-host-secure = 写成 `{ $host }`；那里的守护进程需要证书（`daemon.listen.tls_certificate`）
error-socket-kept-out = 内核不允许这个系统用户连接 `{ $target }`：这个套接字只属于运行守护进程的用户
hint-socket-kept-out = 请那个用户设置 `daemon.listen.unix_access`（`group:组名` 或 `all`），或设置 `daemon.listen.tcp` 后用 `mmp login https://主机:端口` 登录
hint-certificate = `SSL_CERT_FILE` 指定一个证书文件，代替系统信任的证书
error-token-variable = 环境变量 `MMP_TOKEN` 中不是访问令牌
hint-token-variable = 访问令牌是 `mmp tokens create` 输出的一个词；`unset MMP_TOKEN` 可以不使用它
error-own-login-over = `{ $user }` 在 `{ $host }` 的登录已失效：被撤销、已过期，或密码已更改
hint-own-login-over-socket = `mmp login` 可以重新登录；在此之前以当前系统用户的身份使用
hint-login-anew = `mmp login { $host }` 可以重新登录；`mmp logout --host { $host }` 删除这个登录
error-login-gone = `{ $user }` 在 `{ $host }` 的登录还在列表中，但它的令牌不见了
error-login-unreadable = 无法读取 `{ $user }` 在 `{ $host }` 的登录：{ $reason }
hint-login-keyring = 解锁钥匙串，或重新登录：`mmp login { $host }`
hint-logins-file = 删除这个文件，然后重新登录
error-logins-locked = 另一个 `mmp` 占用登录信息已超过 { $seconds } 秒
error-refresh-no-answer = 守护进程在 { $seconds } 秒内没有刷新登录
note-login-in-file = 登录保存在只有你能读取的 { $path }，没有放进钥匙串

## 登录与退出

question-username = 名称：
question-password = { $name } 的密码（不显示）：
question-old-password = { $name } 的当前密码（不显示）：
question-new-password = { $name } 的新密码（不显示）：
question-new-password-again = 再输入一次：
error-no-username = 缺少名称
hint-no-username = 用 `--username 名称` 指定
error-no-password = 缺少密码
hint-no-password = 用 `--password-stdin` 从管道输入一行；在终端上会询问
error-one-password = 需要两个密码，只有一个
hint-one-password = 写两行：先是当前密码，然后是新密码
error-passwords-differ = 两次输入的密码不同；没有做任何更改
note-logged-in = 已以 `{ $user }` 登录 { $host }
note-last-login = 上次登录时间：{ $at }
note-first-login = 这是第一次登录
note-failures-since = 此后有 { $count } 次失败的尝试；如果不是你本人，请用 `mmp passwd` 更改密码
note-token-counts-first = 设置了 `MMP_TOKEN` 期间，它优先于这个登录
note-token-still-counts = 设置了 `MMP_TOKEN` 期间，它仍然有效
note-logged-out = 已退出：`{ $user }`，{ $host }
note-login-not-ended = 本机已删除这个登录，但守护进程上没有结束它（{ $reason }）；`mmp logins revoke { $id }` 可以结束它
error-no-login = 没有保存 { $host } 的登录
hint-no-login = `mmp whoami` 显示你是谁；`mmp logout --host URL` 退出其他主机的登录
note-host-remembered = 今后的命令都发往 { $host }（设置 `host`）；`mmp logout` 可以取消
note-host-forgotten = 命令重新发往本机的守护进程
note-host-not-changed = 无法修改设置 `host`（{ $reason }）；可以用 `MMP_HOST={ $host }` 指定主机
note-password-changed = `{ $user }` 的密码已更改；它的其他登录都已结束
note-login-revoked = 登录 `{ $id }` 已撤销

## 账户

note-account-saved = 账户 `{ $user }` 已保存
note-account-deleted = 账户 `{ $user }` 和它的一切已删除
note-account-being-deleted = 账户 `{ $user }` 已关闭；它的数据正在删除
question-delete-account = 删除你的账户 `{ $user }` 以及它的对话、密钥和令牌吗？删除后无法恢复
question-delete-user = 删除账户 `{ $user }` 以及它的对话、密钥和令牌吗？删除后无法恢复
error-wants-yes = 这一步无法撤回，而这里没有人可以确认
hint-wants-yes = 用 `--yes` 表示确认
hint-nothing-to-set-of-account = 指定 `--username` 或 `--display-name`
hint-nothing-to-set-of-user = 指定 `--username` 或 `--role`
note-user-made = 账户 `{ $user }` 已创建
note-user-without-a-way = 还没有人能使用 `{ $user }`：`mmp admin users reset-password` 设置密码，`mmp admin users map` 对应系统用户
note-user-mapped = 系统用户 { $number } 的进程现在就是 `{ $user }`
note-user-not-mapped = 现在没有系统用户对应 `{ $user }`
note-user-disabled = 账户 `{ $user }` 已停用；它的登录都已结束
note-user-enabled = 账户 `{ $user }` 已启用
note-password-reset = `{ $user }` 的密码已设置；它的登录都已结束
note-invite-made = 这个邀请码可以创建一个账户，有效期至 { $until }；不会再次显示
note-invite-revoked = 邀请 `{ $id }` 已收回

## 访问令牌

note-token-made = 这个令牌有效期至 { $until }；不会再次显示
note-token-made-for-good = 这个令牌在撤销之前一直有效；不会再次显示
note-token-revoked = 访问令牌 `{ $name }` 已撤销

## 列

column-username = 名称
column-display-name = 称呼
column-role = 角色
column-via = 识别方式
column-has-password = 有密码
column-os-user = 系统用户
column-disabled-at = 停用于
column-deleting-at = 删除开始于
column-current = 本次
column-refreshed-at = 最近使用
column-source = 来自
column-client = 客户端
column-expires-at = 有效期至
column-last-used-at = 最近使用
column-scopes = 范围
column-at = 时间
column-actor-name = 操作者
column-target-name = 对象
column-detail = 详情

## 全屏程序的登录界面

login-key = 登录或注册账户
login-slash = 在这个守护进程上登录或注册账户
login-slash-out = 结束在这个守护进程上的登录
login-title = 登录
login-hint = 用 `/login` 登录
login-at = { $host }
login-mode-known = 已有账户
login-mode-new = 注册新账户
login-field-name = 名称
login-field-password = 密码
login-field-again = 再次输入
login-field-invite = 邀请码
login-field-invite-hint = 主机要求时填写
login-next = 继续
login-mode = 选择
login-field = 下一项
login-waiting = 请稍候……
login-missing-name = 请输入名称
login-missing-password = 请输入密码
login-token = 已设置 `MMP_TOKEN`，它优先于任何登录；不想用它：执行 `unset MMP_TOKEN` 后重新打开 `mmp`
login-note-out = 已退出登录
