"""Messages that mail servers write back, in the shapes of Postfix, Exim and Exchange; written for these tests."""


def postfix(to: str, *, action: str = "failed", status: str = "5.1.1", code: str = "550 5.1.1 user unknown") -> bytes:
    return f"""Return-Path: <>
Date: Thu, 26 Nov 2026 10:00:01 +0000 (UTC)
From: MAILER-DAEMON@mx.films.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4cXk1z2vB9z1.1764151201/mx.films.example"
Content-Transfer-Encoding: 8bit

This is a MIME-encapsulated message.

--4cXk1z2vB9z1.1764151201/mx.films.example
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you that your message could not be delivered.

--4cXk1z2vB9z1.1764151201/mx.films.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.films.example
X-Postfix-Queue-ID: 4cXk1z2vB9z1
Arrival-Date: Thu, 26 Nov 2026 10:00:00 +0000 (UTC)

Final-Recipient: rfc822; nobody@films.example
Original-Recipient: rfc822;nobody@films.example
Action: {action}
Status: {status}
Remote-MTA: dns; mail.films.example
Diagnostic-Code: smtp; {code}

--4cXk1z2vB9z1.1764151201/mx.films.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: portal@portal.example
Subject: We have your notice
Auto-Submitted: auto-generated

--4cXk1z2vB9z1.1764151201/mx.films.example--
""".encode()


def exchange(to: str) -> bytes:
    return f"""From: <postmaster@films.example>\r
To: <{to}>\r
Date: Thu, 26 Nov 2026 10:00:05 +0000\r
Content-Type: multipart/report; report-type=delivery-status;\r
 boundary="b1_9f3c"\r
X-MS-Exchange-Message-Is-Ndr:\r
Content-Language: en-GB\r
Message-ID: <ndr-1@mail.films.example>\r
Subject: Undeliverable: We have your notice\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
\r
--b1_9f3c\r
Content-Type: multipart/alternative; differences=Content-Type; boundary="b2_9f3c"\r
\r
--b2_9f3c\r
Content-Type: text/plain; charset="us-ascii"\r
\r
The recipient's mailbox is full and can't accept messages now.\r
--b2_9f3c\r
Content-Type: text/html; charset="us-ascii"\r
\r
<html><body>The recipient's mailbox is full.</body></html>\r
--b2_9f3c--\r
\r
--b1_9f3c\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns;mail.films.example\r
Received-From-MTA: dns;mx.portal.example\r
Arrival-Date: Thu, 26 Nov 2026 10:00:04 +0000\r
\r
Final-Recipient: rfc822;nobody@films.example\r
Action: failed\r
Status: 5.2.2\r
Diagnostic-Code: smtp;554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException\r
X-Display-Name: Nobody\r
\r
--b1_9f3c\r
Content-Type: message/rfc822\r
\r
From: portal@portal.example\r
Subject: We have your notice\r
\r
Text.\r
--b1_9f3c--\r
""".encode()


def old_exim(to: str, text: str) -> bytes:
    return f"""Envelope-to: {to}
X-Failed-Recipients: nobody@films.example
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.films.example>
To: {to}
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  nobody@films.example
    {text}
""".encode()


def out_of_office(to: str) -> bytes:
    return f"""From: Somebody <somebody@films.example>
To: {to}
Subject: Out of office
Auto-Submitted: auto-replied (vacation)

I am away until Monday.
""".encode()


def letter(to: str) -> bytes:
    return f"From: Somebody <somebody@films.example>\nTo: {to}\nSubject: Copyright\n\nPlease remove item-1.\n".encode()
