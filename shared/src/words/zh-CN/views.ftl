# 全屏界面中代替聊天显示的各个视图的文字。

views-back = 返回
views-choose = 选择
views-try-again = 按 Enter 重试

## 按键与命令

views-key-search = 搜索所有说过的内容
views-slash-search = 搜索所有说过的内容

## 搜索

views-search-title = 搜索
views-search-hint = 输入要查找的内容
views-search-how = 可用词语、"短语"、开头*，以及筛选：model: role: after: before: in:
views-search-nothing = 没有找到：减少词语可以找到更多
views-search-open = 打开
views-search-to-newest = 按最新排序
views-search-to-best = 按相关度排序
views-search-you = 你
views-search-answer = 回答
