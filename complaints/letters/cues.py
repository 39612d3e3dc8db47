"""Words near an address that tell on which side it stands, in the languages letters come in; data, no judgement.

They are looked for in lower case.
"""

import re

from complaints.letters.phrases import Phrases, any_of, at_word, phrase

_ITEM = (
    # English
    r"infring(?!ed)\w*", r"infringed(?<!been infringed)(?<!be infringed)(?<!being infringed)(?! by| upon by| works?\b)", r"un-?authori[sz]ed", r"illegal\w*", any_of("stolen|stole|steals", r"(?! (?:from|our))"), r"pirat\w*", r"leak\w*", r"offending", r"violat\w*",
    r"t[ao]ke?n? ?(?:it |this |them )?down", r"remov(?:e|ed|al|ing)\b", r"delet(?:e|ed|ing|ion)\b", r"disabl(?:e|ed|ing)\b", r"fork(?:s|ed)?\b(?! (?:of|from) (?:our|my))", r"re-?upload\w*", any_of("has been|have been|was|were", r" (?:\w+ )?(?:copied|cloned|re-?posted|re-?hosted|mirrored|scraped)(?! from)"),
    r"uploaded", r"repost\w*", r"posted (?:on|to|at|in|by)\b", r"cloned?\b(?! from)", r"distribut\w+", r"problematic", r"in question", r"question is", r"crack\w*", r"plagiari\w*",
    r"counterfeit\w*", r"without (?:our |my |any |the |prior |express )*(?:permission|consent|authori[sz]ation|licen[sc]e|approval|knowledge)", r"this (?:user|person|guy)", r"publish(?:ed|es)? (?:as|in|on|to|it|our|my|the) (?:public|github|an?|it)?", r"public(?:ly)? (?:repo\w*|available|accessible|shared)",
    r"the (?:user|infringer)", r"cop(?:y|ies) (?:of|can|are|is|found)", r"in your (?:repositor(?:y|ies)|repo|project|code|web ?site|site|shop|channel)\b", r"copied (?:our|my|code|content|it|to|into|here|by)", r"download link", r"circumvent\w*", r"by (?:the )?user", r"exposed",
    r"suspend\w*", r"reinstat\w*", r"restor(?:e|ed|ing|ation)\b", r"retract\w*", r"withdraw\w*", r"unlawful\w*", r"being hosted", r"redistribut\w+", r"abus\w+", r"bypass\w*", r"fraud\w*", r"put (?:it|them|this|these|that) (?:up|on|online)", r"(?:is|are) being (?:shared|streamed|offered)",
    # Chinese, Japanese, Korean
    r"侵权", r"侵犯", r"侵權", r"未經", r"刪除", r"盗版", r"盗用", r"抄袭", r"泄露", r"泄漏", r"删除", r"下架", r"未经", r"未(?:获|取得|得到)", r"没有(?:经过|得到|获得)", r"转载", r"搬运", r"提供[^。，]{0,12}下载", r"盗图", r"擅自", r"非法", r"違法", r"侵害", r"無断", r"転載", r"配信停止", r"削除", r"盗作", r"침해", r"삭제", r"무단", r"불법", r"恢复",
    # Spanish, Portuguese, French, German, Russian, Italian
    r"infra[cç]\w+", r"sin (?:\w+ ){0,2}(?:autorizaci|permiso|consentimiento)\w*", r"subid[oa]s?\b", r"senza (?:\w+ ){0,3}(?:consenso|autorizzazione|permesso)", r"sans (?:\w+ ){0,2}(?:accord|consentement|permission)", r"reproduit\w*", r"без (?:\w+ ){0,2}(?:согласия|указания)", r"izni? ?(?:m|niz|miz)?\w* (?:olmadan|olmaksızın)|izinsiz", r"ilegal\w*", r"elimin\w+", r"retirad\w+", r"sem autoriza\w+", r"remo[vç]\w+", r"contrefa\w+", r"sans autorisation", r"supprim\w+", r"illicit\w+",
    r"verletz\w+", r"rechtswidrig\w*", r"unerlaubt\w*", r"ohne (?:erlaubnis|zustimmung|genehmigung)", r"entfern\w+", r"l[oö]sch\w+", r"kopiert", r"hochgeladen", r"nie (?:zugestimmt|erlaubt)", r"propos\w+ gratuitement", r"diffus\w+", r"disponibiliz\w+", r"выложен\w*", r"udostępni\w+", r"gedeeld", r"condivis\w+", r"ohne (?:\w+ ){0,2}lizenz", r"inbreuk\w*", r"zonder (?:\w+ ){0,2}toestemming", r"verwijder\w*", r"bez (?:\w+ ){0,2}(?:zgody|zezwolenia)", r"narusz\w+", r"usuni\w+", r"наруша\w+", r"нарушен\w+", r"незаконн\w+", r"удал\w+", r"без разрешения", r"viola\w+", r"rimuov\w+",
)  # fmt: skip

_ORIGINAL = (
    # English
    r"original(?<!of our original)(?<!of my original)(?<!of the original)(?<!of original)(?:ly|s)?\b", at_word(r"official(?:ly)?\b"), at_word("our", "my", then=r" (?:own )?(?:company(?:'s)? )?(?:web ?)?(?:site|page|repo\w*|repositor\w+|project|product|store|shop|app|github|blog|channel|profile|feed|edition|listing)"),
    r"genuine", at_word(r"legitimate\w*"), at_word("legally"), r"purchas\w+", r"sold\b", at_word(r"sells?\b"), r"selling", r"for sale", r"buy\b", r"bought", any_of("copied|stolen|taken|cloned|ripped|derived|downloaded|extracted|obtained|copy|copying|scraped", r"(?: \w+){0,3} from(?=[^\n]{0,60}\s{0,4}\Z)(?![^\n]{0,60}\b(?:and|then) (?:\w+ )?(?:put|upload|post|publish|shar|host|distribut|releas|list))"),
    r"stole (?:our|my)", r"licen[sc]e (?:information|terms|agreement|can be|is)", at_word(r"eula\b"), r"terms (?:of|and)", r"copyrighted works?\b(?:\(s\))?[^.\n]{0,30}(?:below|follow)", any_of("my|our", r" (?:\w+ )?(?:material|work|code|content|script)s? that (?:is|are|was|were|has|have)"), any_of("published|available|hosted|listed|released|found|seen", r" (?:by us|on our|on my|in our)"),
    r"infring\w* (?:up)?on (?:the |our |its |their )?following (?:copyright\w* |original |protected )*(?:works?|images?|photo\w*|materials?)\b", r"originat\w+ from", r"owners? of (?:the )?(?:following )?(?:web ?sites?|domains?)", any_of("owned|created|made|written|developed|maintained|authored", r" by (?:us|me|our|my)"), at_word("we", "i", then=r" (?:own|created|made|wrote|developed|maintain|authored|publish|released|am the (?:author|owner|creator|developer|maintainer))\b"),
    r"documentation", r"overview", r"release notes", r"rights? ?holders? (?:of|for)\b", r"proprietary (?:software|product)", r"upstream", r"belongs? to (?:us|me|our)", r"\(from\b", r"(?:evidence|proof) of (?:\w+ )?(?:ownership|authorship)", r"\b(?:proof|documents?) (?:to show|showing|evincing|proving) that\b[^\n]{0,200}", r"about (?:us|our)", r"information (?:about|on) ", r"see our", r"infringed works?\b", r"list of (?:these|our|such) works\b", r"owned by\b[^.\n:]{0,60}\b(?:which|that|and) can be (?:seen|found|viewed|accessed)", r"product page", r"available (?:only |exclusively )?from\b", r"catalog(?:ue)?(?: entry)? at\b", r"(?:published|produced) by (?!(?:the )?(?:user|uploader|infring))", r"our (?:original|copyright\w*) (?:work|content)", r"owner['’]?s?['’]? copyright\w* (?:work|content)s?\b[^.\n]{0,30}:",
    # Chinese, Japanese, Korean
    r"独家", r"播出", r"连载", r"首发", r"原创", r"原作", r"原創", r"原始", r"元の(?:作品|著作物|写真|動画|画像|記事|イラスト|楽曲|小説|漫画|ページ)", r"本公司(?:原始|官方)", r"正版", r"官方", r"官网", r"我司(?:的)?(?:网站|产品|作品|项目|商品|店铺|官网|原图)", r"我们的(?:网站|产品|作品|项目|仓库)", r"我的(?:网站|产品|作品|项目|仓库|主页|店铺|博客|原图)", r"权利作品", r"公式", r"正規", r"当社", r"弊社", r"원본", r"원저작", r"공식", r"정식", r"판매처",
    # Spanish, Portuguese, French, German, Russian, Italian
    r"obra original", r"publicad[oa]s? (?:en|em)", r"publiée?s? (?:sur|à)", r"disponible (?:sur|à|en)", r"veröffentlicht (?:unter|auf)", r"pubblicat[oaie] su\w*", r"опубликован\w*", r"oficial\w*", r"legal(?:ment|mente|ly)?e? (?:en|sur|su|em|bei|unter|via|op)\b", r"(?:a la|en|à la|in) (?:venta|vente|vendita)\b", r"(?:zu kaufen|zum kauf|te koop|à vendre|erhältlich|w sprzedaży|à venda|vendid[oa])", r"verkauft", r"nuestr[ao] (?:sitio|p[aá]gina|repositorio|obra)", r"originale?s?", r"originaux", r"mon site", r"mein(?:em|er|e|s)? (?:blog|seite|website|webseite|shop)", r"mi (?:web|sitio|p[aá]gina)", r"vend(?:o|emos|iamo|ons|ue?s?)\b", r"officiel\w*", r"notre (?:site|œuvre|dépôt)", r"unsere?r? (?:webseite|website|seite|werk|repository)", r"offiziell\w*", r"оригинал\w*", r"официальн\w*", r"наш\w* сайт\w*",
    r"noss[ao] (?:site|p[aá]gina|obra|reposit[oó]rio)",
)  # fmt: skip

_ASIDE = (
    r"(?:official )?web ?(?:site|page)s?\s*[:：]", r"home ?page\s*[:：]", r"\bweb\s*[:：]", r"www\s*[:：]", r"github (?:user|username|account|profile)", r"user ?name", r"user(?:'s)? profile", r"linkedin", r"as (?:shown|seen|evidenced) (?:by|in|at|here)",
    r"(?:evidence|proof|screenshots?|screen shots?|reference(?<!for your reference)|explanation|definition|see also|for example of|guide|polic(?:y|ies)|guidelines?)\b[^.]{0,40}", r"submit(?:ted)? online @?", r"(?:previous|earlier|prior|copy of the|following|the) (?:takedown |dmca )+(?:notice|request)s?\b[^.]{0,30}",
    r"网站\s*[:：]", r"网址\s*[:：]", r"(?:our|the|case|client) (?:\w+ )?portal\b", r"(?:ticket|case|reference(?<!for your reference))s?\b[^.\n]{0,30}(?:at|via|under|:)", r"(?:reply|respond|answer|settle|pay|learn more|more (?:on|about)|read more|legal offers?|unsubscribe|log ?in)\b[^.\n]{0,60}",
)  # fmt: skip

# In a counter-notice: whose things were not taken down.
_NOT_TAKEN = (
    r"original(?:ly)?\b", r"official\w*", r"upstream", r"fork(?:ed)? (?:of|from)", r"based on", r"(?:available|found|seen|published|released|hosted|shown|described|documented|stated|said|says) (?:here|at|in|on|under|via|by)", r"\bsee\b", r"as per", r"according to", r"licen[sc]e\w*",
    r"complainant'?s?", r"claimant'?s?", r"their (?:own )?(?:repo\w*|site|website|project|code)", r"owner of\b(?<!i am the owner of)(?<!actually the owner of)(?<!sole owner of)(?<!rightful owner of)", r"\bvia\b", r"for (?:example|instance|reference)", r"\be\.g\.", r"compare", r"\bnot\b[^.]{0,40}\bof\b", r"my website", r"filed by", r"similar", r"other (?:repo\w*|projects?)", r"\bfrom\b",
)  # fmt: skip

# What stands straight before an address and calls it the complainant's own, whatever else the sentence says.
LABELLED_ORIGINAL = Phrases(
    phrase(
        "original|official|genuine|legit|our|my|copied|taken|stolen|cloned|ripped|derived|extracted|原创|原作|原創|原始|元の|正版|官方|公式|원본|оригинал",
        r"(?:\b(?:original|official|genuine|legit\w*)\b|原创|原作|原創|原始|元の|正版|官方|公式|원본|оригинал\w*)[^\n.:：(]{0,60}[:：(][ \t*<\[]*\n?[ \t]*\Z"
        r"|\b(?:our|my)\b(?![^\n.:：(]{0,60}(?:fork|upload|leak|contain|cop(?:y|ied|ies)|stolen|clone|publish|post|put (?:it|them)|shar|\byour\b))(?=[^\n.:：(]{0,40}(?:site|store|shop|page|product|project|repo|script|work|plugin|theme|game|software|package|listing|market|app|url|link|photo|picture|image|film|movie|video|song|music|book|article|text|font|course|drawing))"
        r"[^\n.:：(]{0,60}[:：(][ \t*<\[]*\n?[ \t]*\Z"
        r"|\b(?:copied|taken|stolen|cloned|ripped|derived|extracted) from(?: here| there| the following\w*)?\s?[:：]\s{0,3}\Z"
        r"|\b(?:original|our|my) (?:\w+ ){0,3}(?:is|are|was|were|can be) (?:\w+ )?(?:posted|published|hosted|available|located|found)\b[^.\n]{0,30}\Z"
        r"|\b(?:our|my) (?:\w+ ){0,2}(?:repo|repository|project|work|website|site|plugin|theme|game|app) (?:is|are)(?: at| here| on| called)?[:：]?\s{0,3}\Z",
        0,
    )
)
# What stands straight before an address and calls it the copy, whatever was asked.
LABELLED_ITEM = re.compile(
    r"\b(?:pirat\w*|infringing|stolen|un-?authori[sz]ed|illegal|fake|counterfeit)\b(?: and \w+)?[^\n.:：(]{0,20}\b(?:cop(?:y|ies)|urls?|links?|pages?|sites?|version|locations?)\b[^\n.:：(]{0,20}[:：]\s*\Z"
)
# What stands before an address at which the sender's power to act is shown.
POWERS = re.compile(
    r"\b(?:powers? of attorney|legal documents?|authori[sz]ation letters?|letters? of (?:authori[sz]ation|authority|representation)|authority letters?|proof of authori[sz]ation)\b[^.\n]{0,40}\Z"
)
# What stands straight after an address, alone to the end of its line.
_AFTER = r"[ \t]*(?:<[-=]+|[-=]+>|[-–—]|←|\()[ \t]*(?:the |this is )?(?:our |my )?(?:"
_TO_THE_END = r")(?: (?:repo(?:sitory)?|work|code|site|one|version|copy|project|files?|link|url))?[ \t]*\)?[.;,]?[ \t]*"
ORIGINAL_AFTER = re.compile(
    _AFTER + r"originals?|mine|ours|official|genuine" + _TO_THE_END + r"|[ \t]*[）)]?(?:独家|首发|正版|官方)[^\n]*"
)
ITEM_AFTER = re.compile(
    _AFTER + r"infring(?:er|ing)|stolen|fake|pirated|clone|copy|copied|unauthori[sz]ed" + _TO_THE_END
)
# In a counter-notice: whose right the notice said was infringed.
THEIRS = re.compile(r"\b(?:copyrights?|rights) of[^.]{0,60}\Z|\b(?:their|his|her|the complainant's)\b[^.]{0,40}\Z")
# In a counter-notice: what is said straight after an address that was taken down.
TAKEN_AFTER = re.compile(
    r"[ \t)>]*,?[ \t]*(?:(?:was|were|has|have|been|is|got)\b[ \t]*){1,3}(?:\w+ )?(?:remov|disabl|tak|block|delet|deactivat|suspend|delist|hidden)|[ \t]*(?:which|that) (?:you|was|were) (?:\w+ )?(?:remov|disabl|took|block|delet|deactivat|suspend|hid)|[ \t]*(?:已?被|已)[^。\n]{0,6}(?:删除|下架|移除|屏蔽|断开)"
)
# In a counter-notice: what was taken down.
TAKEN = re.compile(
    r"counter[- ]?noti\w+ (?:for|regarding|concerning|applies|about)|repositor(?:y|ies) i need|contested|disputed|in dispute|to enable|located at|for my repo|regarding the (?:repo|content)|content at|\bforks\b|taken? ?down|disabl|remov|in question|restor|reinstat|infring|"
    r"删除|恢复|被|削除|restablec|retir|elimin|supprim|gelöscht|entfernt|удал|removid|삭제"
)
# What leads up to addresses and says of them that they hold something, whosever that is.
HOLDERS = re.compile(
    r"\b(?:these|following) (?:\w+ ){0,2}(?:urls?|links?|repo\w*|files?|pages?|projects?|sites?|address\w*)\b(?:(?!\b(?:our|my|original)\b)[^.\n:]){0,60}"
    r"\b(?:contain|delet|remov|taken? down|disabl|infring|violat)\w*[^.\n:]{0,80}:\s*\Z"
)
# What stands between a work's address and the one that it was taken to.
TAKEN_TO = re.compile(
    r"\b(?:copied|re-?uploaded|re-?posted|uploaded|posted|mirrored|stolen|taken|downloaded|cloned|ripped|scraped)\b[^.\n]{0,60}\b(?:to|on|at|in|under|by)\W{1,3}\Z"
)
# In a retraction: what leads up to an address from which the material came, beside the one that is given back.
COMES_FROM = re.compile(
    r"\b(?:based (?:up)?on|built (?:up)?on|derived from|(?:comes?|came|taken|copied|forked|borrowed) from|(?:open[- ]source )?(?:library|libraries|framework|dependency|module)\b|upstream|(?:the )?original(?:ly)?\b)[^.\n]{0,60}\Z"
)
# What stands before an address at which somebody runs what lies in a repository.
RUNS_AT = re.compile(r"(?:github pages|deployed|deployment|live|running|hosted|mirror\w*|published)\b[^.\n]{0,30}\Z")
ITEM = re.compile("|".join(_ITEM))
ORIGINAL = re.compile("|".join(_ORIGINAL))
INFRINGING = re.compile(r"infring|unauthori[sz]|illegal|stolen|pirat|leak|violat|侵权|侵害")
ASIDE = re.compile("|".join(_ASIDE))
NOT_TAKEN = re.compile("|".join(_NOT_TAKEN))
