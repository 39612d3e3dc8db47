"""What performance asks of each figure: a must fails the bench when it is missed, an aim is only told."""

from dataclasses import dataclass, field


@dataclass
class Goals:
    """The goals of a run, as they are compared with what was measured."""

    lines: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def at_least(self, name: str, value: float, must: float, aim: float | None = None, unit: str = "x") -> None:
        """Compare a figure that should be high."""
        self._note(
            name, value, "at least", must, aim, unit=unit, is_met=value >= must, is_aim=aim is not None and value >= aim
        )

    def at_most(self, name: str, value: float, must: float, aim: float | None = None, unit: str = "") -> None:
        """Compare a figure that should be low."""
        self._note(
            name, value, "at most", must, aim, unit=unit, is_met=value <= must, is_aim=aim is not None and value <= aim
        )

    def _note(
        self,
        name: str,
        value: float,
        how: str,
        must: float,
        aim: float | None,
        *,
        unit: str,
        is_met: bool,
        is_aim: bool,
    ) -> None:
        verdict = ("aim reached" if is_aim else "met") if is_met else "MISSED"
        aimed = f", aim {aim:g}" if aim is not None else ""
        self.lines.append(f"{name:58}{value:10,.2f} {unit:9} {how} {must:g}{aimed}: {verdict}")
        if not is_met:
            self.missed.append(name)
