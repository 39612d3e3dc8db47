"""The letters that come with the portal, in both languages: data that a provider uses or replaces by its own."""

from dataclasses import dataclass

from complaints.rules.corresponding import Purpose


@dataclass(frozen=True)
class HouseLetter:
    """A template of the house: for what, in which language, and what it says."""

    code: str
    purpose: Purpose
    language: str
    name: str
    subject: str
    body: str

    @property
    def key(self) -> str:
        """The text by which it is chosen; those of a provider are chosen by their id."""
        return f"house:{self.code}:{self.language}"


HOUSE_LETTERS = (
    HouseLetter(
        "ask-more",
        Purpose.ASK_MORE,
        "en",
        "Ask for more",
        "We need more for {{reference}}",
        "Your notice {{reference}} reached us. Before we can go on with it we need more from you:\n\n{{missing}}\n\n"
        "Add it here: {{page}}\nOr from your tracking page: {{tracking_url}}\n\n{{provider}}",
    ),
    HouseLetter(
        "ask-more",
        Purpose.ASK_MORE,
        "zh-hans",
        "要求补充",
        "通知 {{reference}} 需要补充",
        "我们已收到您的通知 {{reference}}。在继续处理之前，请补充以下内容：\n\n{{missing}}\n\n"
        "请在此补充：{{page}}\n或通过您的查询页面：{{tracking_url}}\n\n{{provider}}",
    ),
    HouseLetter(
        "forward",
        Purpose.FORWARD,
        "en",
        "Tell the uploader of a notice",
        "A notice about your content ({{reference}})",
        "A notice says that these items infringe a right:\n\n{{items}}\n\nIt names these works: {{works}}.\n"
        "The matter is: {{state}}. You can read the notice and answer it here: {{page}}\n\n{{provider}}",
    ),
    HouseLetter(
        "forward",
        Purpose.FORWARD,
        "zh-hans",
        "告知上传者有通知",
        "关于您的内容的通知（{{reference}}）",
        "有一份通知称以下内容侵犯权利：\n\n{{items}}\n\n涉及的作品：{{works}}。\n"
        "该事项目前的状态：{{state}}。您可以在此阅读通知并作出答复：{{page}}\n\n{{provider}}",
    ),
    HouseLetter(
        "reject",
        Purpose.REJECT,
        "en",
        "Explain a rejection",
        "Why we did not act on {{reference}}",
        "We looked at your notice {{reference}} and took no measure. The reasons:\n\n{{reasons}}\n\n"
        "If you think that this is wrong, you can appeal: somebody else decides then. {{page}}\n\n{{provider}}",
    ),
    HouseLetter(
        "reject",
        Purpose.REJECT,
        "zh-hans",
        "说明驳回理由",
        "我们为何没有就 {{reference}} 采取措施",
        "我们审查了您的通知 {{reference}}，没有采取措施。理由如下：\n\n{{reasons}}\n\n"
        "如果您认为有误，可以提出申诉，将由其他人作出决定：{{page}}\n\n{{provider}}",
    ),
    HouseLetter(
        "restore",
        Purpose.RESTORE,
        "en",
        "Explain a restoration",
        "What returns in {{reference}}",
        "In the matter {{reference}} the following returns:\n\n{{items}}\n\nThe reasons:\n\n{{reasons}}\n\n"
        "The whole matter: {{page}}\n\n{{provider}}",
    ),
    HouseLetter(
        "restore",
        Purpose.RESTORE,
        "zh-hans",
        "说明恢复",
        "{{reference}} 中将恢复的内容",
        "在事项 {{reference}} 中，以下内容将恢复：\n\n{{items}}\n\n理由如下：\n\n{{reasons}}\n\n"
        "完整事项：{{page}}\n\n{{provider}}",
    ),
)
