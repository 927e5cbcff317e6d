# Completion of mmp for bash: source <(mmp completions bash)
_mmp_complete() {
    local rest=$COMP_LINE words=() word i current=${COMP_WORDS[COMP_CWORD]} glued
    # bash breaks words at : and = too; what no space parts is one word.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 0)) && [[ $rest != [[:space:]]* ]]; then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
        rest=${rest#*"$word"}
    done
    # bash replaces only what stands behind the last break.
    [[ $current == [:=]* ]] && current=
    word=${words[${#words[@]} - 1]}
    glued=${word%"$current"}
    local quote=
    case $word in
        [\"\']*) quote=${word:0:1} word=${word#?} glued=${glued#[\"\']} ;;
        *) word=${word//\\/} ;;
    esac
    words[${#words[@]} - 1]=$word
    COMPREPLY=()
    while IFS= read -r word; do
        word=${word#"$glued"}
        [[ $quote ]] || printf -v word %q "$word"
        COMPREPLY+=("$word")
    done < <(MMP_COMPLETE=bash @MMP@ -- "${words[@]}" 2>/dev/null)
    if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *[=/] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o bashdefault -F _mmp_complete mmp
