"""How statements are worded, in the languages letters come in; data that statements.py uses."""

import re

from complaints.letters.phrases import Phrases, phrase


def _any(*wordings: str) -> re.Pattern[str]:
    """Patterns are looked for in lower case text, which is far quicker than leaving case aside in each."""
    return re.compile("|".join(wordings))


_ACT = r"(?:act|file|submit|send|make|sign|represent|issue|initiate|request|complain|enforce)"

# Good faith and mistake are told apart by code; these stand for themselves. Gaps are bounded so that time is too.
STATEMENTS: tuple[tuple[str, Phrases], ...] = (
    ("good_faith", Phrases(
        phrase("not authori|not been authori", r"\b(?:best of (?:my|our) knowledge|believes?|belief)\b[^.;。]{0,160}\bnot (?:been )?authori[sz]ed by\b[^.;。]{0,60}\b(?:owner|agent|law)\b", 240),
    )),
    ("accuracy", Phrases(
        phrase("accura|correct|truthful|true", r"(?:information|info|statements?|notification|notice|foregoing|contents?|claims?|details|facts|representations?|everything|all of the above|particulars|above)\b[^.;。]{0,160}\b(?:is|are|(?:shall|will|to) be|being|both)\b[^.;。]{0,40}\b(?:accurate|correct|truthful|true)\b", 240),
        phrase("what ", r"what (?:i|we) (?:say|state|wrote|write)[^.]{0,30}\b(?:is|are) (?:accurate|true|correct)", 0),
        phrase("accuracy", r"accuracy of (?:this|the|my|our) (?:notice|information|notification|complaint|statements?)", 0),
        phrase("accura|correct", r"\b(?:true and accurate|accurate and true|true and correct|accurate and complete|complete and accurate)\b", 16),
    )),
    ("perjury", Phrases(phrase("perj", r"penalt(?:y|ies) ?of {0,3}(?:the )?perj[a-z]{2,5}|\bperjury\b", 24))),
    ("authority", Phrases(
        phrase("authori", r"authori[sz](?:ed|ation|ed)? {1,4}(?:\w+ {1,4}){0,3}to {1,4}" + _ACT),
        phrase("authori", r"authori(?<!\wauthori)[sz]ed (?:\w+ ){0,2}(?:agents?|representatives?)"),
        phrase("duly authori|legally authori", r"\b(?:duly|legally) authori[sz]ed (?:\w+ ){0,2}(?:agents?|representatives?)", 0),
        phrase("authori", r"(?:a(?<!\wa)gents?|r(?<!\wr)epresentatives?|p(?<!\wp)erson) {1,3}(?:duly )?authori[sz]ed", 24),
        phrase(" am | are | being ", r"(?:i(?<!\wi)|we(?<!\wwe)) {1,3}(?:am|are|being) {1,3}(?:also {1,3})?(?:the {1,3})?(?:\w+ {1,3}){0,5}(?:copyrights? )?(?:owners?|holders?|authors?|creators?|developers?)\b", 4),
        phrase("behalf", r"on {1,3}behalf {1,3}of {1,3}(?:the {1,3})?(?:\w+ {1,3}){0,4}(?:copyright|owners?|rights?|holders?|compan|client|ip\b|works?\b)", 5),
        phrase("owner of|holder of", r"is (?<!\wis )(?:the )?(?:sole |exclusive |legal |rightful |copyright |only )*(?:owner|holder) of\b"),
        phrase("authority|right", r"have {1,3}the {1,3}(?:authority|right) {1,3}to", 13),
        phrase("agent", r"agents? (?:of|for) (?:the )?(?:copyright|owner|rights)", 0),
        phrase("legal representative", r"legal representative", 0),
        phrase("owner has|holder has", r"(?:owner|holder) has {1,3}authori[sz]ed", 0),
        phrase("complaining party is the owner", r"complaining party is the owner", 0),
        phrase("on behalf|in behalf", r"(?:acting|writing|act|sent|submitted) (?:on|in) behalf", 10),
        phrase(" this ", r"(?:acting|writing|act|sent|submitted) this \w+ (?:on|in) behalf", 9),
    )),
    ("consent_jurisdiction", Phrases(
        phrase("jurisdiction", r"(?:consent|submit|agree|accept|consenting)\w*\b[^.;]{0,60}\bjurisdictions?\b"),
        phrase("jurisdiction of", r"jurisdiction of\b[^.;]{0,80}\b(?:federal|district|court)", 0),
    )),
    ("accept_service", Phrases(
        phrase("service", r"(?:accept|consent to|agree to|receive|acknowledge)\b[^.;]{0,40}\bservices? {1,3}of {1,3}(?:legal )?process", 52),
        phrase("of process", r"services? of process\b[^.;]{0,60}\b(?:accept|from the person|from the complain)", 9),
        phrase("service", r"(?:accept|consent to) service\b", 11),
    )),
    ("fair_use_considered", Phrases(
        phrase("fair ", r"(?:taken?|considered?|considering|account(?:ed)? for|evaluated)\b[^.;]{0,60}\bfair {1,3}use\b", 76),
        phrase("fair ", r"\bfair {1,3}use\b[^.;]{0,60}\b(?:into (?:consideration|account)|considered|does not apply|not (?:a )?fair use)", 0),
    )),
)  # fmt: skip

# The same in other languages. A statement of accuracy under penalty of perjury is hardly known outside the United States.
ELSEWHERE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("good_faith", _any(
        r"善意(?:地)?(?:相信|认为|确信)?", r"本着(?:善意|诚信)", r"真诚(?:地)?(?:相信|认为)", r"誠実に(?:信じ|確信)", r"誠意", r"善意に", r"buena fe", r"boa[- ]f[eé]", r"bonne foi", r"(?:guten|gutem) glauben?", r"nach (?:bestem|gutem) (?:wissen|glauben)",
        r"добросовестн\w+", r"선의", r"buona fede", r"te goeder trouw", r"dobrej wierze", r"iyi niyet",
    )),
    ("accuracy", _any(
        r"(?:信息|内容|材料|陈述|说明|情况|所述|描述|通知|声明|资料|資訊|內容|資料)[^。；]{0,30}(?:真实|准确|属实|无误|有效|真實|正確|屬實)", r"对(?:本|上述|通知)[^。]{0,20}真实性(?:负责|承担)", r"(?:情報|内容|記載)[^。]{0,30}(?:正確|真実|相違)", r"informaci[oó]n[^.]{0,80}(?:exacta|veraz|correcta|precisa|ver[ií]dica)",
        r"informa[cç][oõ]es[^.]{0,80}(?:exatas|verdadeiras|corretas|precisas)", r"(?:informations|éléments|déclarations|données)[^.]{0,80}(?:exact|véridique|correct)e?s", r"exactitude des (?:informations|déclarations)", r"(?:datos|hechos)[^.]{0,60}(?:ciert|correct|exact|veraz|veraces)", r"bilgi\w*[^.]{0,60}(?:doğru|gerçek)", r"(?:angaben|informationen)[^.]{0,80}(?:richtig|korrekt|wahr|zutreffend|vollständig)", r"(?:сведения|данные|информация)[^.]{0,60}(?:верны|верна|правдив)", r"richtigkeit[^.]{0,40}(?:angaben|informationen)", r"informatie[^.]{0,80}(?:juist|correct|volledig|waar)", r"informacje[^.]{0,80}(?:prawdziw|dokładn|zgodne)", r"(?:информаци|сведени)\w+[^.]{0,80}(?:достоверн|точн|верн)\w+", r"정보[^.]{0,40}(?:정확|사실)", r"informazioni[^.]{0,80}(?:accurat|corrett|veritier)\w+",
    )),
    ("perjury", _any(r"伪证", r"承担(?:一切|相应|全部)?法律责任", r"偽証", r"perjurio", r"perj[uú]rio", r"parjure", r"meineid", r"eidesstatt\w*", r"лжесвидетельств\w+", r"위증", r"spergiuro")),
    ("authority", _any(
        r"(?:经|受|获|已)[^。，]{0,20}(?:授权|委托)", r"(?:我|我们|我司|本公司|本人|我方)[^。]{0,20}(?:是|系|为)[^。]{0,30}(?:权利人|著作权人|版权(?:所有者|所有人|持有人|方))", r"著作權人|權利人", r"(?:拥有|享有)[^。]{0,20}(?:著作权|版权|权利|知识产权)", r"(?:著作権者|権利者|代理人|正当な権限)", r"(?:titular|propietari[oa]|autorizad[oa])[^.]{0,40}(?:derechos|actuar|obra)",
        r"(?:titular|proprietári[oa]|autorizad[oa])[^.]{0,40}(?:direitos|agir)", r"(?:titulaire|propriétaire|autorisé)[^.]{0,40}(?:droits|agir)", r"(?:rechteinhaber|urheber|bevollmächtigt|inhaber)\w*", r"(?:правообладател|уполномочен|автор(?:ом)? )\w*", r"(?:저작권자|권리자|권한을 위임)", r"(?:titolar[ei]|autorizzat\w+)[^.]{0,40}(?:diritti|agire)", r"legale rappresentante|rappresentante legale|representante legal|représentant légal|gesetzliche[rn]? vertreter\w*",
    )),
    ("mistake_belief", _any(r"(?:错误|误判|误认|错认)[^。]{0,20}(?:删除|下架|移除|识别)", r"(?:投诉|通知)[^。]{0,10}(?:不实|错误|有误)", r"(?:删除|下架|移除)[^。]{0,30}(?:错误|误判|误认)", r"不(?:构成)?侵权", r"誤(?:り|って|認)", r"por error", r"identificaci[oó]n err[oó]nea", r"par erreur", r"irrtum|irrtümlich", r"ошибочн\w+|по ошибке", r"por engano", r"착오|오인")),
    ("consent_jurisdiction", _any(r"(?:接受|同意)[^。]{0,20}管辖", r"管轄[^。]{0,20}同意", r"jurisdicci[oó]n", r"juridiction", r"gerichtsbarkeit|gerichtsstand", r"юрисдикци\w+", r"jurisdi[cç][aã]o", r"관할")),
    ("accept_service", _any(r"接受[^。]{0,20}送达", r"送達[^。]{0,20}(?:受け|同意)", r"notificaci[oó]n procesal", r"signification", r"zustellung", r"вручени\w+", r"cita[cç][aã]o", r"송달")),
    ("fair_use_considered", _any(r"合理使用", r"フェアユース", r"uso justo", r"uso leg[ií]timo", r"usage équitable")),
)  # fmt: skip
