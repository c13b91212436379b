-- The functions of pipeline/duck/functions.go, on Spark: one text a function,
-- parted by a line of its own that holds nothing. night() and name_level are
-- made by compare.py.

create temporary function floor_div(a bigint, b bigint) returns bigint return
    case when b <> 0 then a div b - case when a % b <> 0 and (a < 0) <> (b < 0) then 1 else 0 end end

create temporary function ceil_div(a bigint, b bigint) returns bigint return
    case when b <> 0 then a div b + case when a % b <> 0 and (a < 0) = (b < 0) then 1 else 0 end end

create temporary function in_fen(yuan decimal(18, 4)) returns bigint return
    cast(round(yuan * 100, 0) as bigint)

create temporary function whole_years(a date, b date) returns int return
    year(b) - year(a) - case when month(b) * 100 + day(b) < month(a) * 100 + day(a) then 1 else 0 end

create temporary function whole_months(a date, b date) returns int return
    (year(b) - year(a)) * 12 + month(b) - month(a) - case when day(b) < day(a) then 1 else 0 end

create temporary function days_between(a date, b date) returns int return datediff(b, a)

create temporary function months_after(d date, n int) returns date return add_months(d, n)

create temporary function month_start(d date) returns date return make_date(year(d), month(d), 1)

-- Of no items DuckDB gathers null, Spark an empty array.
create temporary function list_text(items array<string>) returns string return
    case when size(items) > 0 then array_join(array_sort(items), '、') end

create temporary function text_hash(s string) returns string return sha2(s, 256)

create temporary function percent_text(ten_thousandths bigint) returns string return
    cast(floor_div(ten_thousandths, 10000) as string) || case
        when ten_thousandths % 10000 = 0 then ''
        else '.' || substring(cast(100 + floor_div(ten_thousandths % 10000, 100) as string), 2, 2) end

create temporary function person_key(person string, id_no string, id_key bigint, roll string, household string, name_fold string)
    returns string return case
        when substring(person, 1, length(id_no) + 1) = id_no || '~' then person
        when id_key is not null then id_no
        else roll || ':' || household || ':' || coalesce(name_fold, '') end

-- Of two texts or two dates: a date becomes the text that only an equal date does.
create temporary function agreement(a string, b string) returns int return
    case when a = b then 2 when a <> b then 0 else 1 end

create temporary function relation_agreement(a string, b string) returns int return
    case when a = 'other' or b = 'other' then 1 else agreement(a, b) end

create temporary function birth_agreement(a date, b date, by_id boolean) returns int return
    case when a = b and not by_id then 2 when a <> b then 0 else 1 end

create temporary function name_agreement(a string, b string, surname_a string, surname_b string) returns int return case
    when a = b then 6
    else coalesce(nullif(name_level(a, b), 0) + 1, case when surname_a = surname_b then 1 else 0 end) end

create temporary function place_agreement(code_a string, code_b string, town_a string, town_b string, village_a string, village_b string)
    returns int return case
        when length(code_a) = 12 and code_a = code_b then 3
        when length(code_a) = 12 and length(code_b) = 12 then
            case when substring(code_a, 1, 9) = substring(code_b, 1, 9) then 2 else 0 end
        when substring(code_a, 1, 6) <> substring(code_b, 1, 6) then 0
        when town_a = town_b and village_a = village_b then 3
        when town_a = town_b then 2
        when town_a <> town_b then 0
        else 1 end
