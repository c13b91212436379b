-- A member who is able to work: by the labour word of the roll itself, else by
-- that of the person's record on the other roll, stopped or not (dibao and the
-- register for each other, then tekun); where none has a word that the table
-- knows, by age, 16 to 59. Unknown ages are not able.
--
-- key: record

with

silent as (
    select record, roll, person, birth
    from normal.members
    where labour is null
),

records as (
    select record, 'dibao' as roll, 1 as place, labour, birth from normal.dibao
    union all
    select record, 'register' as roll, 1 as place, labour, birth from normal.register
    union all
    select record, 'tekun' as roll, 2 as place, labour, birth from normal.tekun
),

other_words as (
    select
        silent.record,
        records.labour,
        records.birth,
        row_number() over (
            partition by silent.record
            order by
                records.labour is not null desc,
                records.birth is not null desc,
                records.place nulls last,
                records.record nulls last
        ) as place
    from silent
    inner join link.people on people.person = silent.person
    inner join records on records.record = people.record
    where records.roll <> silent.roll
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
