"""Cyrus 3.6: the second IMAP server, with the same helpers as Dovecot. Its IDLE tells of new mail at once."""

import contextlib
import imaplib
import signal

from .base import free_port, send
from .mailbox import SPECIAL_FOLDERS, MailboxServer, checked, encode_folder

SERVER_NAME = "mail.example.dk"
ADMIN = "cyrusadmin"

CONFIGURATION = """
configdirectory: {home}/config
defaultpartition: default
partition-default: {home}/mail
proc_path: {home}/config/proc
mboxname_lockpath: {home}/config/lock
duplicate_db_path: {home}/config/deliver.db
statuscache_db_path: {home}/config/statuscache.db
idlesocket: {home}/config/socket/idle
lmtpsocket: {home}/config/socket/lmtp
notifysocket: {home}/config/socket/notify
cyrus_user: {user}
cyrus_group: {group}
servername: {server_name}
defaultdomain: {server_name}
admins: {admin}
unixhierarchysep: yes
altnamespace: yes
virtdomains: off
allowplaintext: yes
allowusermoves: yes
autocreate_quota: 0
autocreate_users: anyone
autocreate_post: yes
autocreate_inbox_folders: {folders}
autocreate_subscribe_folders: {folders}
{special}
specialuse_protect: \\Archive
delete_mode: immediate
expunge_mode: immediate
lmtp_downcase_rcpt: yes
duplicatesuppression: no
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {home}/config/sasldb2
sasl_mech_list: PLAIN LOGIN
tls_server_cert: {certificate}
tls_server_key: {key}
tls_versions: tls1_2 tls1_3
tls_sessions_db_path: {home}/config/tls_sessions.db
sievedir: {home}/config/sieve
sync_log: no
"""

SERVICES = """
START {{
  recover cmd="{bin}/ctl_cyrusdb -C {home}/imapd.conf -r"
  idled cmd="{bin}/idled -C {home}/imapd.conf"
}}
SERVICES {{
  imap cmd="{bin}/imapd -C {home}/imapd.conf -U 30" listen="127.0.0.1:{imap}" prefork=0 maxchild=300
  imaps cmd="{bin}/imapd -s -C {home}/imapd.conf -U 30" listen="127.0.0.1:{imaps}" prefork=0 maxchild=300
  lmtp cmd="{bin}/lmtpd -a -C {home}/imapd.conf" listen="127.0.0.1:{lmtp}" prefork=0 maxchild=50
}}
"""


class Cyrus(MailboxServer):
    name = "cyrus"

    def __init__(self, root, authority, users):
        super().__init__(root, authority, {**users, ADMIN: "admin"})
        self.ports = {name: free_port() for name in ("imap", "imaps", "lmtp")}
        self.programs = self.use_programs("cyrus")

    @property
    def home(self):
        return self.root.folder("cyrus")

    def configure(self):
        for name in ("socket", "proc", "lock", "db", "log", "msg", "ptclient", "sieve"):
            self.root.folder(f"cyrus/config/{name}")
        self.root.folder("cyrus/mail")
        self.root.write("cyrus/imapd.conf", CONFIGURATION.format(
            home=self.home, user=self.root.user.pw_name, group=self.root.group, server_name=SERVER_NAME, admin=ADMIN,
            folders=" | ".join(SPECIAL_FOLDERS), certificate=self.certificate, key=self.key,
            special="\n".join(f"xlist-{use[1:].lower()}: {name}" for name, use in SPECIAL_FOLDERS.items())))
        self.root.write("cyrus/cyrus.conf", SERVICES.format(
            bin=self.programs / "usr/lib/cyrus/bin", home=self.home, **self.ports))
        for user in self.users:
            self._write_password(user)

    def _write_password(self, user):
        self.root.run([self.programs / "usr/sbin/saslpasswd2", "-f", self.home / "config/sasldb2", "-c", "-p",
                       "-u", SERVER_NAME, user], self.libraries, input=self.users[user])

    def command(self):
        return [self.programs / "usr/lib/cyrus/bin/master", "-C", self.home / "imapd.conf",
                "-M", self.home / "cyrus.conf", "-p", self.home / "master.pid"]

    def set_password(self, user, password):
        self.users[user] = password
        self._write_password(user)

    def change_uidvalidity(self, user, folder="INBOX"):
        """Deletes the folder and makes it anew. With INBOX, which goes only with all folders, so do they."""
        before = after = self.uidvalidity(user, folder)
        while after == before:  # it is made from the time, in seconds
            names = list(self.folders(user)) if folder == "INBOX" else [encode_folder(folder).strip('"')]
            kept = {name: self._fetch_all(user, name) for name in names}
            if folder == "INBOX":
                self._delete_user(user)
            with self.session(user) as imap:
                for name, messages in kept.items():
                    self._make_again(imap, name, messages, folder != "INBOX")
            after = self.uidvalidity(user, folder)
        return after

    def _fetch_all(self, user, encoded):
        with self.session(user) as imap:
            checked(imap.select(f'"{encoded}"', True))
            return self._fetch(imap)

    def _delete_user(self, user):
        with self.session(ADMIN) as imap:
            checked(imap.setacl(f"user/{user}", ADMIN, "lrswipkxtecda"))
            checked(imap.delete(f"user/{user}"))

    @staticmethod
    def _make_again(imap, encoded, messages, delete):
        if delete:
            checked(imap.delete(f'"{encoded}"'))
        if encoded not in ("INBOX", *(SPECIAL_FOLDERS if not delete else ())):  # those come by themselves
            use = f"(USE ({SPECIAL_FOLDERS[encoded]}))" if encoded in SPECIAL_FOLDERS else "()"
            checked(imap.xatom("CREATE", f'"{encoded}"', use))
        for stored in messages:
            flags = " ".join(flag for flag in stored.flags if flag != "\\Recent")
            checked(imap.append(f'"{encoded}"', f"({flags})", imaplib.Time2Internaldate(stored.arrived), stored.raw))

    def drop(self, user):
        for entry in (self.home / "config/proc").iterdir():
            with contextlib.suppress(FileNotFoundError):  # the files come and go with the processes
                if entry.name.isdigit() and user in entry.read_text().split("\t"):
                    send(int(entry.name), signal.SIGTERM)
