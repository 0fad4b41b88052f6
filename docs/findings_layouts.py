"""Make the figures of docs/findings-layouts.md: Lujiang's present groups beside proposals, one group, three groups and none."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from docs.filled import FOLDER, LANGUAGES, filled, table
from experiments.comparing.finding import MARKS, certainty, gap_with_half
from experiments.comparing.groups import GROUPS, by_group
from experiments.comparing.origins import Origin
from experiments.design.variants import Design
from experiments.keeping.folder import POOL
from experiments.layouts.files import Named, put
from experiments.layouts.ground import Ground, ground_of
from experiments.layouts.judging.channels import channels
from experiments.layouts.judging.details import KEPT, VILLAGES, Details, details_of, sided
from experiments.layouts.judging.judge import BY, MARGIN, Judged, judged
from experiments.layouts.judging.risk import Risk, Risks
from experiments.layouts.judging.steady import Steadiness, Steady
from experiments.layouts.proposing.propose import Proposal, named, present_of, proposed
from experiments.layouts.proposing.ties import with_ties
from experiments.layouts.proposing.wishes import TOLERANCE, Wishes
from experiments.layouts.siting.site import Site, Sited
from experiments.reporting.layout_page import behind, finer
from experiments.reporting.layout_page import certainty as certain
from experiments.reporting.names import group_names
from experiments.reporting.site_page import WHAT, place_cells, ranked, told_of_end
from experiments.running.executors import Where, here
from results.measuring.definitions import ABSENT, definition, written
from results.store.fingerprint import fingerprint
from results.store.folder import beside_runs
from sim.language.messages import say
from sim.loading import load
from sim.mechanisms import MECHANISMS
from sim.scenario.scenario import Scenario

PAGE = "findings-layouts"
BASE = "lujiang-2020"
LEADS = ("lujiang_people", "lujiang_tcm")
RUNS, PART, PART_RUNS, DRAWS = 10, 0.05, 20, 20
"""Seeds of the whole county; share of the people, seeds and draws of what is run on a part of them."""
MEASURES = (
    "in_county_admission_share_insured", "primary_visit_share_ex_village", "mean_wait_minutes", "mean_bed_wait_days",
    "under_capability_share", "forgone_care_share", "fund_spent_per_head",
)  # fmt: skip
MOST_GROUPS = 12
SITES = (("beds", 100, BY, MARGIN), ("experts", 3, "primary_visit_share_ex_village", MARGIN))


WORDS = {
    "load": {"en": "loads of the leads", "zh": "各牵头医院负荷"},
    "without": {"en": "mechanism", "zh": "政策机制"},
    "whole": {"en": "all of the difference", "zh": "全部差异"},
    "none_of_them": {"en": "with all of them off", "zh": "各机制全部去掉后"},
    "level": {"en": "present layout, the measure itself in nine of ten draws", "zh": "现有布局下的指标水平（九成抽样）"},
    "group": {"en": "people of", "zh": "人群"},
    "people": {"en": "people", "zh": "人数"},
    "matter": {"en": "in what", "zh": "事项"},
    "before": {"en": "present layout", "zh": "现有布局"},
    "after": {"en": "first layout", "zh": "首位方案"},
    "clear": {
        "en": "Under {first}, {clear} of {all} pairs of group and matter differ beyond luck, allowance made for all; the largest first:",
        "zh": "{first}下，{all}对人群与事项中有{clear}对的差别超出随机波动（已计入多重比较）；按变化幅度排列：",
    },
    "comma": {"en": ", ", "zh": "、"},
    "site": {"en": "**{amount} {what}** ({by})", "zh": "**{amount}{what}**（{by}）"},
    "cost": {
        "en": "{layouts} layouts, {runs} seeds of the whole county; {part} seeds on {scale} % of the households where said so; by {by}.",
        "zh": "{layouts}个方案，全县各运行{runs}个种子；注明处抽取{scale}%的家庭、{part}个种子；模型版本：{by}。",
    },
}


class Made(NamedTuple):
    """What the page is made of."""

    ground: Ground
    drawn: Mapping[str, Proposal]
    """Layout -> what it is on the map."""
    found: Judged
    details: Details
    parts: Mapping[str, Origin]
    """Measure -> what of the difference between no groups and the present ones comes from which mechanism."""
    steady: Mapping[str, Steady]
    risk: Risk | None
    sites: Sequence[tuple[Site, Sited]]


def on(scale: float) -> Callable[[Design], Where]:
    """Do runs at a scale on processes of this machine."""
    return lambda design: here(None, list(design.bases.values()), scale, None)


def made() -> Made:
    """Draw the layouts, and do all runs that are not done yet."""
    scenario = load(BASE)
    folder, pool = beside_runs("layouts") / "findings", beside_runs("experiments") / POOL
    ground = with_ties(ground_of(scenario), scenario, BASE, 1.0, folder, pool, on(1.0))
    drawn = layouts(ground, scenario)
    words = [BASE, *(str(put(folder, of(name, one, ground, scenario), scenario, BASE)) for name, one in drawn.items() if name != BASE)]
    words.append(str(put(folder, Named("none", {"en": "No groups", "zh": "不设集团"}, {}), scenario, BASE)))
    found = judged("findings-layouts", words, RUNS, 1.0, pool, on(1.0), keep=(*KEPT, VILLAGES))
    part = judged("findings-layouts-part", words, PART_RUNS, PART, pool, on(PART), keep=KEPT)
    parts = channels(part.replicated.batch.design, "none", part.replicated.comparison.seeds, MEASURES, part.replicated.batch.pool, on(PART))
    stands = Steadiness(part, BASE, folder, on(PART))
    steady = {kind: one for kind, one in (("assumed", stands.of_numbers(None, DRAWS)), ("map", stands.of_maps(DRAWS))) if one is not None}
    sites = []
    for what, amount, by, margin in SITES:
        site = Site(scenario, BASE, what, amount, 0.2, folder / f"site-{what}", pool, on(0.2))  # type: ignore[arg-type]
        sites.append((site, site.sited(site.candidates(4), 20, by, margin)))
    details = details_of(found)
    return Made(ground, drawn, found, details, parts, steady, Risks(found, details.accounts, None, on(1.0)).looked_into(), sites)


def layouts(ground: Ground, scenario: Scenario) -> dict[str, Proposal]:
    """Draw the layouts: the present one, two proposals with the same leads, one group, three groups."""
    present = present_of(scenario, ground)
    known = tuple(lead.name for lead in ground.leads)
    two = proposed(ground, Wishes(LEADS, 2, (), "prefer", "beds", TOLERANCE, "near"), present, 8)
    one = proposed(ground, Wishes(LEADS[:1], 1, (), "prefer", "beds", TOLERANCE, "near"), present, 1)
    three = proposed(ground, Wishes(known, 3, (), "prefer", "beds", TOLERANCE, "near"), present, 1)
    other = next(proposal for proposal in two if proposal.kind == "other")
    return {BASE: two[0], "two-best": two[1], "two-other": other, "one": one[1], "three": three[1]}


TITLES = {
    "two-best": {"en": "Two groups, best by minutes", "zh": "两个集团，路程最优"},
    "two-other": {"en": "Two groups, truly different", "zh": "两个集团，确有差异"},
    "one": {"en": "One group", "zh": "一个集团"},
    "three": {"en": "Three groups", "zh": "三个集团"},
}


def of(name: str, proposal: Proposal, ground: Ground, scenario: Scenario) -> Named:
    """Give a proposal the name it has on the page."""
    return named(proposal, ground, scenario)._replace(name=name, title=TITLES[name])


def cost(found: Made, lang: str) -> str:
    """Say how many runs of what, and which version made them."""
    compared = found.found.replicated.comparison
    words = {"layouts": len(compared.scenarios), "runs": len(compared.seeds), "part": PART_RUNS, "scale": f"{PART * 100:g}"}
    return WORDS["cost"][lang].format(**words, by=f"tiercare {fingerprint()[:12]}") + "\n"


def on_the_map(found: Made, lang: str) -> str:
    """Write what each layout is before anybody is simulated."""
    head = [say(f"layout.column.{key}", lang) for key in ("name", "gap", "minutes")]
    head += [WORDS["load"][lang], say("layout.column.apart", lang), say("layout.column.ties", lang)]
    rows = []
    for name, one in found.drawn.items():
        loads = WORDS["comma"][lang].join(f"{ratio:.2f}" for ratio in one.traits.ratios.values())
        gap = ABSENT if one.gap is None else f"{one.gap * 100:.1f} %"
        apart = sum(len(pieces) for pieces in one.traits.apart.values())
        ties = ABSENT if one.traits.ties is None else f"{one.traits.ties * 100:.1f} %"
        rows.append([name, gap, f"{one.traits.minutes or 0.0:.1f}", loads, str(apart), ties])
    return table(head, rows)


def ranking(found: Made, lang: str) -> str:
    """Write the layouts in their order."""
    head = [say(f"layout.column.{key}", lang) for key in ("name", "mean", "behind", "best", "word")]
    rows = []
    for name, one in found.found.ranking.standings.items():
        gap = "" if one.verdict == "first" else behind(found.found, one, lang)
        rows.append([name, finer(BY, one.mean, lang), gap, f"{one.best * 100:.0f} %", certain(one)[lang]])
    return table(head, rows)


def beside(found: Made, lang: str) -> str:
    """Write what each layout does beside the present one, in all that matters."""
    compared = found.found.replicated.comparison
    head = [say("layout.column.name", lang), *(definition(name).title[lang] for name in MEASURES)]
    first, *others = compared.scenarios
    rows = [[first, *(written(name, compared.measures[name].estimates[first].mean, lang) for name in MEASURES)]]
    for other in others:
        gaps = [(name, compared.measures[name].differences[other]) for name in MEASURES]
        rows.append([other, *(f"{gap_with_half(name, gap.mean, gap.half, lang)} {MARKS[certainty(gap)]}" for name, gap in gaps)])
    return table(head, rows)


def parts(found: Made, lang: str) -> str:
    """Write through which mechanisms the present groups act, beside none."""
    head = [WORDS["without"][lang], *(definition(name).title[lang] for name in found.parts)]
    origins = list(found.parts.items())
    rows = [[WORDS["whole"][lang], *(gap_with_half(name, one.whole.mean, one.whole.half, lang) for name, one in origins)]]
    for mechanism in origins[0][1].parts:
        label = MECHANISMS[mechanism].label
        cells = (gap_with_half(name, one.parts[mechanism].mean, one.parts[mechanism].half, lang) for name, one in origins)
        rows.append([mechanism if label is None else label.say(lang), *cells])
    rest = (gap_with_half(name, one.elsewhere.mean, one.elsewhere.half, lang) for name, one in origins)
    return table(head, [*rows, [WORDS["none_of_them"][lang], *rest]])


def steadiness(found: Made, lang: str) -> str:
    """Write how often each layout comes first, and how often close, under other numbers and other maps."""
    head = [say("layout.column.name", lang)]
    head += [say(f"layout.steady.{what}.{kind}", lang) for kind in found.steady for what in ("best", "close")]
    names = next(iter(found.steady.values())).best
    shares = [share for one in found.steady.values() for share in (one.best, one.close)]
    rows = [[name, *(f"{share[name] * 100:.0f} %" for share in shares)] for name in names]
    ranges = [f"{written(BY, one.low, lang)}–{written(BY, one.high, lang)}" for one in found.steady.values() for _ in ("best",)]
    level = [WORDS["level"][lang], *(cell for words in ranges for cell in (words, ""))]
    return table(head, [*rows, level])


def accounts(found: Made, lang: str) -> str:
    """Write the groups' accounts."""
    keys = ("layout", "group", "heads", "budget", "balance", "own", "other_group", "county_other", "outside")
    rows = []
    for name, some in found.details.accounts.items():
        for one in some:
            balance = f"{one.balance.mean or 0.0:+,.0f} ±{one.balance.half or 0.0:,.0f}"
            where = (f"{(one.admitted[key].mean or 0.0) * 100:.1f} %" for key in keys[5:])
            rows.append([name, one.group, f"{one.heads:,.0f}", f"{one.budget.mean or 0.0:,.0f}", balance, *where])
    return table([say(f"layout.account.{key}", lang) for key in keys], rows)


def moving(found: Made, lang: str) -> str:
    """Write what a change touches."""
    keys = ("layout", "towns", "people", "insured", "contracts", "doctors", "beds", "ties", "met")
    rows = []
    for name, one in found.details.moving.items():
        counted = (one.people, one.insured, one.contracts or 0.0, one.doctors, one.beds, one.ties, one.met)
        rows.append([name, str(len(one.towns)), *(f"{count:,.0f}" for count in counted)])
    return table([say(f"layout.moving.{key}", lang) for key in keys], rows)


def villages(found: Made, lang: str) -> str:
    """Say how many villages gain and lose under the first layout."""
    sides = sided(found.details.villages)
    counted = {side: sum(mine == side for mine in sides.values()) for side in ("gains", "loses", "both")}
    first = next(iter(found.found.ranking.standings))
    return say("layout.villages.counted", lang, all=len(sides), first=first, **counted) + "\n" if sides else ABSENT + "\n"


def who(found: Made, lang: str) -> str:
    """List the groups of people in whom the first layout makes a difference beyond luck, the largest first."""
    batch, compared = found.found.replicated.batch, found.found.replicated.comparison
    present, first = compared.scenarios[0], next(iter(found.found.ranking.standings))
    rows = by_group(batch, compared.seeds, present, first, compared.paired[first])
    clear = [one for one in rows if one.difference.clear and one.difference.mean]
    names = {by: group_names(batch.design.bases[present], by, lang) for by in GROUPS}
    told = []
    for one in sorted(clear, key=lambda one: -abs((one.difference.mean or 0.0) / (one.one or 1.0)))[:MOST_GROUPS]:
        factor = 100.0 if one.matter.endswith("forgone") else 1.0
        values = (f"{(value or 0.0) * factor:,.2f}" for value in (one.one, one.two))
        told.append([names[one.by].get(one.group, one.group), f"{one.people:,}", say(f"compare.matter.{one.matter}", lang), *values])
    head = [WORDS[key][lang] for key in ("group", "people", "matter", "before", "after")]
    count = WORDS["clear"][lang].format(clear=len(clear), all=len(rows), first=first)
    return f"{count}\n\n{table(head, told)}" if told else f"{count}\n"


def risk(found: Made, lang: str) -> str:
    """Say what may happen to the packages, or why nothing is said."""
    one = found.risk
    if one is None:
        return ABSENT + "\n"
    words = {"spread": f"{one.spread:,.0f}", "reach": f"{one.reach:,.0f}"}
    if not one.cells:
        return say("layout.risk.drowned", lang, **words) + "\n"
    keys = ("layout", "group", "package", "shared", "chance", "depth", "borne")
    rows = []
    for cell in one.cells:
        shares = (f"{share * 100:.0f} %" for share in (cell.package, cell.shared, cell.chance))
        rows.append([cell.layout, cell.group, *shares, f"{cell.depth:,.1f}", f"{cell.borne:,.1f}"])
    return table([say(f"layout.risk.{key}", lang) for key in keys], rows)


def sited(site: Site, found: Sited, lang: str) -> str:
    """Write where more would help."""
    head = [say(f"layout.site.column.{key}", lang) for key in ("place", "short", "gain", "each", "best", "word")]
    rows = [[site.called(found.candidates[name].name, lang), *place_cells(found, name, lang)] for name in ranked(found)]
    words = {"amount": found.amount, "what": say(WHAT[found.what], lang), "by": definition(found.judged.by).title[lang]}
    return f"{WORDS['site'][lang].format(**words)}\n\n{table(head, rows)}\n{told_of_end(found, lang)}\n"


BLOCKS: Mapping[str, Callable[[Made, str], str]] = {
    "cost": cost,
    "map": on_the_map,
    "ranking": ranking,
    "beside": beside,
    "parts": parts,
    "steady": steadiness,
    "accounts": accounts,
    "moving": moving,
    "villages": villages,
    "who": who,
    "risk": risk,
    "sites": lambda found, lang: "\n".join(sited(site, one, lang) for site, one in found.sites),
}
"""Block of the page -> what makes it."""


def rebuild() -> None:
    """Do what is not done yet, and rewrite what is made of it."""
    found = made()
    for lang, ending in LANGUAGES.items():
        path = FOLDER / f"{PAGE}{ending}"
        path.write_text(
            filled(path.read_text(encoding="utf-8"), {name: make(found, lang) for name, make in BLOCKS.items()}),
            encoding="utf-8",
            newline="\n",
        )
        print(path.relative_to(FOLDER.parent))
