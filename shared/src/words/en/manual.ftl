# Completions and the manual.

help-completions = print the script with which a shell completes what you type behind `mmp`
help-completions--shell = the shell
