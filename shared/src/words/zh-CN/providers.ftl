## 各服务商的不同之处

upstream-gave-up = `{ $provider }` 无法继续，回答被截断：`{ $words }`
hint-upstream-models = `mmp providers test { $provider } -v` 会列出它有的模型
hint-deepseek-retired = `{ $names }` 是 DeepSeek 已停用的名称；`mmp providers test { $provider } -v` 会列出现有的模型

notice-param_dropped = `{ $provider }` 的 `{ $model }` 不接受 `{ $param }`：已略去
notice-param_ignored = `{ $provider }` 的 `{ $model }` 在思考时忽略 `{ $param }`；`--think off` 可以改变这一点
notice-param_adjusted = `{ $provider }` 不接受这样的 `{ $param }`：已按 `{ $value }` 发出

error-no-base-url = `{ $provider }` 的地址因人而异，而这里没有设置 base URL
error-no-pairs = `{ $provider }` 不需要另一个 Secret Key
hint-no-base-url = `mmp providers set { $provider } --base-url URL` 可以设置

upstream-no-token = `{ $provider }` 的应答中没有令牌
wenxin-pair-refused = `{ $provider }` 不为这一对密钥签发令牌，{ $half ->
        [api-key] API Key
       *[secret-key] Secret Key
    } 有误：`{ $words }`
hint-wenxin-pair = `mmp providers set { $provider } --api-key-stdin --secret-key-stdin` 可以换一对密钥；千帆 V2 的密钥单独设置即可
notice-history_merged = `{ $provider }` 要求双方轮流发言：{ $count ->
       *[other] 合并了 { $count } 条消息
    }
