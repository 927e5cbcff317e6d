# 关于账户、登录和访问令牌的话。

## 名称与密码

error-username-empty = 名称（`username`）是空的
error-username-too-long = 名称（`username`）有 { $count } 个字符；上限是 { $limit }
error-username-character = 名称（`username`）含有不能使用的字符 `{ $character }`
error-username-edge = 名称（`username`）不能以 `{ $sign }` 开头或结尾
error-username-mixed = 名称（`username`）混用了不相干的文字
error-username-reserved = 名称（`username`）是保留名称，或与保留名称相似
error-username-look-alike = 名称（`username`）看起来与另一个账户相同
hint-username = 名称由 1 到 { $limit } 个同一种文字的字母和数字组成；中间可以有 `-`、`_`、`.`、`@` 和 `+`
error-os-user-taken = 系统用户 { $os_user } 已属于另一个账户
error-display-name = `display_name` 为一行 1 到 { $limit } 个字符
error-password-empty = 密码（`password`）是空的
error-password-too-long = 密码（`password`）有 { $size } 字节；上限是 { $limit }
error-password-control = 密码（`password`）含有控制字符，例如 NUL 或换行
error-password-too-short = 密码（`password`）有 { $count } 个字符；至少要 { $limit } 个
error-password-guessable = 密码（`password`）太容易被猜到
hint-password = 四五个互不相干的词就够了；不要求数字或符号
error-old-password = 此账户已有密码：请用 `old_password` 给出

## 注册

error-registration-closed = 这里不开放注册
error-registration-invite = 在这里注册需要邀请码（`invite`）
hint-registration-invite = 管理员可以用 `mmp admin users invite` 生成邀请码
error-invite = 邀请码（`invite`）无效：已被使用、已过期或不存在
error-invite-life = `expires_in_s` 是 { $seconds }；可用范围是 1 到 { $limit }
error-no-such-invite = 没有邀请 `{ $reference }`
hint-ask-admin = 请联系此守护进程的管理员

## 登录

error-wrong-password = 名称与密码不匹配
hint-wrong-password = 请检查两者；管理员可以用 `mmp admin users reset-password` 设置新密码
error-too-many-attempts = 尝试次数过多：{ $seconds } 秒内拒绝此账户的密码
hint-too-many-attempts = 稍后再试；已有的登录和本机上你自己的系统用户不受影响
error-too-many-logins = 此刻登录的人太多
error-too-many-refreshes = 此登录在短时间内刷新得太频繁
error-login-client = `client` 为一行，最多 { $limit } 个字符
error-login-over = 此登录已结束或不存在
error-login-stale = 此登录的访问令牌已过期
hint-refresh = 用刷新令牌请求 `POST /auth/refresh` 可以换取新的令牌
hint-log-in = 用 `mmp login` 登录
error-no-login-to-end = 没有可结束的登录：请用 `refresh_token` 指定
error-no-such-login = 没有登录 `{ $reference }`
error-several-logins = 有多个登录以 `{ $reference }` 结尾
error-authorization = 请求头 `Authorization` 应为 `Bearer` 加令牌
error-account-disabled = 此账户已停用
error-account-deleting = 此账户正在删除
hint-unknown-os-user = 用 `mmp login` 登录；管理员可以用 `mmp admin users map NAME --os-user { $os_user }` 为此系统用户指定账户

## 访问令牌

error-token-unknown = 访问令牌无效：已被吊销、已过期或不存在
hint-token-unknown = `mmp tokens list` 列出现有的令牌；`MMP_TOKEN` 里可能是旧的
error-token-name = `name` 为一行 1 到 { $limit } 个字符
error-token-scopes = 访问令牌至少要有一个权限范围（`scopes`）
hint-token-scopes = 可用的有：{ $scopes }
error-token-life = `expires_in_s` 是 { $seconds }；可用范围是 1 到 { $limit }
error-too-many-tokens = 已有 { $limit } 个访问令牌，达到一个账户的上限
hint-tokens-list = `mmp tokens list` 列出它们，`mmp tokens revoke` 可以腾出位置
error-no-such-token = 没有访问令牌 `{ $reference }`
error-several-tokens = 有多个访问令牌叫 `{ $reference }`
error-token-lacks-scope = 访问令牌没有权限范围 `{ $scope }`
hint-token-lacks-scope = 用 `mmp tokens create NAME --scope …` 生成一个带有它的令牌
error-not-by-token = 访问令牌不能做这件事
error-no-policy = 没有人可以使用此路由

## 他人的账户

error-no-such-user = 没有账户 `{ $reference }`
hint-users-list = `mmp admin users list` 列出已有的账户
error-last-admin = 这是最后一个管理员：没有管理员就没有人能照管此守护进程
hint-last-admin = 先把另一个账户设为管理员：`mmp admin users set NAME --role admin`
