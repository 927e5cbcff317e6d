## What single providers do differently

upstream-gave-up = `{ $provider }` could not go on and cut the answer: `{ $words }`
hint-upstream-models = `mmp providers test { $provider } -v` lists the models it has
hint-deepseek-retired = `{ $names }` are names that DeepSeek took back; `mmp providers test { $provider } -v` lists those it has

notice-param_dropped = `{ $model }` at `{ $provider }` takes no `{ $param }`: it was left out
notice-param_ignored = `{ $model }` at `{ $provider }` ignores `{ $param }` while it thinks; `--think off` changes that
notice-param_adjusted = `{ $provider }` takes no such `{ $param }`: it was asked with `{ $value }`

error-no-base-url = `{ $provider }` is somewhere else for everybody, and no base URL is set
hint-no-base-url = `mmp providers set { $provider } --base-url URL` sets it
