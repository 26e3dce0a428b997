"""The attacks on the one rule: what is published, a second person approved word for word, and still stands for.

by whom
    Approve one's own words: on the page, in the service, with a second role, handed in by somebody else, through a
    colleague's link. Approve without being signed in: headers, foreign forms, the link of a message; with every other
    role. Lose the role, or the account, between approval and due moment. Approve or schedule an old version.
withdrawn at every moment
    While it waits, lies in the queue, is picked up, is under way, is out; the same by an edit.
at every point of sending
    Withdraw, edit, lose the role, hold: with a hand stopped at each point of its way.
two at once, on words and on posts
    Approve and edit, withdraw and release, the last use of a line; eight hands with one message.
SQL on words and approvals, on posts, on sending; SQL removes rows
    Other words, another hash, a state written by hand, a channel off the register, an approval revived; rows and whole
    tables removed anywhere in the chain.
through the whole house
    All of it against a running clock, hand and broker, with forged messages: one post is honest, and only that is out.

What concerns the scope of a cleared line, who may release it, and pictures, is attacked in tests/rebuttals. What stands
outside: whoever owns the database can switch its triggers off (docs/security.md).
"""
