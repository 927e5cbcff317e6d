# 守护进程说的话。

## 服务商：没有回答，而是说了别的

upstream-auth = `{ $provider }` 不接受这个密钥：`{ $words }`
upstream-wants-key = `{ $provider }` 需要密钥：`{ $words }`
upstream-bad-key = `{ $provider }` 的密钥含有密钥中不会出现的字符
upstream-quota = `{ $provider }` 的账户余额不足：`{ $words }`
upstream-rate-limited = `{ $provider }` 要求减少请求：`{ $words }`
upstream-model-not-found = `{ $provider }` 没有这个模型：`{ $words }`
upstream-context-too-long = 对话超出了 `{ $provider }` 上该模型的上下文长度：`{ $words }`
upstream-content-blocked = `{ $provider }` 拦截了内容：`{ $words }`
upstream-timed-out = `{ $provider }` 等待超时：`{ $words }`
upstream-overloaded = `{ $provider }` 出错或过载：`{ $words }`
upstream-bad-request = `{ $provider }` 拒绝了请求：`{ $words }`
upstream-unexpected = `{ $provider }` 的应答出乎意料：`{ $words }`
upstream-redirect = `{ $provider }` 把请求转向了 `{ $url }`
upstream-own-field = `{ $name }` 不是参数：它由 mmp 自己设置
upstream-bad-url = `{ $url }` 不是 `{ $provider }` 可用的 URL
upstream-no-list = `{ $provider }` 的基础 URL 上没有模型列表：`{ $words }`
upstream-no-models = `{ $provider }` 没有模型列表

## 服务商：无法理解的应答

upstream-invalid-json = `{ $provider }` 发来的不是有效的 JSON（{ $reason }）：`{ $words }`
upstream-no-choices = `{ $provider }` 的应答中没有 choices：`{ $words }`
upstream-no-model-list = `{ $provider }` 发来的不是模型列表
upstream-html = `{ $provider }` 应答了一个网页
upstream-nonsense = `{ $provider }` 发来的既不是 JSON 也不是流：`{ $words }`
upstream-event-too-large = `{ $provider }` 发来的一个事件超过 { $limit } 字节
upstream-answer-too-large = `{ $provider }` 的回答超过 { $limit } 字节
upstream-truncated = `{ $provider }` 的回答没有结束就中断了
upstream-cut = 回答中途与 `{ $provider }` 的连接断开：`{ $words }`

## 服务商：连不上，等不到

upstream-dns = 无法连接 `{ $provider }`：找不到主机 `{ $host }`
upstream-refused = 无法连接 `{ $provider }`：`{ $host }` 上没有服务在监听
upstream-connect-timeout = 无法连接 `{ $provider }`：`{ $host }` 没有应答
upstream-tls = 无法与 `{ $host }` 上的 `{ $provider }` 建立安全连接：{ $why ->
        [issuer] 本机不认识其证书的签发者
        [expired] 其证书已过期
        [early] 其证书尚未生效
        [name] 其证书属于另一个名称
        [plain] 对方没有使用 TLS
       *[other] `{ $words }`
    }
upstream-proxy = 代理无法通向 `{ $host }` 上的 `{ $provider }`：{ $why ->
        [refused] `{ $proxy }` 上没有服务在监听
        [dns] 找不到主机 `{ $proxy }`
        [silent] `{ $proxy }` 没有应答
        [password] `{ $proxy }` 需要用户名和密码（407）
        [denied] `{ $proxy }` 拒绝连接到那里
       *[other] `{ $proxy }`：`{ $words }`
    }
upstream-not-http = `{ $host }` 上的 `{ $provider }` 不使用明文 HTTP
upstream-closed = `{ $host }` 上的 `{ $provider }` 没有应答就关闭了连接
upstream-no-connection = 无法连接 `{ $host }` 上的 `{ $provider }`：`{ $words }`
upstream-no-certificates = 无法与 `{ $host }` 上的 `{ $provider }` 建立安全连接，因为无法加载系统证书：`{ $words }`
upstream-event-timeout = `{ $provider }` 已有 { $duration } 没有新内容
upstream-silent = `{ $provider }` 在 { $duration } 内没有应答
upstream-total-timeout = `{ $provider }` 的回答用时超过 { $duration }

hint-upstream-auth = `mmp providers set { $provider }` 可以换一个密钥
hint-upstream-wants-key = `mmp providers set { $provider }` 可以设置密钥
hint-upstream-quota = 在服务商处充值，或用 `-m` 指定另一个模型
hint-upstream-rate-limited = 稍等片刻，或用 `-m` 指定另一个模型
hint-upstream-retry-after = `{ $provider }` 要求等待 { $duration }；`-m` 可以指定另一个模型
hint-upstream-model-not-found = `mmp models list` 会列出已知的模型
hint-upstream-context-too-long = 开始新的对话，指定上下文更长的模型，或说明其长度（`mmp models set NAME --context-window N`），以便及时略去最早的对话
hint-upstream-param = 去掉 `{ $flag }`，或换一个值
hint-upstream-base-url = 基础 URL 可能不对，它到 `/chat/completions` 之前为止，通常以 `/v1` 结尾：`mmp providers show { $provider }` 可以查看，`mmp providers set { $provider } --base-url URL` 可以修改
hint-upstream-refused = 服务器在运行吗？`mmp providers show { $provider }` 会显示基础 URL
hint-upstream-network = 检查网络，并用 `mmp providers show { $provider }` 检查基础 URL
hint-upstream-tls = 检查基础 URL、本机的日期和证书；`SSL_CERT_FILE` 可以指定含有更多证书的文件
hint-upstream-tls-issuer = 如果你信任这个签发者（公司代理或自己的服务器），把它的证书和其他需要的证书放进一个文件，用 `SSL_CERT_FILE` 指定，然后 `mmp daemon restart`
hint-upstream-tls-date = 用 `date` 检查本机的日期；如果日期正确，只有服务器的管理者能解决
hint-upstream-tls-name = 检查基础 URL 中的主机：`mmp providers show { $provider }` 可以查看
hint-upstream-tls-plain = 如果对方使用明文 HTTP，基础 URL 应以 `http://` 开头：`mmp providers set { $provider } --base-url URL` 可以修改
hint-upstream-not-http = 如果对方使用 TLS，基础 URL 应以 `https://` 开头：`mmp providers set { $provider } --base-url URL` 可以修改
hint-upstream-certificates = 安装系统证书，或在 `SSL_CERT_FILE` 中指定证书文件
hint-upstream-proxy = 守护进程启动时由 `{ $variable }` 指定：改正它、取消它或把主机加进 `NO_PROXY`，然后 `mmp daemon restart`
hint-upstream-proxy-password = 在 `{ $variable }` 中写成 `http://用户名:密码@主机:端口`，然后 `mmp daemon restart`
hint-upstream-proxy-system = 检查系统设置中的代理，然后 `mmp daemon restart`
hint-upstream-closed = 再试一次；如果再次发生，用 `mmp providers show { $provider }` 检查基础 URL
hint-upstream-event-too-large = 上限是 `daemon.upstream.largest_event`
hint-upstream-answer-too-large = 上限是 `daemon.upstream.largest_answer`
hint-upstream-event-timeout = 再试一次；`daemon.upstream.first_event_timeout` 和 `daemon.upstream.event_timeout` 决定等待多久
hint-upstream-total-timeout = `--timeout` 和 `daemon.upstream.total_timeout` 决定一次回答可用多久

## 监听

error-tcp-in-the-clear = `daemon.listen.tcp` = `{ $address }` 会以明文向其他机器开放
hint-tcp-in-the-clear = 指定证书（`daemon.listen.tls_certificate` 和 `daemon.listen.tls_key`），或者监听 `127.0.0.1` 或 `[::1]`
error-half-a-certificate = 证书需要同时设置 `daemon.listen.tls_certificate` 和 `daemon.listen.tls_key`
error-certificate = 证书不能使用：`{ $path }`：{ $reason }
error-tcp-address = 不能监听 `{ $address }`：{ $reason }
hint-tcp-address = 修改 `daemon.listen.tcp`，或结束占用该地址的程序
error-no-such-group = `daemon.listen.unix_access` 指定的组不存在：`{ $group }`
error-no-host = 请求没有指明主机
error-unknown-host = `{ $host }` 不是这个守护进程的名称
hint-unknown-host = `daemon.listen.hosts` 列出通过 TCP 访问时可用的名称
error-unknown-origin = `{ $origin }` 的网页不能访问这个守护进程
hint-unknown-origin = `daemon.listen.origins` 列出允许的来源
error-body-slow = 请求正文没有及时到达
hint-internal = 守护进程的日志中可以按编号找到这个请求
error-too-often =
    { $what ->
        [source] 来自你的地址的请求太多：一次最多 { $limit } 个
        [token] 这个访问令牌的请求太多：一次最多 { $limit } 个
       *[account] 你的账户的请求太多：一次最多 { $limit } 个
    }
hint-wait = { $seconds } 秒后再试

## 内置演示

demo-not-an-ai = 我是 mmp 内置的演示，不是 AI：我只有几个准备好的回答，其余的只会重复你的话。
demo-hello =
    ## 你好

    添加一个服务商的密钥，就会由模型代替我回答。在那之前，可以问我：

    - **怎么添加密钥？**
    - **mmp 能做什么？**

    其他的话我只会重复。
demo-keys =
    ## 添加密钥

    把密钥放在环境变量里，以 DeepSeek 为例：

    ```sh
    export DEEPSEEK_API_KEY=sk-...
    mmp chat -m deepseek "你好"
    ```

    同样可用：`OPENAI_API_KEY`、`QIANFAN_API_KEY`（文心）、`MOONSHOT_API_KEY`、`DASHSCOPE_API_KEY`、`ZHIPUAI_API_KEY`、
    `MISTRAL_API_KEY`、`GROQ_API_KEY`、`XAI_API_KEY`、`OPENROUTER_API_KEY` 等。

    不用环境变量，加密保存：

    ```sh
    mmp providers set deepseek
    ```

    任何兼容 OpenAI 接口的服务器，本机的或别处的：

    ```sh
    mmp providers add local --kind openai --base-url http://127.0.0.1:8080/v1
    mmp providers test local
    ```

    - `mmp providers list` 列出所有服务商及其密钥的位置
    - `mmp providers import-env` 保存环境变量中的密钥
    - `mmp models default NAME` 设定未指定模型时由哪个模型回答
demo-features =
    ## mmp 能做什么

    - 在终端或管道中与模型**对话**
    - **保存**每个对话，可以在任何终端继续
    - 终端关闭后，回答**继续进行**

    ```sh
    mmp chat "解释一下" < notes.txt
    mmp chat -c "再短一点？"
    mmp history list
    mmp runs list
    mmp models list
    mmp providers list
    ```

    `mmp help` 列出所有命令。
demo-echo = 回答看起来就是这样。你写的是：
demo-topics = 可以问我**怎么添加密钥**，或者 **mmp 能做什么**。
