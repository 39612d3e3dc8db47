"""How much and how often is taken in, and within what time things are done: values and pure functions, no clock."""

import datetime as dt

# --- bounds of what is taken in (promise B3)
MOST_ITEMS = 500
MOST_WORKS = 100
MOST_FILES = 20
LONGEST_GROUNDS = 20_000
LONGEST_REASONS = 5_000
LONGEST_URL = 2_000
LONGEST_LETTER_BYTES = 1_000_000
LONGEST_MAIL_BYTES = 10_000_000  # With the files that it brings.

# --- how often (bucket: how many, within)
FILINGS_BY_ACCOUNT = (1_800, dt.timedelta(minutes=1))
FILINGS_BY_ADDRESS = (120, dt.timedelta(hours=1))
FILINGS_BY_CLAIMED_SENDER = (20, dt.timedelta(hours=1))
# Without an account and without an address, which only a person can confirm: from one network address, at one provider.
FILINGS_WITHOUT_EMAIL = (10, dt.timedelta(hours=1))
WAITING_WITHOUT_EMAIL = (500, dt.timedelta(days=1))
MAILS_TO_UNCONFIRMED = (5, dt.timedelta(days=1))
LOOKUPS_BY_ADDRESS = (600, dt.timedelta(minutes=10))
# One-time codes that open a counter-notice's contact: asked for by one complaint; tried, by one code and one address.
CODES_ASKED_FOR = (5, dt.timedelta(hours=1))
TRIES_OF_CODE = (5, dt.timedelta(days=1))
CODE_TRIES_BY_ADDRESS = (20, dt.timedelta(hours=1))


def answer_within(*, is_earning: bool) -> int:
    """Return within how many working days the provider means to decide on a notice.

    House rule: two working days, one where the provider earns directly from the item, because more care is owed
    there; the laws say "promptly" and "expeditiously" and name no number (Civil Code art. 1195(2);
    17 USC 512(c)(1)(C)).
    """
    return 1 if is_earning else 2


def contact_code_works_until(made_at: dt.datetime) -> dt.datetime:
    """Return until when a mailed one-time code opens the contact that a forwarded counter-notice disclosed.

    House rule: ten minutes, long enough for a mail and short enough that an open mailbox of later gives nothing away;
    17 USC 512(g)(2)(B) has the complainant provided with a copy of the counter-notice "promptly".
    """
    return made_at + dt.timedelta(minutes=10)


def confirmation_works_until(filed_at: dt.datetime) -> dt.datetime:
    """Return until when the mailed link confirms a complaint that was filed without an account.

    House rule: seven days, so that a weekend and a holiday do not lose a notice.
    """
    return filed_at + dt.timedelta(days=7)
