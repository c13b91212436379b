-- A member of a single-parent family on the dibao roll: a divorced or widowed
-- head without a spouse in the household, and each son or daughter under 18.
--
-- key: record

with

members as (
    select dibao.record, dibao.household, dibao.is_head, dibao.birth, list.relation, list.marital
    from normal.dibao
    inner join raw.dibao_persons as list on list.record = dibao.record
    where dibao.present
),

lone_heads as (
    select members.record, members.household
    from members
    where members.is_head and members.marital in ('divorced', 'widowed')
),

spouses as (
    select distinct household
    from members
    where relation = 'spouse'
),

children as (
    select distinct members.record, members.household
    from members
    inner join lone_heads on lone_heads.household = members.household
    anti join spouses on spouses.household = members.household
    where members.relation in ('son', 'daughter', 'child')
    and whole_years(members.birth, night()) < 18
)

select record
from children
union
select lone_heads.record
from lone_heads
semi join children on children.household = lone_heads.household
