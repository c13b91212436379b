-- How common a name in question is among those of its surname on dibao and the
-- register, in millionths: how common the given name is.
--
-- key: name_fold

with

in_question as (
    select distinct troubled.name_fold
    from link.troubled
),

named as (
    select
        persons.name_fold,
        persons.surname,
        count(*) as people
    from normal.persons
    inner join in_question on in_question.name_fold = persons.name_fold
    where persons.roll in ('dibao_persons', 'register') and persons.surname is not null
    group by persons.name_fold, persons.surname
)

select
    named.name_fold,
    cast(floor_div(named.people * 1000000, surnames.people) as integer) as share_millionths
from named
inner join link.surnames using (surname)
