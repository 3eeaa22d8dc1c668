"""A mail server, a mail transport agent, and the people who use both: what most tests start with."""

from .base import Root
from .ca import Authority
from .dovecot import Dovecot
from .exim import Exim
from .people import Post, addresses, boxes, logins


class Town:
    """with Town(people) as town: town.mailboxes (Dovecot, or Cyrus), town.exim, town.post, town.authority, town.root

    outsiders have mailboxes too, but no login at our submission port; aliases: {address or *@domain: box}.
    """

    def __init__(self, people, outsiders=(), aliases=(), mailboxes=Dovecot):
        self.root = Root()
        try:
            everybody = [*people, *outsiders]
            self.authority = Authority(self.root)
            self.mailboxes = mailboxes(self.root, self.authority, boxes(everybody))
            self.exim = Exim(self.root, self.authority, self.mailboxes, logins(people),
                             {**addresses(everybody), **dict(aliases)})
            self.mailboxes.start()
            for box in boxes(everybody):
                self.mailboxes.read(box)  # makes its folders: two who ask for new ones at once get in each other's way
            self.exim.start()
            self.post = Post(self.exim)
        except BaseException:
            self.root.close()
            raise

    def close(self):
        self.root.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
