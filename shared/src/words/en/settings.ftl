# What people read, in English. Lower case, no full stop, values in backticks, advice in a `hint-` of its own.

## Counts

count-messages = { $count ->
    [one] { $count } message
   *[other] { $count } messages
}

count-models = { $count ->
    [one] { $count } model
   *[other] { $count } models
}

## Settings

config-host = where the daemon listens: `unix:///path` or `http://host:port`
config-model = the model that answers where none is named
config-lang = the language of messages
config-color = whether a terminal gets colors
config-import-env = whether keys in the environment, `OPENAI_API_KEY` and its like, are used
config-show-thinking = whether a model's thinking is shown
config-daemon-idle-exit = how long the daemon goes on with nothing to do before it ends; `0s` is for ever
config-daemon-store-url = which store: `sled:` keeps on disk, `memory:` forgets at the end
config-daemon-store-cache = the most memory that the store uses for its cache
config-daemon-store-durability = what an acknowledged change survives: a loss of `power`, or the end of the `process`
config-daemon-backup-every = how long after its last backup the daemon makes the next by itself: `24h`; `0s` is never
config-daemon-backup-keep = how many of its own backups the daemon keeps
config-daemon-backup-folder = the folder of its own backups; without one, `backups` in the state folder
config-daemon-vault-key-store = where the master key of the vault is kept
config-daemon-vault-keyring-timeout = how long the system's keyring may take to answer
config-daemon-auth-registration = who may make an account: nobody but the daemon's own OS user on its socket (`closed`), whoever is invited (`invite`), or everybody (`open`)
config-daemon-auth-peer = whether the OS user at the other end of the socket is enough to be known
config-daemon-auth-access-lifetime = how long the token of a login is good for requests before it is refreshed
config-daemon-auth-login-lifetime = how long a login lives that is not refreshed
config-daemon-routing-attempts = the most attempts at one answer, over all its models
config-daemon-routing-time = how long after its beginning an answer may be tried again
config-daemon-runs-keep = how long the events of a finished run are kept
config-daemon-runs-reader-timeout = how long a reader may take nothing before it is closed
config-daemon-runs-stop-timeout = how long a stopping daemon waits for its runs
config-daemon-upstream-connect-timeout = the longest wait for a connection to a provider
config-daemon-upstream-first-event-timeout = the longest wait for a provider's first event
config-daemon-upstream-event-timeout = the longest wait between two events of a provider
config-daemon-upstream-total-timeout = the longest that an answer may take
config-daemon-upstream-largest-event = the largest single event that is taken from a provider
config-daemon-upstream-largest-answer = the largest answer that is taken from a provider
config-daemon-discover-ports = the ports of this machine at which servers of models are looked for; where nothing is set, the usual ones
config-daemon-limits-prompt = the largest prompt
config-daemon-limits-images = the most that the images of one prompt may be together
config-daemon-limits-account-rate = how many requests one account may make, over all its connections
config-daemon-limits-token-rate = how many requests may be made with one access token
config-daemon-limits-source-rate = how many requests may come over TCP from one address
config-daemon-listen-unix-access = which OS users may call at the Unix socket: the daemon's own, the members of a group, all
config-daemon-listen-tcp = the address and port at which to listen for TCP; where nothing is set, none
config-daemon-listen-tls-certificate = the file of the certificate chain for TLS, PEM; read again when it changes
config-daemon-listen-tls-key = the file of the certificate's private key, PEM
config-daemon-listen-hosts = the names, between commas, under which the daemon is called over TCP, beside addresses and `localhost`
config-daemon-listen-origins = the origins, between commas, whose web pages may call over TCP
config-daemon-listen-connections = the most connections over TCP at once
config-daemon-listen-header-timeout = the longest that the head of a request may take over TCP
config-daemon-listen-body-timeout = the longest that the body of a request may take
config-daemon-log-level = how much the daemon logs
config-daemon-log-days = for how many days logs are kept

## Errors of the settings

error-config-flag = `{ $value }` is no value of `{ $key }`; it takes: { $expected }
error-config-variable = `{ $value }` in `{ $variable }` is no value of it; it takes: { $expected }
error-config-syntax = `{ $path }`, line { $line }: { $reason }
error-config-type = `{ $path }`, line { $line }: `{ $key }` is { $value }; it takes: { $expected }
error-config-unknown-key = `{ $path }`, line { $line }: there is no setting `{ $key }`
hint-nearest-key = did you mean `{ $key }`?
hint-config-list = `mmp config list` shows every setting
