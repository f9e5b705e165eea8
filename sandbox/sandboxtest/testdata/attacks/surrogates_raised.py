# stone: text is checked before it leaves
# expect: raised
raise type("\udc80", (Exception,), {})("\udc80 \x00 \x1b]0;title\x07")
