"""Exim 4.96: the municipality's own mail server, and the rest of the world's way in.

Three ports: `submission` (STARTTLS, then AUTH, both required), `submissions` (TLS from the first byte, AUTH required),
and `outside`, the MX: no AUTH, any sender, what citizens and other municipalities use. Every address is local: the map
of addresses says whose mailbox it is, and unknown ones are refused. Mail is delivered by LMTP at once.

Like a border that keeps to RFC 8601, section 5, it removes every Authentication-Results that claims to be its own, and
writes the true one on top. Those of others come through.
"""

import re
import shutil
import time

from .base import Failure, Server, free_port

AUTHSERV_ID = "mx.example.dk"

CONFIGURATION = r"""
exim_path = {home}/exim
exim_user = {user}
exim_group = {group}
never_users =
spool_directory = {home}/spool
log_file_path = {home}/log/%slog
pid_file_path = {home}/exim.pid
keep_environment = LD_LIBRARY_PATH
primary_hostname = {authserv}
qualify_domain = example.dk
local_interfaces = 127.0.0.1
daemon_smtp_ports = {submission} : {submissions} : {outside}
tls_on_connect_ports = {submissions}
tls_certificate = {certificate}
tls_privatekey = {key}
tls_advertise_hosts = *
auth_advertise_hosts = ${{if or{{{{eq{{$received_port}}{{{outside}}}}}{{eq{{$tls_in_cipher}}{{}}}}}}{{}}{{*}}}}
dsn_advertise_hosts = *
dkim_verify_signers =
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max = 200
smtp_accept_max_nonmail = 100
smtp_accept_queue_per_connection = 0
message_size_limit = 100M
header_maxsize = 8M
received_headers_max = 120
deliver_queue_load_max = 1000
check_spool_space = 0
smtp_receive_timeout = 30s
strip_trailing_dot = true
bounce_return_size_limit = 20K
acl_smtp_mail = acl_mail
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data

begin acl

acl_mail:
  deny message = 530 5.7.0 STARTTLS and authentication first
    !condition = ${{if eq{{$received_port}}{{{outside}}}}}
    !authenticated = *
  accept

acl_rcpt:
  deny message = 550 5.7.1 Refused as the test asked
    recipients = lsearch*@;{home}/refused
  defer message = 451 4.7.1 Deferred as the test asked
    recipients = lsearch*@;{home}/deferred
  require verify = recipient
  accept

acl_data:
  deny message = 554 5.6.0 Refused as the test asked
    condition = ${{lookup{{$sender_address}}lsearch{{{home}/refused-data}}{{yes}}{{no}}}}
  defer message = 451 4.3.0 Deferred as the test asked
    condition = ${{lookup{{$sender_address}}lsearch{{{home}/deferred-data}}{{yes}}{{no}}}}
  warn
    condition = ${{if def:h_Authentication-Results:}}
    set acl_m_foreign = ${{reduce{{$lh_Authentication-Results:}}{{}}\
      {{$value${{if match{{$item}}{{(?i)^[^;]*?(^|[\\s()]){authserv_pattern}([\\s;()]|\$)}}\
      {{}}{{Authentication-Results: $item\n}}}}}}}}
    remove_header = Authentication-Results
  warn
    condition = ${{if def:acl_m_foreign}}
    add_header = $acl_m_foreign
  warn
    add_header = :at_start:${{authresults {{{authserv}}}}}
  accept

begin routers

boxes:
  driver = manualroute
  domains = boxes.example.dk
  route_list = * 127.0.0.1 byname
  self = send
  transport = lmtp
  no_more

bounced:
  driver = redirect
  verify = false
  condition = ${{lookup{{$local_part@$domain}}lsearch{{{home}/bounced}}{{yes}}{{no}}}}
  allow_fail
  data = :fail: Mailbox is gone

held:
  driver = redirect
  verify = false
  condition = ${{lookup{{$local_part@$domain}}lsearch{{{home}/held}}{{yes}}{{no}}}}
  allow_defer
  data = :defer: Held as the test asked

people:
  driver = redirect
  data = ${{lookup{{$local_part@$domain}}lsearch*@{{{home}/boxes}}{{$value@boxes.example.dk}}}}

unknown:
  driver = redirect
  allow_fail
  data = :fail: 550 5.1.1 No such mailbox

begin transports

lmtp:
  driver = smtp
  protocol = lmtp
  port = {lmtp}
  allow_localhost
  hosts_avoid_tls = *
  hosts_try_chunking =
  message_linelength_limit = 10000000
  max_rcpt = 100
  return_path_add = false
  rcpt_include_affixes = false

begin retry

* * F,1h,1s

begin rewrite

begin authenticators

plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{!eq{{$auth3}}{{}}}}\
    {{eq{{$auth3}}{{${{lookup{{$auth2}}lsearch{{{home}/passwords}}}}}}}}}}}}
  server_set_id = $auth2

login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = ${{if and{{{{!eq{{$auth2}}{{}}}}\
    {{eq{{$auth2}}{{${{lookup{{$auth1}}lsearch{{{home}/passwords}}}}}}}}}}}}
  server_set_id = $auth1
"""


class Exim(Server):
    name = "exim"
    lists = ("refused", "deferred", "refused-data", "deferred-data", "bounced", "held")

    def __init__(self, root, authority, mailboxes, passwords=(), boxes=(), authserv_id=AUTHSERV_ID):
        """mailboxes: where LMTP delivers to; passwords: {login: password}; boxes: {address or *@domain: box}."""
        super().__init__(root)
        self.authority = authority
        self.mailboxes = mailboxes
        self.certificate, self.key = authority.issue(self.name)
        self.passwords = dict(passwords)
        self.boxes = dict(boxes)
        self.authserv_id = authserv_id
        self.ports = {name: free_port() for name in ("submission", "submissions", "outside")}

    @property
    def home(self):
        return self.root.folder("exim")

    def configure(self):
        self.root.folder("exim/spool")
        program = self.home / "exim"
        if not program.exists():
            shutil.copyfile(self.use_programs("exim") / "usr/sbin/exim4", program)  # copied: never set-uid
            program.chmod(0o755)
        for name in self.lists:
            if not (self.home / name).exists():
                self.set_list(name)
        self._write_people()
        self.root.write("exim/exim.conf", CONFIGURATION.format(
            home=self.home, user=self.root.user.pw_name, group=self.root.group, authserv=self.authserv_id,
            authserv_pattern=re.escape(self.authserv_id).replace("\\", "\\\\"), certificate=self.certificate,
            key=self.key, lmtp=self.mailboxes.ports["lmtp"], **self.ports))

    def _write_people(self):
        self.root.write("exim/passwords", "".join(f'"{who}": {word}\n' for who, word in self.passwords.items()))
        self.root.write("exim/boxes", "".join(f'"{address}": {box}\n' for address, box in self.boxes.items()))

    def command(self):
        return [self.home / "exim", "-C", self.home / "exim.conf", "-bdf"]

    def add(self, address, box=None, login=None, password=None):
        """From now on address (or *@domain) belongs to box, and login may submit with password."""
        if box:
            self.boxes[address] = box
        if login:
            self.passwords[login] = password
        self._write_people()

    def set_list(self, name, *addresses):
        """Says which addresses are refused or deferred (at RCPT), bounced (taken, then returned by a DSN) or held
        (taken, then kept in the queue), and which envelope senders are refused or deferred after DATA. At once."""
        if name not in self.lists:
            raise Failure(f"no list {name}")
        self.root.write(f"exim/{name}", "".join(f"{address}: yes\n" for address in addresses))

    def queue(self):
        """The ids of the messages that wait."""
        return re.findall(r"\b\w{6}-\w{6}-\w{2}\b", self._exim("-bpr"))

    def flush(self):
        """Tries everything that waits once more; returns when that is done."""
        deadline = time.monotonic() + 20
        while "is locked (another process" in (output := self._exim("-qff")):    # its first delivery goes on
            if time.monotonic() > deadline:
                raise Failure(f"Exim still has in hand what it has to try again:\n{output}")
            time.sleep(0.01)

    def _exim(self, *words):
        return self.root.run([self.home / "exim", "-C", self.home / "exim.conf", *words], self.libraries)

    def wait_for_log(self, pattern, seconds=20):
        """Waits until a line of the log matches; returns the match."""
        deadline = time.monotonic() + seconds
        while not (found := re.search(pattern, self.log())):
            if time.monotonic() > deadline:
                raise Failure(f"Exim's log has no {pattern} after {seconds} s:\n{self.log()[-4000:]}")
            time.sleep(0.01)
        return found
