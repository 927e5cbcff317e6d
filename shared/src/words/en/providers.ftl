## What single providers do differently

upstream-gave-up = `{ $provider }` could not go on and cut the answer: `{ $words }`
hint-upstream-models = `mmp providers test { $provider } -v` lists the models it has
hint-deepseek-retired = `{ $names }` are names that DeepSeek took back; `mmp providers test { $provider } -v` lists those it has

notice-param_dropped = `{ $model }` at `{ $provider }` takes no `{ $param }`: it was left out
notice-param_ignored = `{ $model }` at `{ $provider }` ignores `{ $param }` while it thinks; `--think off` changes that
notice-param_adjusted = `{ $provider }` takes no such `{ $param }`: it was asked with `{ $value }`

error-no-base-url = `{ $provider }` is somewhere else for everybody, and no base URL is set
error-no-pairs = `{ $provider }` takes no secret key beside its key
hint-no-base-url = `mmp providers set { $provider } --base-url URL` sets it

upstream-no-token = what `{ $provider }` sent holds no token
wenxin-pair-refused = `{ $provider }` gives no token for this pair of keys, the { $half ->
        [api-key] API key
       *[secret-key] secret key
    } is wrong: `{ $words }`
hint-wenxin-pair = `mmp providers set { $provider } --api-key-stdin --secret-key-stdin` sets another pair; a key of Qianfan V2, set alone, needs none
notice-history_merged = `{ $provider }` wants the two sides to take turns: { $count ->
        [one] 1 message was
       *[other] { $count } messages were
    } joined with another
