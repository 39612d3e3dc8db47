"""What the worker does for hosting: it sends what lies in the outbox of webhooks, and forgets what is long over."""

import datetime as dt

from core import sweeps
from hosting.outbox import forget_old
from hosting.sending import Senders

sweeps.register("hosting.webhooks", Senders().sweep)
sweeps.register("hosting.webhooks.old", forget_old, every=dt.timedelta(hours=1))
