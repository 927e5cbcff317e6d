# `mmp doctor` 说的话。

doctor-ok = 正常
doctor-warning = 注意
doctor-error = 错误
doctor-all-is-well = 检查了 { $count } 项：一切正常
doctor-summary = 检查了 { $count } 项：{ $errors } 个错误，{ $warnings } 个注意事项

## 本机

doctor-config = `{ $path }` 可以读取，其中的设置都能识别
doctor-config-none = 没有 `{ $path }`：使用内置的设置
doctor-writable = 别人也能修改 `{ $path }`
hint-doctor-writable = `chmod go-w '{ $path }'`
doctor-folders = 数据保存在 `{ $data }`，只属于你
doctor-open-to-others = 别人也能进入存放对话的 `{ $path }`
hint-doctor-open-to-others = `chmod 700 '{ $path }'`

## 通往守护进程的路

doctor-socket = `{ $path }` 有应答
doctor-socket-nothing = 还没有进程监听 `{ $path }`
doctor-socket-left = `{ $path }` 是已结束的守护进程留下的；下一个会取代它
hint-doctor-socket = `ls -l '{ $path }'` 显示它属于谁；把 `MMP_HOME` 或 `XDG_RUNTIME_DIR` 设为你自己的目录
doctor-lock = 守护进程 { $pid } 占用着数据目录
doctor-lock-free = 数据目录没有被占用
doctor-lock-left = 数据目录没有被占用；上一个占用者是 { $pid }
doctor-lock-silent = 守护进程 { $pid } 占用着数据目录，但 `{ $socket }` 没有应答
hint-doctor-lock-silent = `mmp daemon restart`；如果无效，`kill -9 { $pid }` 可以结束它，已确认的内容不会丢失
doctor-lock-elsewhere = 这个数据目录的守护进程 { $pid } 监听的是 `{ $theirs }`，而不是 `{ $ours }`
doctor-lock-of-others = 在 `{ $socket }` 应答的进程没有占用这个数据目录
hint-doctor-lock-elsewhere = 它启动时的 `MMP_HOME`、`XDG_RUNTIME_DIR` 或 `XDG_DATA_HOME` 与这里不同：`mmp config path` 显示这里使用的位置
hint-doctor-lock-unreadable = `mmp daemon run` 会说明由谁占用；`fuser '{ $path }'` 也可以
doctor-not-asked = 没有询问：需要先改正设置
doctor-daemon = { $pid }，版本 { $version }，自 { $at } 起运行
doctor-daemon-started = 原来没有运行；已启动 { $pid }，版本 { $version }
doctor-daemon-older = { $pid } 的版本 { $version } 比当前的 { $ours } 旧
doctor-daemon-newer = { $pid } 的版本 { $version } 比当前的 { $ours } 新
hint-doctor-newer = 使用与它配套的 `mmp`：`command -v mmp` 显示现在用的是哪一个
doctor-daemon-of-others = `{ $target }` 有应答；详情只告诉管理员
doctor-told-to-admins = 守护进程的状态只告诉管理员
doctor-daemon-silent = `{ $target }` 在 { $seconds } 秒内没有应答

## 守护进程需要的东西

doctor-store = { $engine }，位于 `{ $folder }`，{ $size }；已确认的修改{ $survives ->
        [power] 断电也不会丢失
       *[process] 在进程结束后不会丢失，但断电可能丢失
    }
doctor-store-memory = 保存在内存中：守护进程结束后全部忘记
hint-doctor-store-memory = `mmp config set daemon.store.url sled:` 之后 `mmp daemon restart`，就会保存到磁盘
doctor-disk = 存储所在的磁盘还有 { $free } 可用
hint-doctor-disk = 在磁盘写满之前腾出空间：写满不会破坏或丢失已有内容，但无法再保存
doctor-vault = 可以打开；主密钥在{ $key_store ->
        [keyring] 系统密钥环中
       *[file] 文件 `{ $location }` 中，只属于你
    }
doctor-vault-empty = 还没有封存任何密钥
doctor-vault-locked = 保险库已锁定
doctor-no-proxy = 没有代理：直接连接服务商
doctor-proxy = `{ $variable }` 指向 `{ $url }`，有应答；不经过它的主机：{ $exceptions }
doctor-proxy-unreadable = `{ $variable }` 中不是代理的 URL，已被忽略
doctor-proxy-unreachable = `{ $variable }` 指向 `{ $url }`，无法连接：{ $reason }
doctor-proxy-differs = 这个终端环境中的代理与守护进程启动时的不同
hint-doctor-proxy-differs = `mmp daemon restart` 会用这里的代理重新启动

## `mmp admin system`，也用上面的词句

column-daemon = 守护进程
column-live-runs = 进行中的运行
column-memory = 内存
column-processor = 处理器时间
column-threads = 线程
column-open-files = 打开的文件
column-store = 存储
column-disk = 磁盘
column-vault = 保险库
column-proxy = 代理

## 服务商

doctor-provider = 在 { $time } 内应答，列出 { $count } 个模型
doctor-provider-silent = 在 { $seconds } 秒内没有应答
doctor-environment = 含有密钥，第一次向其服务商提问时会封存：{ $names }
doctor-no-providers = 还没有配置任何服务商：只有内置的演示会回答，它不是 AI
hint-doctor-no-providers = `mmp providers set NAME` 设置密钥，`mmp providers discover` 寻找本机的服务器，`mmp providers list` 列出名称
