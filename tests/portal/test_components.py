"""What the components of the pages promise."""

from django.template import Context, Template


def test_the_state_in_a_row_is_the_state_of_the_pages() -> None:
    for label, tone in (("Filed", "waiting"), ("<b>", "done"), ("已提交", "against"), ("Closed", "neutral")):
        told = Context({"label": label, "tone": tone})
        tag = Template("{% load ui %}{% state label tone %}").render(told)
        assert tag == Template('{% include "ui/state.html" with label=label tone=tone only %}').render(told)
