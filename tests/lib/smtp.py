"""A real SMTP server (Debian's python3-aiosmtpd) for tests: STARTTLS and a password are asked for where a certificate is
given. Prints its port, then each message as a line of JSON: the envelope and what the standard library's parser makes of it.
What it answers is told by the address: no-such@ is refused for good, later@ for now, content@ once all of it is there.

    SMTP_PORT=N python3 smtp.py [CERTIFICATE KEY USER PASSWORD]
"""
import email, email.policy, json, os, ssl, sys, time
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, SMTP


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("no-such@"):
            return "550 5.1.1 no such person"
        if address.startswith("later@"):
            return "451 4.3.0 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("content@"):
            return "554 5.7.1 not this"
        m = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = [p for p in m.walk() if not p.is_multipart()]
        print(json.dumps({
            "from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
            "headers": {k.lower(): str(v) for k, v in m.items()}, "defects": [str(d) for d in m.defects],
            "parts": [{"type": p.get_content_type(), "method": p.get_param("method"), "text": p.get_content()
                       if p.get_content_maintype() == "text" else None} for p in parts],
        }), flush=True)
        return "250 OK"


class Quiet(Controller):
    def factory(self):
        if len(sys.argv) < 5:
            return SMTP(self.handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        def known(server, session, envelope, mechanism, data):
            ok = data.login == sys.argv[3].encode() and data.password == sys.argv[4].encode()
            return AuthResult(success=ok)
        return SMTP(self.handler, tls_context=context, require_starttls=True, auth_required=True, authenticator=known)


c = Quiet(Handler(), hostname="127.0.0.1", port=int(os.environ["SMTP_PORT"]))
c.start()
print(json.dumps({"port": c.server.sockets[0].getsockname()[1]}), flush=True)
while True:
    time.sleep(3600)
