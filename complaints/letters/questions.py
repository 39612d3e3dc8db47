"""How questions and headings of letters are worded, form after form; data that sections.py uses, no letter is read here."""

import re
from enum import StrEnum


class Role(StrEnum):
    """What the words under a heading answer."""

    FREE = "free"  # Words under no heading.
    HOST = "host"  # What the host wrote before publishing or forwarding the letter.
    OWNER = "owner"  # Who owns the work, who may act.
    WORK = "work"
    ITEMS = "items"
    FORKS = "forks"
    MEASURES = "measures"
    LICENCE = "licence"
    REMEDY = "remedy"
    INFRINGER = "infringer"
    STATEMENT = "statement"  # The words themselves state something under one's name.
    PROMPT = "prompt"  # The question quotes what is to be stated; only an answer states it.
    CONTACT = "contact"
    SIGNATURE = "signature"
    DISPUTE = "dispute"  # What the sender of a counter-notice wants and why.
    RETRACTION = "retraction"
    ADMIN = "admin"
    UNKNOWN = "unknown"


def _pattern(*wordings: str) -> re.Pattern[str]:
    return re.compile("|".join(wordings))


# Looked up in order, in lower case, without marks and numbers; the first that fits names the role.
QUESTIONS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.PROMPT, _pattern(
        r"type \(or copy", r"type or copy", r"(?:please )?(?:type|copy|include|state|confirm)[^.:]{0,60} following statement",
        r"an? (?:signed )?statement (?:that|by|of|under)", r"you must (?:state|swear|confirm|include)",
        r"include the following statement",
    )),
    (Role.SIGNATURE, _pattern(
        r"please type your full", r"type your (?:full |legal )?(?:legal )?name", r"(?:please )?(?:provide|enter) your (?:full )?legal name",
        r"(?:an? |your |my )?(?:physical or |electronic or )?(?:electronic|digital|physical) signature",
        r"full legal name", r"sign (?:here|below)", r"签名", r"电子签名", r"署名", r"firma", r"unterschrift", r"assinatura",
    )),
    (Role.CONTACT, _pattern(
        r"so that (?:we|the complaining party|they) can get back to you", r"(?:please )?provide (?:either |both )?your (?:telephone|phone|contact|address)",
        r"(?:my|our|your) (?:full )?contact info", r"how (?:can|may) (?:we|you) (?:be )?(?:contact|reach)",
        r"(?:i|we) (?:may|can) be (?:contacted|reached)", r"contact (?:details|information)(?! (?:for|of) the (?:alleged )?infring)",
        r"(?:complainant|complaining party|notifying party|copyright owner)(?:'s)? (?:contact )?(?:details|information)", r"notifying party",
        r"联系方式", r"联系信息", r"联系人", r"連絡先", r"datos de contacto", r"kontaktdaten", r"coordonnées", r"контакт", r"dados de contato",
    )),
    (Role.INFRINGER, _pattern(
        r"do you have the (?:alleged )?infringer", r"(?:contact )?(?:details|information|info)[^.:]{0,20} (?:for|of|about) (?:the )?(?:alleged )?infring(?!\w* (?:work|material|content|url|link|site|cop|file|page|item))",
        r"(?:username|name|account|profile|identity)[^.:]{0,20} of (?:the )?(?:alleged )?infring", r"(?:the )?(?:alleged )?infringer(?:'s|s)? (?:contact|info|profile|user|account|name)",
        r"provide (?:any )?information,? (?:if possible,? )?sufficient to permit", r"link to publishers? profile", r"侵权人", r"侵权者",
    )),
    (Role.RETRACTION, _pattern(
        r"(?:what|which) (?:files|notice|urls?|content)[^.:?]{0,60} (?:retract|withdraw)",
        r"(?:are you|do you want|would you like)[^.:?]{0,40} (?:retract|withdraw|rescind)[^.:?]{0,40} (?:notice|claim|request)",
        r"(?:which|what)[^.:?]{0,60} (?:restored?|reinstated?)\b[^.:?]{0,40}\?",
    )),
    (Role.FORKS, _pattern(
        r"have you searched for (?:any )?forks", r"if you are reporting an allegedly infringing fork", r"each fork is", r"(?:identify|list|provide)[^.:?]{0,60} forks", r"based on the representative number of forks",
        r"(?:are|do|did|is)[^.:?]{0,60} forks?\b", r"forks?(?: repositories| urls?)?\Z",
        r"(?:as there|because|if|since)[^.:?]{0,60} forks", r"is the (?:entire )?(?:fork )?network",
    )),
    (Role.ITEMS, _pattern(
        r"what files (?:should be|were|have been)", r"(?:what|which) (?:files?|urls?|content|repositor(?:y|ies)|materials?|packages?|versions?|gists?|links?|pages?)[^.:?]{0,40} (?:taken down|remov|disabl|infring|restor|block)",
        r"(?:please )?(?:identify|provide|list|specify|enter)[^.:?]{0,80}(?:infring|taken down|removed|disabled)",
        r"(?:the )?(?:full )?(?:repository )?urls?(?:\(s\))?(?: of| for| to)? (?:the )?(?:repository |content |file |material )?(?:that is |which is |is )?(?:allegedly )?(?:infring|taken down|removed|disabled)",
        r"we ask that a dmca takedown notice list every specific file", r"based on the above, i confirm that", r"identify (?:only )?(?:each|the)[^.:?]{0,40}files? that (?:is|are)",
        r"(?:the )?(?:unauthori[sz]ed and |allegedly )?infringing (?:(?:and )?unauthori[sz]ed )?(?:work|material|content|url|link|file|repositor|page|copy|copies|code|item|address|project|fork)",
        r"(?:copyright )?infringing material or activity", r"identification of (?:the )?(?:allegedly )?infring", r"identif\w+ (?:of )?(?:the )?material",
        r"(?:the )?material(?:\(s\)|s)? (?:that )?(?:i|we|is|are|you|which|claimed|to be|alleg|infring)", r"links? to (?:the )?(?:\w+ ){0,3}infring", r"location of (?:the )?infring",
        r"examples? of locations where infring", r"(?:urls?|links?|locations?|address(?:es)?)(?:\(s\))? of (?:the )?(?:allegedly )?(?:infring|unauthori|removed|disabled|pirated|illegal|content)",
        r"allegedly infring", r"details of (?:the )?(?:alleged )?infring", r"removed content", r"content that (?:was|has been|github)", r"(?:disabled|removed) (?:content|material|repositor|url)",
        r"material (?:removed|disabled|to be (?:removed|restored))", r"repositor(?:y|ies) (?:to be|that (?:should|must|need))", r"identification of the location",
        r"links? (?:to|of) (?:the )?(?:\w+ ){0,3}(?:violat|illegal|unauthori|pirat)", r"violating (?:urls?|links?|repositor)", r"urls? to (?:be )?(?:remov|tak|restor)",
        r"侵权(?:链接|内容|作品|文件|地址|网址|材料|页面|仓库|url|项目)", r"被投诉(?:链接|内容|作品|视频|商品|图片|文章|页面|笔记)", r"需要(?:删除|下架|移除|断开)", r"要求删除", r"被删除(?:内容|作品|链接)", r"恢复(?:链接|内容|作品)",
        r"侵害(?:情報|url|コンテンツ)", r"掲載(?:されている|されて?いる)?(?:場所|箇所|url|先)", r"(?:削除|送信防止措置)(?:を求める|対象)", r"contenido infractor", r"material infractor", r"(?:contenu|lien)s? (?:contrefaisant|litigieux)", r"rechtsverletzende", r"материал[^:]{0,30} нарушающ",
        r"conteúdo infrator", r"침해(?:물| 게시물| url)",
    )),
    (Role.OWNER, _pattern(
        r"are you the (?:copyright|owner|content|rights)", r"(?:please )?describe the nature of your (?:copyright|content) ownership", r"are you (?:authori[sz]ed|the author)",
        r"(?:copyright )?owner\(?s?\)?(?: or exclusive licensee)?\Z", r"rights? ?(?:holder|owner)\Z", r"statement of authority", r"权利人", r"著作权人", r"权属证明", r"権利者", r"titular",
    )),
    (Role.WORK, _pattern(
        r"(?:please )?provide a (?:detailed )?description of the (?:original|copyright)", r"what work was", r"(?:if the )?original work referenced above",
        r"(?:the )?(?:original |infringed |my |our )*(?:copyright(?:ed)?|original|infringed) (?:work|copyright|content|material|source|url|file|code|repositor|project)",
        r"infringed (?:work|copyright|content)", r"identif\w+ (?:of )?(?:the |my |our )?(?:original )?copyright", r"identif\w+ (?:of )?(?:the )?(?:original|work)",
        r"description of (?:the )?(?:original|copyright(?! infring)|work)", r"(?:urls?|links?|location)(?:\(s\))? (?:of|to|for) (?:the |my |our )?(?:original|copyrighted)", r"original location", r"works?(?: infringed)?\Z",
        r"(?:title|name) of (?:the )?(?:original |copyrighted )?work", r"details of (?:the )?(?:original|copyright)", r"representative list of titles", r"work\(?s?\)? infringed", r"this is our proprietary",
        r"(?:原创|原始|正版|被侵权|权利)(?:作品|视频|图片|文章|链接|内容|地址)", r"作品名称", r"原作品", r"原作", r"元の作品", r"著作物", r"権利を侵害された", r"obra original", r"œuvre originale", r"originalwerk", r"оригинал", r"원저작물",
    )),
    (Role.MEASURES, _pattern(r"do you claim to have any technological", r"what technological measures", r"how is the accused project")),
    (Role.LICENCE, _pattern(
        r"is the work licen[sc]ed", r"which license\b", r"how do you believe the license", r"if so, which open source license", r"what changes can be made to bring",
        r"describe the change", r"open source license\Z",
    )),
    (Role.REMEDY, _pattern(r"what would be the best solution", r"what the affected user", r"what would the (?:affected )?user", r"requested action", r"remedy", r"are there specific changes")),
    (Role.DISPUTE, _pattern(r"do you want to make changes", r"is there anything else you think", r"why (?:do )?you believe the material", r"(?:reasons?|grounds) for (?:the )?(?:counter|dispute|objection)")),
    (Role.ADMIN, _pattern(
        r"are you submitting a revised", r"please provide (?:the|a link to)[^.:?]{0,40}(?:zendesk|previously submitted)", r"does your claim involve", r"please confirm that you have",
        r"i have read and understand",
    )),
    (Role.STATEMENT, _pattern(
        r"(?:i|we) (?:have|swear|declare|certify|consent|hereby|agree|state|confirm|acknowledge)\b", r"statements?\Z", r"declarations?\Z", r"(?:copyright )?owners? statement", r"jurisdiction\Z", r"声明", r"fair use\Z",
    )),
)  # fmt: skip

# These begin a question of a form wherever a line begins, marked or not; a free letter does not begin a line so.
UNMARKED = _pattern(
    r"are you the (?:copyright|owner of the content)", r"are you submitting a revised", r"does your claim involve", r"please describe the nature of your",
    r"please provide a detailed description of the original", r"what work was allegedly", r"what files (?:should be|were) taken down", r"what files have been",
    r"do you claim to have any technological", r"what technological measures do you", r"how is the accused project", r"have you searched for any forks",
    r"is the work licen[sc]ed under", r"which license\?", r"what would be the best solution", r"do you have the alleged infringer", r"type \(or copy and paste\)",
    r"please confirm that you have you", r"please confirm that you have read", r"so that (?:we|the complaining party) can get back", r"please type your full",
    r"do you want to make changes to your", r"is there anything else you think we should", r"we ask that a dmca takedown notice list", r"identify the full repository",
    r"if the original work referenced above", r"based on the above, i confirm", r"identify only the specific file", r"if you are reporting an allegedly infringing fork", r"what changes can be made to bring", r"how do you believe the license",
)  # fmt: skip


_ITEMS = dict(QUESTIONS)[Role.ITEMS]
# What any of those wordings holds: quicker to look for.
_ITEM_WORDS = _pattern(
    "infring", "taken down", "remov", "disabl", "restor", "block", "what files", "we ask", "based on the above", "identif", "material", "unauthori", "pirat",
    "illegal", "content", "repositor", "violat", "url", "侵", "投诉", "需要", "要求删除", "被删除", "恢复", "削除", "送信防止", "infractor", "contrefaisant", "litigieux",
    "rechtsverletzende", "нарушающ", "infrator", "침해",
)  # fmt: skip
# The first role with a fitting wording: alternatives are tried in order.
_ROLES = re.compile("|".join(f"(?P<{role.name}>{pattern.pattern})" for role, pattern in QUESTIONS))


def role_of(wording: str) -> Role:
    """Return what a question or heading asks for; ``UNKNOWN`` where nothing fits."""
    asked = _ROLES.match(wording)
    if asked and asked.lastgroup:
        return Role[asked.lastgroup]
    # A heading may lead up to the infringing things with other words; the other roles are known by how it begins.
    return Role.ITEMS if _ITEM_WORDS.search(wording) and _ITEMS.search(wording) else Role.UNKNOWN
