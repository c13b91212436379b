-- A member who is able to work: by the labour word of the roll itself, else by
-- that of the person's record on the other roll; where neither has a word that
-- the table knows, by age, 16 to 59. Unknown ages are not able.
--
-- key: record

with

silent as (
    select record, roll, person, birth
    from normal.members
    where labour is null
),

other_words as (
    select
        silent.record,
        others.labour,
        others.birth,
        row_number() over (
            partition by silent.record
            order by others.labour is not null desc, others.birth is not null desc, others.record nulls last
        ) as place
    from silent
    inner join normal.members as others on others.person = silent.person
    where others.roll <> silent.roll
)

select record
from normal.members
where labour in ('able', 'skilled')
union all
select silent.record
from silent
left join other_words on other_words.record = silent.record and other_words.place = 1
where case
    when other_words.labour is not null then other_words.labour in ('able', 'skilled')
    else whole_years(coalesce(silent.birth, other_words.birth), night()) between 16 and 59
end
