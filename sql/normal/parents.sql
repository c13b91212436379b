-- A record of a person under eighteen with that of a parent in the same household
-- of dibao or the register, as the two relations to the head tell. A relation is
-- born to one couple and belongs to another: the head's parents are 1, head and
-- spouse 2, their children with spouses 3, their grandchildren with spouses 4, the
-- spouse's parents 5; 0 is none. Nobody younger is a parent.
--
-- key: child_record, parent_record

with

kin as (
    select relation, born_to, couple
    from (
        values
        ('father', 0, 1), ('mother', 0, 1), ('parent', 0, 1),
        ('head', 1, 2), ('brother', 1, 0), ('sister', 1, 0), ('sibling', 1, 0), ('spouse', 5, 2),
        ('son', 2, 3), ('daughter', 2, 3), ('child', 2, 3), ('son_in_law', 0, 3), ('daughter_in_law', 0, 3),
        ('grandson', 3, 4), ('granddaughter', 3, 4), ('grandchild', 3, 4),
        ('grandson_in_law', 0, 4), ('granddaughter_in_law', 0, 4),
        ('great_grandson', 4, 0), ('great_granddaughter', 4, 0),
        ('father_in_law', 0, 5), ('mother_in_law', 0, 5)
    ) as kin (relation, born_to, couple)
),

members as (
    select persons.record, persons.roll, persons.household, persons.birth, kin.born_to, kin.couple
    from normal.persons
    inner join kin on kin.relation = case when persons.is_head then 'head' else persons.relation end
    where persons.present and persons.roll in ('dibao_persons', 'register')
)

select children.record as child_record, parents.record as parent_record
from members as children
inner join members as parents
    on parents.roll = children.roll
    and parents.household = children.household
    and parents.couple = children.born_to
where children.born_to > 0
and whole_years(children.birth, night()) < 18
and coalesce(parents.birth < children.birth, true)
