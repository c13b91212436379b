-- A record of the public payroll that counts tonight, with the person paid: of
-- the latest month of its file, if that is not over three months before the
-- night; any record of a file without months. The reason why it does not count
-- against a household stands beside it.
--
-- key: record

with

files as (
    select floor_div(record, 70368744177664) as file_no, max(month) as month
    from raw.fiscal_payroll
    group by floor_div(record, 70368744177664)
)

select
    list.record,
    people.person,
    case
        when list.post = 'welfare_post' then 'welfare_post'
        when list.identity = 'village_temporary' then 'village_temporary'
    end as exception
from raw.fiscal_payroll as list
inner join files on files.file_no = floor_div(list.record, 70368744177664)
inner join link.people on people.record = list.record
where files.month is null
or list.month = files.month and files.month >= month_start(months_after(night(), -3))
