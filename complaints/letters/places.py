"""Which machines are hosts of other people's works and which pages are mere reference; data, no judgement."""

# A known host's addresses are complained about unless the letter says otherwise. Other hosts are known by what
# the letter itself says of its addresses.
HOSTS = frozenset([
    "github.com", "github.io", "githubusercontent.com", "githubassets.com", "githack.com", "npmjs.com", "npmjs.org",
    "npm.js", "gitlab.com", "gitlab.io", "bitbucket.org", "gitee.com", "sourceforge.net", "codeberg.org", "ghcr.io",
    "huggingface.co", "pypi.org", "unpkg.com", "jsdelivr.net", "github.dev",
])  # fmt: skip

# Where the name before the host's is a user's: such an address is a whole site, not the host's own front door.
USERS_SITES = frozenset(["github.io", "gitlab.io", "sourceforge.net", "codeberg.org", "github.dev"])

# Endings by which words without a scheme are taken for an address; endings that are also file types are left out.
TOP_LEVEL = (
    "com", "org", "net", "io", "dev", "app", "edu", "gov", "info", "biz", "cn", "jp", "kr", "tw", "hk", "ru", "ua", "de",
    "fr", "es", "pt", "it", "nl", "eu", "uk", "us", "ca", "au", "br", "in", "tv", "me", "co", "ai", "xyz", "gg", "site",
    "online", "cloud", "tech", "store", "example", "test",
)  # fmt: skip

# Pages that explain, license or prove law: they are neither complained about nor the complainant's work.
REFERENCE_HOSTS = frozenset([
    "help.github.com", "docs.github.com", "support.github.com", "github.blog", "lumendatabase.org", "copyright.gov",
    "chillingeffects.org", "law.cornell.edu", "choosealicense.com", "opensource.org", "gnu.org", "creativecommons.org",
    "eur-lex.europa.eu", "wipo.int", "uspto.gov", "apache.org", "docs.npmjs.com", "zendesk.com", "copyrightalliance.org",
    "spdx.org", "tldrlegal.com", "wikipedia.org", "eff.org", "govinfo.gov", "congress.gov",
    "gist.githubassets.com", "mit-license.org", "uscode.house.gov", "ftc.gov", "enterprise.github.com", "user-images.githubusercontent.com",
    "private-user-images.githubusercontent.com", "camo.githubusercontent.com",
])  # fmt: skip
REFERENCE_PATHS = (
    "github.com/contact", "github.com/user-attachments", "github.com/site", "github.com/github/dmca", "github.com/github/docs", "github.com/security",
    "github.com/github/site-policy", "github.com/settings", "github.com/login", "github.com/search", "github.com/about",
    "github.com/support", "github.com/features", "github.com/pricing", "npmjs.com/policies", "github.com/terms",
    "github.com/notifications", "gitlab.com/help", "about.gitlab.com",
)  # fmt: skip

REFERENCE_PATH_HOSTS = frozenset(path.split("/", 1)[0] for path in REFERENCE_PATHS)

# Pages about a repository that hold none of its files: evidence rather than a thing to take down.
PAGES_ABOUT = frozenset([
    "issues", "issue", "pull", "pulls", "network", "stargazers", "graphs", "watchers", "forks", "members", "discussions",
    "search", "contributors", "pulse", "compare", "commits", "activity",
])  # fmt: skip

# Where people put pictures, films and papers that prove something; beside a known host they are not complained about.
EVIDENCE_HOSTS = frozenset([
    "imgur.com", "i.imgur.com", "gyazo.com", "i.gyazo.com", "prnt.sc", "ibb.co", "postimg.cc", "drive.google.com", "docs.google.com",
    "dropbox.com", "wetransfer.com", "youtube.com", "youtu.be", "loom.com", "twitter.com", "x.com", "linkedin.com", "discord.gg", "t.me",
    "web.archive.org", "archive.org", "facebook.com", "reddit.com",
])  # fmt: skip

# Hosts whose first name in the path is an account.
ACCOUNT_HOSTS = frozenset(["github.com", "gitlab.com", "bitbucket.org", "gitee.com", "codeberg.org", "huggingface.co"])
