"""Splink 5 on the rolls of a made-up county, with an expert's settings, beside doudi.

    go run ./bench/link -households 107000 -seeds 31 -flat /tmp/flat
    pip install splink pypinyin pyarrow
    python bench/splink/splink5.py /tmp/flat

The rolls are those that doudi's night has read and tidied. What a user has to
know and set by hand is set here: names are compared by pinyin too, for DuckDB's
distances count bytes; the household speaks through its head's name, the one
member that every record can carry; the u of levels that no sampled pair shows is
reckoned, not trained; the links are one to one.
"""

import pathlib
import resource
import sys

import duckdb
import pyarrow
import splink.comparison_level_library as level
import splink.comparison_library as comparison
from pypinyin import lazy_pinyin
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

SURNAME = "substr(name_l, 1, 1) = substr(name_r, 1, 1)"
ONE_DIGIT = (
    "length(id_no_l) = length(id_no_r) and damerau_levenshtein(id_no_l, id_no_r) <= 1"
)


def custom(sql, label, m=None, u=None):
    made = level.CustomLevel(sql, label)
    if u is None:
        return made
    return made.configure(m_probability=m, u_probability=u, fix_u_probability=True)


SETTINGS = SettingsCreator(
    link_type="link_only",
    unique_id_column_name="unique_id",
    blocking_rules_to_generate_predictions=[
        block_on("id_no"),
        block_on("name", "village"),
        block_on("pinyin", "birth"),
        block_on("birth", "village"),
        block_on("head_name", "village", "sex"),
        block_on("substr(id_no, 7)"),
        block_on("substr(id_no, 1, 14)", "sex"),
    ],
    comparisons=[
        comparison.CustomComparison(
            output_column_name="name",
            comparison_levels=[
                level.NullLevel("name"),
                level.ExactMatchLevel("name", term_frequency_adjustments=True),
                custom("pinyin_l = pinyin_r", "read alike"),
                custom(
                    SURNAME + " and length(name_l) = length(name_r) and length(name_l) = 3"
                    " and (substr(name_l, 2, 1) = substr(name_r, 2, 1)"
                    " or substr(name_l, 3, 1) = substr(name_r, 3, 1))",
                    "one character differs",
                ),
                custom(SURNAME, "the surname alone"),
                level.ElseLevel(),
            ],
        ),
        # Of two strangers' numbers one in ten million is the same, one in a million
        # differs by a digit: area, birth date and sequence are not drawn from 10^18.
        comparison.CustomComparison(
            output_column_name="id_no",
            comparison_levels=[
                level.NullLevel("id_no"),
                custom("id_no_l = id_no_r", "equal", 0.93, 1e-7),
                custom(ONE_DIGIT, "one digit", 0.03, 1e-6),
                level.ElseLevel(),
            ],
        ),
        comparison.CustomComparison(
            output_column_name="birth",
            comparison_levels=[
                level.NullLevel("birth"),
                level.ExactMatchLevel("birth"),
                custom("damerau_levenshtein(birth_l, birth_r) <= 1", "one digit"),
                level.ElseLevel(),
            ],
        ),
        comparison.CustomComparison(
            output_column_name="head",
            comparison_levels=[
                level.NullLevel("head_name"),
                level.ExactMatchLevel("head_name"),
                custom("head_pinyin_l = head_pinyin_r", "read alike"),
                level.ElseLevel(),
            ],
        ),
        comparison.CustomComparison(
            output_column_name="place",
            comparison_levels=[
                level.NullLevel("village"),
                custom("village_l = village_r and town_l = town_r", "one village"),
                custom("town_l = town_r", "one town"),
                level.ElseLevel(),
            ],
        ),
        comparison.ExactMatch("sex"),
        comparison.ExactMatch("relation"),
    ],
    retain_intermediate_calculation_columns=False,
)


def read(con, folder):
    """Makes tables a and b of the two rolls, with names and heads in pinyin."""
    for roll in "ab":
        con.execute(
            f"create table read_{roll} as select * from read_csv('{folder}/{roll}.csv', all_varchar = true)"
        )
    names = [
        name
        for (name,) in con.execute(
            """select name from (
                select name from read_a union select head_name from read_a
                union select name from read_b union select head_name from read_b)
                where name is not null"""
        ).fetchall()
    ]
    readings = pyarrow.table({"name": names, "pinyin": [" ".join(lazy_pinyin(n)) for n in names]})
    con.register("readings", readings)
    for roll in "ab":
        con.execute(
            f"""create table {roll} as select r.*, n.pinyin, h.pinyin as head_pinyin from read_{roll} r
                left join readings n on n.name = r.name left join readings h on h.name = r.head_name"""
        )


def link(con):
    """Trains and predicts; gives the table of scored pairs."""
    api = DuckDBAPI(connection=con)
    rolls = [api.register("a", dataset_display_name="roll_a"), api.register("b", dataset_display_name="roll_b")]
    linker = Linker(rolls, SETTINGS, log_level="ERROR")
    train = linker.training
    train.estimate_probability_two_random_records_match(["l.id_no = r.id_no"], recall=0.9)
    train.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    train.estimate_parameters_using_expectation_maximisation(block_on("id_no"))
    train.estimate_parameters_using_expectation_maximisation(block_on("name", "village"))
    return linker.inference.predict(threshold_match_probability=0.01)


def score(con, predictions, threshold):
    """Counts false and missed pairs of the one-to-one links from a probability on.

    A link is each side's best, ties dropped: what cluster_using_single_best_links
    does between two rolls, in one select; that took over 14 GB on 14,765 pairs.
    """
    linked, right = con.execute(
        f"""with ranked as (
                select unique_id_l, unique_id_r,
                    rank() over (partition by unique_id_l order by match_weight desc) as rank_l,
                    rank() over (partition by unique_id_r order by match_weight desc) as rank_r,
                    count(*) over (partition by unique_id_l, match_weight) as ties_l,
                    count(*) over (partition by unique_id_r, match_weight) as ties_r
                from {predictions.physical_name} where match_probability >= {threshold})
            select count(*), count(*) filter (where a.person = b.person)
            from ranked
            join a on a.unique_id = least(unique_id_l, unique_id_r)
            join b on b.unique_id = greatest(unique_id_l, unique_id_r)
            where rank_l = 1 and rank_r = 1 and ties_l = 1 and ties_r = 1"""
    ).fetchone()
    wanted = con.execute("select count(*) from a where person in (select person from b)").fetchone()[0]
    p, r = right / linked, right / wanted
    return linked - right, wanted - right, p, r, 2 * p * r / (p + r)


def main(folder):
    con = duckdb.connect()
    con.execute("set threads = 2")
    con.execute("set memory_limit = '6 GB'")
    con.execute(f"set temp_directory = '{folder}/spill'")
    read(con, folder)
    predictions = link(con)
    scores = {threshold: score(con, predictions, threshold) for threshold in (0.5, 0.99)}
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cost = f"{usage.ru_utime + usage.ru_stime:.0f} | {usage.ru_maxrss / (1 << 20):.1f}"
    print("| | false | missed | precision | recall | F1 | CPU s | GB |\n|---|---|---|---|---|---|---|---|")
    for threshold, (false, missed, p, r, f1) in scores.items():
        print(f"| Splink 5, from {threshold} | {false} | {missed} | {p:.5f} | {r:.5f} | {f1:.5f} | {cost} |")
    doudi = (pathlib.Path(folder) / "doudi.txt").read_text().strip().split(",")
    print("| doudi, linked | " + " | ".join(doudi) + " |")


if __name__ == "__main__":
    main(sys.argv[1])
