# What the daemon says.

## Providers: what they said instead of an answer

upstream-auth = `{ $provider }` does not accept the key: `{ $words }`
upstream-wants-key = `{ $provider }` wants a key: `{ $words }`
upstream-bad-key = the key of `{ $provider }` holds characters that no key has
upstream-quota = the account at `{ $provider }` has no credit left: `{ $words }`
upstream-rate-limited = `{ $provider }` wants fewer requests: `{ $words }`
upstream-model-not-found = `{ $provider }` has no such model: `{ $words }`
upstream-context-too-long = the conversation is too long for the model at `{ $provider }`: `{ $words }`
upstream-content-blocked = `{ $provider }` blocked the content: `{ $words }`
upstream-timed-out = `{ $provider }` gave up waiting: `{ $words }`
upstream-overloaded = `{ $provider }` failed or has too much to do: `{ $words }`
upstream-bad-request = `{ $provider }` refused the request: `{ $words }`
upstream-unexpected = `{ $provider }` answered with something unexpected: `{ $words }`
upstream-redirect = `{ $provider }` sends the request elsewhere, to `{ $url }`
upstream-own-field = `{ $name }` is no parameter: mmp sets it itself
upstream-bad-url = `{ $url }` is no URL for `{ $provider }`
upstream-no-list = there is no list of models at the base URL of `{ $provider }`: `{ $words }`
upstream-no-models = `{ $provider }` has no list of models

## Providers: answers that make no sense

upstream-invalid-json = what `{ $provider }` sent is no valid JSON ({ $reason }): `{ $words }`
upstream-no-choices = the answer of `{ $provider }` holds no choices: `{ $words }`
upstream-no-model-list = what `{ $provider }` sent is no list of models
upstream-html = `{ $provider }` answered with a web page
upstream-nonsense = what `{ $provider }` sent is neither JSON nor a stream: `{ $words }`
upstream-event-too-large = `{ $provider }` sent an event of more than { $limit } bytes
upstream-answer-too-large = the answer of `{ $provider }` has more than { $limit } bytes
upstream-truncated = the answer of `{ $provider }` ended before its end
upstream-cut = the connection to `{ $provider }` broke in the middle of the answer: `{ $words }`

## Providers: no connection, no patience

upstream-dns = `{ $provider }` cannot be reached: there is no host `{ $host }`
upstream-refused = `{ $provider }` cannot be reached: nothing listens at `{ $host }`
upstream-connect-timeout = `{ $provider }` cannot be reached: `{ $host }` does not answer
upstream-tls = no secure connection to `{ $provider }` at `{ $host }`: { $why ->
        [issuer] the issuer of its certificate is not known on this machine
        [expired] its certificate has expired
        [early] its certificate is not valid yet
        [name] its certificate is for another name
        [plain] it does not speak TLS
       *[other] `{ $words }`
    }
upstream-proxy = the proxy does not lead to `{ $provider }` at `{ $host }`: { $why ->
        [refused] nothing listens at `{ $proxy }`
        [dns] there is no host `{ $proxy }`
        [silent] `{ $proxy }` does not answer
        [password] `{ $proxy }` wants a user and a password (407)
        [denied] `{ $proxy }` refuses to connect to it
       *[other] `{ $proxy }`: `{ $words }`
    }
upstream-not-http = `{ $provider }` at `{ $host }` does not speak plain HTTP
upstream-closed = `{ $provider }` at `{ $host }` closed the connection before it answered
upstream-no-connection = no connection to `{ $provider }` at `{ $host }`: `{ $words }`
upstream-no-certificates = no secure connection to `{ $provider }` at `{ $host }`, for the system's certificates cannot be loaded: `{ $words }`
upstream-event-timeout = `{ $provider }` said nothing new for { $duration }
upstream-silent = `{ $provider }` has not answered within { $duration }
upstream-total-timeout = the answer of `{ $provider }` took longer than { $duration }

hint-upstream-auth = `mmp providers set { $provider }` sets another key
hint-upstream-wants-key = `mmp providers set { $provider }` sets one
hint-upstream-quota = add credit at the provider, or name another model with `-m`
hint-upstream-rate-limited = wait a little, or name another model with `-m`
hint-upstream-retry-after = `{ $provider }` asks to wait { $duration }; `-m` names another model
hint-upstream-model-not-found = `mmp models list` shows the models that are known
hint-upstream-context-too-long = begin a new conversation, name a model with a larger context, or say how large it is (`mmp models set NAME --context-window N`), so that the oldest turns are left out in time
hint-upstream-param = leave out `{ $flag }`, or give it another value
hint-upstream-base-url = the base URL may be wrong, which ends before `/chat/completions` and usually with `/v1`: `mmp providers show { $provider }` shows it, `mmp providers set { $provider } --base-url URL` changes it
hint-upstream-refused = is the server running? `mmp providers show { $provider }` shows the base URL
hint-upstream-network = check the network, and the base URL with `mmp providers show { $provider }`
hint-upstream-tls = check the base URL and this machine's date and certificates; `SSL_CERT_FILE` names a file with more of them
hint-upstream-tls-issuer = where you trust that issuer, a company's proxy or a server of your own, name a file with its certificate and the others you need in `SSL_CERT_FILE`, then `mmp daemon restart`
hint-upstream-tls-date = check this machine's date: `date` shows it; if it is right, only who runs the server can help
hint-upstream-tls-name = check the host in the base URL: `mmp providers show { $provider }` shows it
hint-upstream-tls-plain = if it speaks plain HTTP, its base URL begins with `http://`: `mmp providers set { $provider } --base-url URL` changes it
hint-upstream-not-http = if it speaks TLS, its base URL begins with `https://`: `mmp providers set { $provider } --base-url URL` changes it
hint-upstream-certificates = install the system's certificates, or name a file of them in `SSL_CERT_FILE`
hint-upstream-proxy = `{ $variable }` named it when the daemon started: correct it, unset it or put the host into `NO_PROXY`, then `mmp daemon restart`
hint-upstream-proxy-password = write `http://USER:PASSWORD@HOST:PORT` into `{ $variable }`, then `mmp daemon restart`
hint-upstream-proxy-system = check the proxy in the settings of this system, then `mmp daemon restart`
hint-upstream-closed = try again; if it happens again, check the base URL with `mmp providers show { $provider }`
hint-upstream-event-too-large = `daemon.upstream.largest_event` is the limit
hint-upstream-answer-too-large = `daemon.upstream.largest_answer` is the limit
hint-upstream-event-timeout = try again; `daemon.upstream.first_event_timeout` and `daemon.upstream.event_timeout` say how long mmp waits
hint-upstream-total-timeout = `--timeout` and `daemon.upstream.total_timeout` say how long an answer may take

## Listening

error-tcp-in-the-clear = `daemon.listen.tcp` = `{ $address }` would be open to other machines in the clear
hint-tcp-in-the-clear = name a certificate (`daemon.listen.tls_certificate` and `daemon.listen.tls_key`), or listen at `127.0.0.1` or `[::1]`
error-half-a-certificate = a certificate needs both `daemon.listen.tls_certificate` and `daemon.listen.tls_key`
error-certificate = the certificate cannot be used: `{ $path }`: { $reason }
error-tcp-address = `{ $address }` cannot be listened at: { $reason }
hint-tcp-address = change `daemon.listen.tcp`, or end whatever listens there
error-no-such-group = `daemon.listen.unix_access` names a group that is not there: `{ $group }`
error-no-host = the request names no host
error-unknown-host = `{ $host }` is not a name of this daemon
hint-unknown-host = `daemon.listen.hosts` lists the names under which it may be called over TCP
error-unknown-origin = web pages of `{ $origin }` may not call this daemon
hint-unknown-origin = `daemon.listen.origins` lists the origins that may
error-body-slow = the body of the request did not come in time
hint-internal = the daemon's log has the request by its id
error-too-often =
    { $what ->
        [source] too many requests from your address: { $limit } may come at once
        [token] too many requests with this access token: { $limit } may come at once
       *[account] too many requests of your account: { $limit } may come at once
    }
hint-wait = try again in { $seconds } s

## The built-in demo

demo-not-an-ai = I am mmp's built-in demo, not an AI: I have a few prepared answers and repeat the rest.
demo-hello =
    ## Hello

    Add a provider's key, and a model will answer in my place. Until then, ask me:

    - **how do I add a key?**
    - **what can mmp do?**

    Anything else I repeat.
demo-keys =
    ## Adding a key

    With the key in the environment, DeepSeek's for example:

    ```sh
    export DEEPSEEK_API_KEY=sk-...
    mmp chat -m deepseek "hello"
    ```

    So do `OPENAI_API_KEY`, `QIANFAN_API_KEY` (Wenxin), `MOONSHOT_API_KEY`, `DASHSCOPE_API_KEY`, `ZHIPUAI_API_KEY`,
    `MISTRAL_API_KEY`, `GROQ_API_KEY`, `XAI_API_KEY`, `OPENROUTER_API_KEY` and others.

    To keep it, encrypted, without the variable:

    ```sh
    mmp providers set deepseek
    ```

    Any server that speaks OpenAI's API, on this machine or elsewhere:

    ```sh
    mmp providers add local --kind openai --base-url http://127.0.0.1:8080/v1
    mmp providers test local
    ```

    - `mmp providers list` shows every provider and where its key is
    - `mmp providers import-env` keeps the keys that the environment holds
    - `mmp models default NAME` says which model answers where none is named
demo-features =
    ## What mmp can do

    - **chat** with a model, on a terminal or in a pipe
    - **keep** every conversation, and go on with it from any terminal
    - **go on** with an answer when its terminal is closed

    ```sh
    mmp chat "explain this" < notes.txt
    mmp chat -c "and shorter?"
    mmp history list
    mmp runs list
    mmp models list
    mmp providers list
    ```

    `mmp help` lists the commands.
demo-echo = This is what an answer looks like. You wrote:
demo-topics = Ask me **how to add a key**, or **what mmp can do**.
