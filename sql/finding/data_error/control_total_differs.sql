-- A file and column whose own total differs from the sum of its rows; rejected
-- rows are counted apart. Of several totals in a file the first that differs is
-- shown. The finding keeps its identity while only digits of the file's name
-- change; where that does not tell two files apart they are numbered.
--
-- title: 合计与明细不符
-- subject: record
-- certainty: A
-- basis: 《社保兜底脱贫工程实施方案》二(一)4 信息共享
-- needs: any
-- reason: 文件{file}中“{column_name}”一列的合计{total}与逐行相加{sum}不符，
--   另有{rejected}行拒收，请核对漏行或填错的行。
-- label: file 文件
-- label: roll 名册
-- label: sheet 工作表
-- label: column_name 列
-- label: total 文件合计
-- label: sum 逐行相加
-- label: rejected 拒收行数

with

stems as (
    select distinct
        roll,
        file,
        replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
            file, '0', ''), '1', ''), '2', ''), '3', ''), '4', ''), '5', ''), '6', ''), '7', ''), '8', ''), '9', ''
        ) as stem
    from raw.files
),

numbered as (
    select
        roll,
        file,
        stem,
        row_number() over (partition by roll, stem order by file nulls last) as number_in_stem,
        count(*) over (partition by roll, stem) as files
    from stems
),

differing as (
    select
        record,
        roll,
        file,
        sheet,
        column_name,
        total,
        sum,
        rejected,
        row_number() over (
            partition by roll, file, column_name order by record nulls last, sheet nulls last, total nulls last
        ) as place
    from raw.controls
    where total <> sum
)

select
    differing.roll || ':' || differing.column_name || ':' || coalesce(numbered.stem, differing.file)
    || case when numbered.files > 1 then '#' || cast(numbered.number_in_stem as string) else '' end as subject_key,
    cast(null as bigint) as subject_record,
    cast(null as string) as exception,
    differing.file,
    differing.sheet,
    differing.roll,
    differing.column_name as column_name,
    cast(differing.total as string) as total,
    cast(differing.sum as string) as sum,
    differing.rejected
from differing
left join numbered on numbered.roll = differing.roll and numbered.file = differing.file
where differing.place = 1
