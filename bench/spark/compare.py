"""Runs the portable models on Spark and compares their rows with DuckDB's.

    python bench/spark/compare.py TABLES NAMES [ONLY]

TABLES is the folder that main.go has laid down, NAMES the program that answers
name_level with -names. Every model's select runs unchanged, ANSI on, into a
table of the columns and types that DuckDB's has; both are compared as bags.
The next models read Spark's own table, DuckDB's where the two differ. One line
a model; exit 1 where any differs. With ONLY the other models are DuckDB's.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from pyspark.sql import SparkSession


def start(scratch):
    """Spark inside this process: two cores, memory bounded, nothing kept."""
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "3g")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")  # a hundred short jobs: compiling well costs more than it saves
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.local.dir", scratch)
        .config("spark.sql.warehouse.dir", os.path.join(scratch, "warehouse"))
        .config("spark.sql.catalogImplementation", "in-memory")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.session.timeZone", "Asia/Shanghai")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")  # a refusal is told in the model's line
    return session


def name_level_of(program):
    """name_level as a Python function: it asks a program, one a worker."""
    asked = {}

    def name_level(a, b):
        if a is None or b is None:
            return None
        if (a, b) not in asked:
            if "program" not in asked:
                asked["program"] = subprocess.Popen(
                    [program, "-names"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
            p = asked["program"]
            p.stdin.write(a + "\t" + b + "\n")
            p.stdin.flush()
            asked[a, b] = int(p.stdout.readline())
        return asked[a, b]

    return name_level


def make_functions(spark, night, program):
    spark.udf.register("name_level", name_level_of(program), "int")
    spark.sql(f"create temporary function night() returns date return date '{night}'")
    with open(os.path.join(os.path.dirname(__file__), "functions.sql"), encoding="utf-8") as f:
        for text in f.read().split("\n\n"):
            lines = [line for line in text.splitlines() if not line.startswith("--")]
            if lines:
                spark.sql("\n".join(lines))


TYPES = {"VARCHAR": "string", "INTEGER": "int"}


def columns_of(table):
    return ", ".join(f"`{name}` {TYPES.get(kind, kind)}" for name, kind in table["columns"])


def lay(spark, table, tables):
    """Makes a table of what DuckDB has in it."""
    folder = os.path.join(tables, table["name"])
    spark.sql(f"create table {table['name']} ({columns_of(table)}) using parquet location '{folder}'")


def differing(spark, table, tables):
    """How many rows Spark's table has, how many it alone, and how many DuckDB's alone."""
    names = ", ".join(f"`{name}`" for name, _ in table["columns"])
    folder = os.path.join(tables, table["name"])
    return spark.sql(f"""
        select coalesce(sum(here), 0) as rows,
            coalesce(sum(case when n > 0 then n end), 0) as spark, coalesce(-sum(case when n < 0 then n end), 0) as duckdb
        from (
            select sum(n) as n, sum(here) as here
            from (
                select {names}, 1 as n, 1 as here from {table['name']}
                union all
                select {names}, -1 as n, 0 as here from parquet.`{folder}`)
            group by {names}
        )""").first()


def run(spark, table, tables):
    """Makes a model's table; tells its rows, and what is wrong with it, "" where nothing is."""
    name, rows = table["name"], 0
    try:
        spark.sql(f"create table {name} ({columns_of(table)}) using parquet")
        spark.sql(f"insert into {name} {table['query']}")
        only = differing(spark, table, tables)
    except Exception as refusal:
        wrong = "refused: " + str(refusal).splitlines()[0]
    else:
        rows = only.rows
        if only.spark == 0 and only.duckdb == 0:
            return rows, ""
        wrong = f"{only.spark} rows are Spark's alone, {only.duckdb} DuckDB's"
    spark.sql(f"drop table if exists {name}")
    lay(spark, table, tables)
    return rows, wrong + "; the next models read DuckDB's"


def main(tables, program, only):
    with open(os.path.join(tables, "tables.json"), encoding="utf-8") as f:
        hand = json.load(f)
    scratch = tempfile.mkdtemp(prefix="spark-", dir=tables)
    spark = start(scratch)
    try:
        print("Spark", spark.version, flush=True)
        for schema in sorted({t["name"].split(".")[0] for t in hand["tables"]}):
            spark.sql(f"create database {schema}")
        make_functions(spark, hand["night"], program)
        compared, wrong, empty = 0, [], []
        for table in hand["tables"]:
            if not table["query"] or only not in table["name"]:
                lay(spark, table, tables)
                continue
            began = time.monotonic()
            rows, fault = run(spark, table, tables)
            print(f"{table['name']:40} {rows:8} rows {time.monotonic() - began:6.1f} s  {fault or 'same'}", flush=True)
            compared += 1
            if fault:
                wrong.append(table["name"])
            elif rows == 0:
                empty.append(table["name"])
    finally:
        spark.stop()
        shutil.rmtree(scratch, ignore_errors=True)
    print(f"{compared} models, {len(wrong)} differ; of no row: {', '.join(empty) or 'none'}; skipped tonight: {', '.join(hand['skipped'] or []) or 'none'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else ""))
