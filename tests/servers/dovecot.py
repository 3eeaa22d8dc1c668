"""Dovecot 2.3: IMAP, IMAPS and LMTP over maildirs."""

from .base import free_port
from .mailbox import SPECIAL_FOLDERS, MailboxServer, encode_folder

CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log/dovecot.log
listen = 127.0.0.1
hostname = mail.example.dk
protocols = imap lmtp
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_max_userip_connections = 1000
default_process_limit = 300
default_client_limit = 900
mail_location = maildir:~/Maildir:LAYOUT=fs
mail_fsync = never
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
auth_mechanisms = plain login
auth_username_format = %Ln
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%n {home}/passwd
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%n allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  {folders}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
lmtp_save_to_detail_mailbox = yes
lda_mailbox_autocreate = yes
service lmtp {{
  user = {user}
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"""


class Dovecot(MailboxServer):
    name = "dovecot"

    def __init__(self, root, authority, users):
        super().__init__(root, authority, users)
        self.ports = {name: free_port() for name in ("imap", "imaps", "lmtp")}

    @property
    def home(self):
        return self.root.folder("dovecot")

    def configure(self):
        for name in ("run", "state", "mail"):
            self.root.folder(f"dovecot/{name}").chmod(0o755)
        folders = "\n  ".join(f"mailbox {name} {{\n    auto = subscribe\n    special_use = {use}\n  }}"
                              for name, use in SPECIAL_FOLDERS.items())
        self.root.write("dovecot/dovecot.conf", CONFIGURATION.format(
            home=self.home, user=self.root.user.pw_name, group=self.root.group, folders=folders,
            certificate=self.certificate, key=self.key, **self.ports))
        self._write_passwords()

    def _write_passwords(self):
        self.root.write("dovecot/passwd", "".join(f"{box}:{word}\n" for box, word in self.users.items()))

    def command(self):
        return ["dovecot", "-F", "-c", self.home / "dovecot.conf"]

    def doveadm(self, *words):
        return self.root.run(["doveadm", "-c", self.home / "dovecot.conf", *words])

    def set_password(self, user, password):
        self.users[user] = password
        self._write_passwords()
        self.wait_for_login(user)  # Dovecot looks at the file once a second

    def change_uidvalidity(self, user, folder="INBOX"):
        new = self.uidvalidity(user, folder) + 1
        self.doveadm("mailbox", "update", "-u", user, "--uid-validity", str(new), encode_folder(folder).strip('"'))
        return new

    def drop(self, user):
        self.doveadm("kick", user)
