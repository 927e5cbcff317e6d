# What `mmp doctor` says.

doctor-ok = ok
doctor-warning = warning
doctor-error = error
doctor-all-is-well = { $count } checks: all is well
doctor-summary = { $count } checks: { $errors ->
        [one] 1 error
       *[other] { $errors } errors
    }, { $warnings ->
        [one] 1 warning
       *[other] { $warnings } warnings
    }

## This machine

doctor-config = `{ $path }` can be read, and every setting in it is known
doctor-config-none = there is no `{ $path }`: what is built in holds
doctor-writable = others than you may write `{ $path }`
hint-doctor-writable = `chmod go-w '{ $path }'`
doctor-folders = everything is kept in `{ $data }`, which is yours alone
doctor-open-to-others = others than you may enter `{ $path }`, where your conversations lie
hint-doctor-open-to-others = `chmod 700 '{ $path }'`

## The way to the daemon

doctor-socket = somebody answers at `{ $path }`
doctor-socket-nothing = nobody listens at `{ $path }` yet
doctor-socket-left = a daemon that has ended left `{ $path }`; the next one takes its place
hint-doctor-socket = `ls -l '{ $path }'` shows whose it is; set `MMP_HOME` or `XDG_RUNTIME_DIR` to a folder of your own
doctor-lock = the daemon { $pid } holds the data folder
doctor-lock-free = nobody holds the data folder
doctor-lock-left = nobody holds the data folder; the last to do so was { $pid }
doctor-lock-silent = the daemon { $pid } holds the data folder, and nobody answers at `{ $socket }`
hint-doctor-lock-silent = `mmp daemon restart`; if that does not help, `kill -9 { $pid }` ends it, and what was acknowledged stays
doctor-lock-elsewhere = the daemon { $pid } of this data folder listens at `{ $theirs }` and not at `{ $ours }`
doctor-lock-of-others = whoever answers at `{ $socket }` does not hold this data folder
hint-doctor-lock-elsewhere = it was started with another `MMP_HOME`, `XDG_RUNTIME_DIR` or `XDG_DATA_HOME`: `mmp config path` shows which places hold here
hint-doctor-lock-unreadable = `mmp daemon run` says who holds it; `fuser '{ $path }'` does so, too
doctor-not-asked = not asked: the settings have to be put right first
doctor-daemon = { $pid }, version { $version }, has run since { $at }
doctor-daemon-started = none ran; { $pid }, version { $version }, was started
doctor-daemon-older = { $pid } is of version { $version }, older than this { $ours }
doctor-daemon-newer = { $pid } is of version { $version }, newer than this { $ours }
hint-doctor-newer = use the `mmp` that came with it: `command -v mmp` shows which one this is
doctor-daemon-of-others = one answers at `{ $target }`; more is told to admins only
doctor-told-to-admins = the daemon tells its state to admins only
doctor-daemon-silent = `{ $target }` has not answered within { $seconds } seconds

## What the daemon needs

doctor-store = { $engine } at `{ $folder }`, { $size }; an acknowledged change survives { $survives ->
        [power] a loss of power
       *[process] the end of the process, not a loss of power
    }
doctor-store-memory = kept in memory: everything is forgotten when the daemon ends
hint-doctor-store-memory = `mmp config set daemon.store.url sled:` keeps it on disk, after `mmp daemon restart`
doctor-disk = the disk of the store has { $free } of room
hint-doctor-disk = make room before it is full: a full disk changes nothing and loses nothing, but nothing can be kept
doctor-vault = open; its master key is in the { $key_store ->
        [keyring] system's keyring
       *[file] file `{ $location }`, which is yours alone
    }
doctor-vault-empty = no key is sealed yet
doctor-vault-locked = the vault is locked
doctor-no-proxy = none: providers are reached directly
doctor-proxy = `{ $variable }` leads to `{ $url }`, where somebody answers; without it: { $exceptions }
doctor-proxy-unreadable = `{ $variable }` holds no URL of a proxy, and is passed over
doctor-proxy-unreachable = `{ $variable }` leads to `{ $url }`, which cannot be reached: { $reason }
doctor-proxy-differs = the proxies of this terminal's environment are not those that the daemon was started with
hint-doctor-proxy-differs = `mmp daemon restart` starts it with these

## `mmp admin system`, which uses these words too

column-daemon = daemon
column-live-runs = live runs
column-memory = memory
column-processor = processor time
column-threads = threads
column-open-files = open files
column-store = store
column-disk = disk
column-vault = vault
column-proxy = proxy

## Providers

doctor-provider = answers within { $time } and lists { $count ->
        [one] 1 model
       *[other] { $count } models
    }
doctor-provider-silent = it has not answered within { $seconds } seconds
doctor-environment = holds keys that the first question to their providers seals: { $names }
doctor-no-providers = none is set up: only the built-in demo answers, which is no AI
hint-doctor-no-providers = `mmp providers set NAME` sets a key, `mmp providers discover` looks for servers on this machine, `mmp providers list` shows the names
